"""`supportInviteNewIssue` by people of the tenant itself: one statement reads and claims the key, one writes all."""

from typing import Any
from uuid import UUID, uuid4

import orjson

from bench.peers import invitation
from bench.peers.handwritten.database import Caller
from bench.peers.invitation import HIDDEN, LIFETIME, OPERATION, Form
from domain.base import new_id
from domain.errors import ErrorCode, Problems, RefusedError, refuse

# Whoever comes second with a key waits here for the first, and finds it claimed.
READ = """
WITH claim AS (
  INSERT INTO idempotency_record (id, tenant_id, principal_id, key, operation, body_hash)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id)
SELECT EXISTS (SELECT FROM claim) AS claimed,
  coalesce(y.temporary_support_accounts_allowed, true) AND NOT $7 = ANY (t.hidden_options) AS account_offered,
  EXISTS (SELECT FROM service_subscription s WHERE s.service_id = $8 AND s.tenant_id = t.id AND s.status <> 'ENDED'
    AND NOT (s.hidden_when_expired AND s.valid_until <= now())) AS service_offered,
  o.id AS owner_id, trim(o.first_name || ' ' || o.last_name) AS owner_name, o.email AS owner_email,
  r.id AS region_id, r.calendar, p.id AS policy_id, p.version AS policy_version, a.clock, a.response_minutes,
  a.resolution_minutes,
  ARRAY(SELECT participant_account(g.email, t.id) FROM unnest($9::text[]) WITH ORDINALITY AS g (email, place)
    ORDER BY g.place) AS accounts
FROM tenant t
LEFT JOIN tenant_security_settings y ON y.tenant_id = t.id
LEFT JOIN membership m ON m.tenant_id = t.id AND m.role = 'TENANT_OWNER'
LEFT JOIN user_account o ON o.id = m.user_id
LEFT JOIN sla_policy p ON p.plan_name IS NULL
LEFT JOIN sla_target a ON a.policy_id = p.id AND a.severity = $10
LEFT JOIN LATERAL (
  SELECT r.id, jsonb_build_object('tz', r.timezone,
    'weekly', (SELECT jsonb_agg(jsonb_build_array(i.weekday, i.start_minute, i.end_minute)
      ORDER BY i.weekday, i.start_minute) FROM calendar_interval i WHERE i.region_id = r.id),
    'exceptions', (SELECT jsonb_object_agg(e.on_date, e.intervals)
      FROM calendar_exception e WHERE e.region_id = r.id))::text AS calendar
  FROM support_region r WHERE r.id = t.support_region_id OR r.countries @> ARRAY[t.country] OR r.is_default
  ORDER BY r.id = t.support_region_id DESC NULLS LAST, r.countries @> ARRAY[t.country] DESC NULLS LAST, r.key
  LIMIT 1) AS r ON true
WHERE t.id = $2
"""

# Rows come as JSON; the number, which the database gives, is put into what speaks of it.
WRITE = """
WITH n AS (SELECT to_char(nextval('ticket_number'), 'FM00000000') AS number),
raised AS (
  INSERT INTO ticket SELECT r.* FROM n,
    jsonb_populate_record(NULL::ticket, $1 || jsonb_build_object('number', n.number)) AS r),
joined AS (
  INSERT INTO ticket_participant SELECT r.* FROM jsonb_populate_recordset(NULL::ticket_participant, $2) AS r
  ON CONFLICT DO NOTHING),
happened AS (
  INSERT INTO ticket_event SELECT r.* FROM jsonb_populate_recordset(NULL::ticket_event, $10) AS r),
granted AS (
  INSERT INTO temporary_support_account
  SELECT r.* FROM jsonb_populate_recordset(NULL::temporary_support_account, $3) AS r),
noted AS (
  INSERT INTO audit_event (id, tenant_id, occurred_at, actor_kind, actor_user_id, actor_name, acting_tenant_id,
    acting_tenant_name, session_id, ip_address, request_id, action, object_type, object_id, before, after)
  SELECT r.id, r.tenant_id, r.occurred_at, r.actor_kind, r.actor_user_id, r.actor_name, r.acting_tenant_id,
    r.acting_tenant_name, r.session_id, r.ip_address, r.request_id, r.action, r.object_type, r.object_id, 'null',
    r.after || jsonb_build_object(CASE r.object_type WHEN 'ticket' THEN 'number' ELSE 'ticket' END, n.number)
  FROM n, jsonb_populate_recordset(NULL::audit_event, $4) AS r),
told AS (
  INSERT INTO outbox_event (id, tenant_id, topic, payload)
  SELECT r.id, r.tenant_id, r.topic, r.payload || jsonb_build_object('number', n.number)
  FROM n, jsonb_populate_recordset(NULL::outbox_event, $5) AS r),
kept AS (
  UPDATE idempotency_record SET result = jsonb_build_object('ticket_id', $6::uuid)
  WHERE tenant_id = $7 AND principal_id = $8 AND key = $9)
SELECT number FROM n
"""

EARLIER = """
SELECT r.body_hash, t.number FROM idempotency_record r LEFT JOIN ticket t ON t.id = (r.result ->> 'ticket_id')::uuid
WHERE r.tenant_id = $1 AND r.principal_id = $2 AND r.key = $3
"""


