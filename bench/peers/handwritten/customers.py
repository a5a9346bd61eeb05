"""Customers with what hangs on them: one statement for each relation, for all parents at once."""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from bench.peers.handwritten.database import Caller
from execution.ids import decode_as

MANAGED = "c.status = 'ACTIVE' AND c.mode = 'PARTNER'"

LIST = f"""
SELECT c.customer_tenant_id, {MANAGED}, c.organization_name, c.registered_account, c.country
FROM management_relationship c WHERE c.tenant_id = $1 ORDER BY c.search_name, c.id LIMIT $2
"""

ONE = f"""
SELECT CASE WHEN {MANAGED} THEN c.customer_tenant_id END, c.organization_name, c.registered_account, c.country
FROM management_relationship c WHERE c.tenant_id = $1 AND c.id = $2
"""

# Tickets that the administrator sees: those of the organisation, and those in which it is copied in.
SHOWN = """(t.visibility = 'ORGANIZATION' OR EXISTS (
  SELECT FROM ticket_participant p WHERE p.ticket_id = t.id AND p.user_id = $2 AND p.kind = 'CC'))"""

SERVICES = """
SELECT s.tenant_id, v.name, v.family, v.startable, v.premium
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT s.tenant_id, s.service_id, s.valid_from, s.id FROM service_subscription s
  WHERE s.tenant_id = parent.id AND s.managing_partner_id = $2
    AND NOT (s.hidden_when_expired AND s.valid_until <= now())
  ORDER BY s.valid_from, s.id LIMIT 10) AS s
JOIN service v ON v.id = s.service_id
ORDER BY s.valid_from, s.id
"""

OPEN_TICKETS = f"""
SELECT t.tenant_id, t.number, t.summary, t.status, t.severity, t.kind, t.issue_type, t.created_at
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT t.* FROM ticket t
  WHERE t.tenant_id = parent.id AND t.status IN ('OPEN', 'AWAITING_REPLY') AND {SHOWN}
  ORDER BY t.created_at DESC, t.id DESC LIMIT 5) AS t
ORDER BY t.created_at DESC, t.id DESC
"""

ENTITLEMENTS = """
SELECT e.tenant_id, e.unit, e.available::text, e.total::text
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT e.tenant_id, e.unit, e.available, e.total, e.id FROM entitlement e
  WHERE e.tenant_id = parent.id AND e.contract_id = ANY (ARRAY(
    SELECT l.contract_id FROM support_contract_link l WHERE l.tenant_id = $2 AND l.revoked_at IS NULL))
  ORDER BY e.id LIMIT 10) AS e
ORDER BY e.id
"""

TICKETS = f"""
SELECT t.id, t.number, t.summary, t.status FROM ticket t
WHERE t.tenant_id = $1 AND {SHOWN} ORDER BY t.created_at DESC, t.id DESC LIMIT 10
"""

PARTICIPANTS = """
SELECT p.ticket_id, p.kind, p.name, p.email
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT p.* FROM ticket_participant p
  WHERE p.ticket_id = parent.id ORDER BY p.added_at, p.id LIMIT 10) AS p
ORDER BY p.added_at, p.id
"""

MESSAGES = """
SELECT m.ticket_id, m.author_name, m.body, m.created_at
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT m.* FROM ticket_message m
  WHERE m.ticket_id = parent.id AND m.visibility = 'PUBLIC' ORDER BY m.created_at, m.id LIMIT 10) AS m
ORDER BY m.created_at, m.id
"""

FILTERED = f"""
SELECT c.organization_name, c.registered_account, c.country, c.search_name, c.id
FROM management_relationship c JOIN customer_profile f ON f.relationship_id = c.id
WHERE c.tenant_id = $1 AND {MANAGED} AND f.tags && $3::text[]
  AND ($4::text IS NULL OR (c.search_name, c.id) > ($4, $5::uuid))
  AND EXISTS (SELECT FROM ticket t WHERE t.tenant_id = c.customer_tenant_id
    AND t.status IN ('OPEN', 'AWAITING_REPLY') AND {SHOWN})
ORDER BY c.search_name, c.id LIMIT $6
"""


async def customers(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """The first customers by name, each with its services, open tickets and entitlements."""
    rows = await connection.fetch(LIST, caller.tenant_id, variables["first"])
    tenants = [row[0] for row in rows]
    managed = [row[0] for row in rows if row[1]]
    services = _lists(tenants)
    for tenant, name, family, startable, premium in await connection.fetch(SERVICES, tenants, caller.tenant_id):
        service = {"name": name, "family": family, "startable": startable, "premium": premium}
        services[tenant].append({"service": service})
    tickets = _lists(managed)
    for row in await connection.fetch(OPEN_TICKETS, managed, caller.user_id):
        tenant, number, summary, status, severity, kind, issue_type, created_at = row
        tickets[tenant].append(
            {
                "number": number,
                "summary": summary,
                "status": status,
                "severity": severity,
                "kind": kind,
                "issueType": issue_type,
                "createdAt": created_at,
            }
        )
    entitlements = _lists(tenants)
    for tenant, unit, available, total in await connection.fetch(ENTITLEMENTS, tenants, caller.tenant_id):
        entitlements[tenant].append({"unit": unit, "available": available, "total": total})
    nodes = [
        {
            "organizationName": name,
            "registeredAccount": account,
            "country": country,
            "services": {"nodes": services[tenant]},
            "tickets": {"nodes": tickets[tenant]} if seen else None,
            "entitlements": {"nodes": entitlements[tenant]},
        }
        for tenant, seen, name, account, country in rows
    ]
    return {"customers": {"nodes": nodes}}


async def customer(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """One customer, with its tickets, their participants and their conversations."""
    row = await connection.fetchrow(ONE, caller.tenant_id, decode_as("customer", variables["id"]))
    if row is None:
        return {"customer": None}
    tenant, name, account, country = row
    rows = await connection.fetch(TICKETS, tenant, caller.user_id) if tenant else []
    tickets = [row[0] for row in rows]
    participants, messages = _lists(tickets), _lists(tickets)
    for ticket, kind, person, email in await connection.fetch(PARTICIPANTS, tickets):
        participants[ticket].append({"kind": kind, "name": person, "email": email})
    for ticket, author, body, created_at in await connection.fetch(MESSAGES, tickets):
        messages[ticket].append({"authorName": author, "body": body, "createdAt": created_at})
    nodes = [
        {
            "number": number,
            "summary": summary,
            "status": status,
            "participants": {"nodes": participants[ticket]},
            "conversation": {"nodes": messages[ticket]},
        }
        for ticket, number, summary, status in rows
    ]
    found = {"organizationName": name, "registeredAccount": account, "country": country}
    return {"customer": {**found, "tickets": {"nodes": nodes} if tenant else None}}


async def filtered(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """A page of the customers that have open tickets and one of some tags, by name."""
    after, size = variables.get("after"), variables["first"]
    place = _place(after) if after else (None, None)
    rows = await connection.fetch(FILTERED, caller.tenant_id, caller.user_id, variables["tags"], *place, size + 1)
    page = rows[:size]
    nodes = [{"organizationName": row[0], "registeredAccount": row[1], "country": row[2]} for row in page]
    end = _cursor(*page[-1][3:]) if page else None
    return {"customers": {"nodes": nodes, "pageInfo": {"hasNextPage": len(rows) > size, "endCursor": end}}}


def _lists(keys: Iterable[UUID]) -> dict[UUID, list[Any]]:
    return {key: [] for key in keys}


def _cursor(name: str, key: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([name, str(key)])).decode()


def _place(cursor: str) -> tuple[str, UUID]:
    name, key = orjson.loads(base64.urlsafe_b64decode(cursor))
    return name, key