async def invite(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """Raise a ticket with everything that belongs to it, or say everything that is wrong with the form."""
    try:
        number = await _invite(connection, caller, variables["input"])
        return {OPERATION: invitation.payload(number)}
    except RefusedError as refusal:
        await connection.execute("ROLLBACK AND CHAIN")  # nothing of it is kept, its key neither
        return {OPERATION: invitation.payload(None, refusal)}


async def _invite(connection: Any, caller: Caller, given: dict[str, Any]) -> str:
    problems = Problems()
    form = invitation.read(given, problems)
    if form.tenant_id != caller.tenant_id:
        refuse(ErrorCode.NOT_FOUND, "There is nothing with this id that you can see.", "tenantId")
    claim = (new_id(), caller.tenant_id, caller.user_id, form.key, OPERATION, form.body_hash)
    addresses = invitation.addresses(form)
    row = await connection.fetchrow(READ, *claim, HIDDEN, form.service_id, addresses, form.columns["severity"])
    if not row["claimed"]:
        return await _earlier(connection, caller, form)
    access = invitation.access(form, offered=row["account_offered"], problems=problems)
    invitation.check_service(problems, offered=row["service_offered"])
    problems.refuse_if_any()
    ticket_id = new_id()
    accounts = dict(zip(addresses, row["accounts"], strict=True))
    number: str = await connection.fetchval(
        WRITE,
        *map(_json, _rows(ticket_id, caller, form, row, access, accounts)),
        *(ticket_id, caller.tenant_id, caller.user_id, form.key),
        _json(_timeline(ticket_id, caller, access)),
    )
    return number


async def _earlier(connection: Any, caller: Caller, form: Form) -> str:
    body_hash, number = await connection.fetchrow(EARLIER, caller.tenant_id, caller.user_id, form.key)
    if body_hash != form.body_hash:
        refuse(ErrorCode.IDEMPOTENCY_MISMATCH, "This key was used with other arguments.", "idempotencyKey")
    return str(number)


def _rows(
    ticket_id: UUID, caller: Caller, form: Form, row: Any, access: str, accounts: dict[str, UUID | None]
) -> tuple[Any, ...]:
    """What is written: the ticket, participants, the vendor's account if there is one, audit events, outbox events."""
    promised = invitation.promises(caller.now, row, row["calendar"])
    ticket = _ticket(ticket_id, caller, form, row) | promised
    granted = _granted(ticket) if access == "CREATE_ACCOUNT" else []
    facts = invitation.facts(ticket)
    mails = [{"template": "ticket_created", "to": email, **facts} for email in invitation.mail_to(form, caller.email)]
    told = [("mail", mail) for mail in mails] + [("ticket.created", {"temporary_access": access, **facts})]
    return (
        ticket,
        [_participant(ticket, person, accounts) for person in invitation.people(form, caller)],
        granted,
        [*_audited(caller, ticket, access, granted)],
        [
            {"id": new_id(), "tenant_id": caller.tenant_id, "topic": topic, "payload": payload}
            for topic, payload in told
        ],
    )


def _ticket(ticket_id: UUID, caller: Caller, form: Form, row: Any) -> dict[str, Any]:
    return {
        **form.columns,
        "id": ticket_id,
        "tenant_id": caller.tenant_id,
        "service_id": form.service_id,
        "requester_user_id": caller.user_id,
        "requester_tenant_id": caller.tenant_id,
        "requester_name": caller.name,
        "tenant_owner_user_id": row["owner_id"],
        "tenant_owner_name": row["owner_name"],
        "tenant_owner_email": row["owner_email"],
        "region_id": row["region_id"],
        **dict.fromkeys(("created_at", "updated_at", "last_public_activity_at"), caller.now),
        **dict.fromkeys(("paused_for", "paused_open_for"), "0"),
        **invitation.NEW_TICKET,
    }


def _timeline(ticket_id: UUID, caller: Caller, access: str) -> list[dict[str, Any]]:
    about = {"tenant_id": caller.tenant_id, "ticket_id": ticket_id}
    return [{"id": new_id(), **about, **event} for event in invitation.timeline(caller, caller.now, access)]


def _participant(ticket: dict[str, Any], person: dict[str, Any], accounts: dict[str, UUID | None]) -> dict[str, Any]:
    common = {"id": new_id(), "tenant_id": ticket["tenant_id"], "ticket_id": ticket["id"]}
    found = {"user_id": accounts.get(person["email"]), "added_at": ticket["created_at"], "can_reply": True}
    return common | found | person


def _granted(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    now = ticket["created_at"]
    times = {"granted_at": now, "expires_at": now + LIFETIME, "created_at": now, "updated_at": now}
    about = {"tenant_id": ticket["tenant_id"], "ticket_id": ticket["id"], "service_id": ticket["service_id"]}
    return [{"id": new_id(), "status": "ACTIVE", **about, **times}]


def _audited(caller: Caller, ticket: dict[str, Any], access: str, granted: list[dict[str, Any]]) -> Any:
    common = {
        "tenant_id": caller.tenant_id,
        "occurred_at": caller.now,
        "actor_kind": "USER",
        "actor_user_id": caller.user_id,
        "actor_name": caller.name,
        "acting_tenant_id": caller.tenant_id,
        "acting_tenant_name": caller.tenant_name,
        "session_id": caller.session_id,
        "ip_address": caller.address,
        "request_id": uuid4().hex,
    }
    for account in granted:
        done = {"action": "temporary_account.grant", "object_type": "temporary_account", "object_id": account["id"]}
        yield common | done | {"id": new_id(), "after": {"expires_at": account["expires_at"]}}
    done = {"action": "support.invite", "object_type": "ticket", "object_id": ticket["id"]}
    yield common | done | {"id": new_id(), "after": {"severity": ticket["severity"], "temporary_access": access}}


def _json(rows: Any) -> str:
    return orjson.dumps(rows, default=str).decode()
