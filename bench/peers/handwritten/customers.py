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
SELECT c.customer_tenant_id, c.organization_name, {MANAGED}
FROM management_relationship c WHERE c.tenant_id = $1 ORDER BY c.search_name, c.id LIMIT $2
"""

ONE = f"""
SELECT c.organization_name, CASE WHEN {MANAGED} THEN c.customer_tenant_id END
FROM management_relationship c WHERE c.tenant_id = $1 AND c.id = $2
"""

# Tickets that the administrator sees: those of the organisation, and those in which it is copied in.
SHOWN = """(t.visibility = 'ORGANIZATION' OR EXISTS (
  SELECT FROM ticket_participant p WHERE p.ticket_id = t.id AND p.user_id = $2 AND p.kind = 'CC'))"""

SERVICES = """
SELECT s.tenant_id, v.name
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT s.tenant_id, s.service_id, s.valid_from, s.id FROM service_subscription s
  WHERE s.tenant_id = parent.id AND s.managing_partner_id = $2
    AND NOT (s.hidden_when_expired AND s.valid_until <= now())
  ORDER BY s.valid_from, s.id LIMIT 10) AS s
JOIN service v ON v.id = s.service_id
ORDER BY s.valid_from, s.id
"""

OPEN_TICKETS = f"""
SELECT t.tenant_id, t.number, t.summary, t.status, t.severity
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT t.tenant_id, t.number, t.summary, t.status, t.severity, t.created_at, t.id FROM ticket t
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
SELECT t.id, t.number FROM ticket t
WHERE t.tenant_id = $1 AND {SHOWN} ORDER BY t.created_at DESC, t.id DESC LIMIT 10
"""

PARTICIPANTS = """
SELECT p.ticket_id, p.email
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT p.ticket_id, p.email, p.added_at, p.id FROM ticket_participant p
  WHERE p.ticket_id = parent.id ORDER BY p.added_at, p.id LIMIT 10) AS p
ORDER BY p.added_at, p.id
"""

MESSAGES = """
SELECT m.ticket_id, m.body
FROM unnest($1::uuid[]) AS parent (id) CROSS JOIN LATERAL (
  SELECT m.ticket_id, m.body, m.created_at, m.id FROM ticket_message m
  WHERE m.ticket_id = parent.id AND m.visibility = 'PUBLIC' ORDER BY m.created_at, m.id LIMIT 10) AS m
ORDER BY m.created_at, m.id
"""

FILTERED = f"""
SELECT c.organization_name, c.search_name, c.id
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
    managed = [row[0] for row in rows if row[2]]
    services = _lists(tenants)
    for tenant, name in await connection.fetch(SERVICES, tenants, caller.tenant_id):
        services[tenant].append({"service": {"name": name}})
    tickets = _lists(managed)
    for tenant, number, summary, status, severity in await connection.fetch(OPEN_TICKETS, managed, caller.user_id):
        tickets[tenant].append({"number": number, "summary": summary, "status": status, "severity": severity})
    entitlements = _lists(tenants)
    for tenant, unit, available, total in await connection.fetch(ENTITLEMENTS, tenants, caller.tenant_id):
        entitlements[tenant].append({"unit": unit, "available": available, "total": total})
    nodes = [
        {
            "organizationName": name,
            "services": {"nodes": services[tenant]},
            "tickets": {"nodes": tickets[tenant]} if seen else None,
            "entitlements": {"nodes": entitlements[tenant]},
        }
        for tenant, name, seen in rows
    ]
    return {"customers": {"nodes": nodes}}


async def customer(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """One customer, with its tickets, their participants and their conversations."""
    row = await connection.fetchrow(ONE, caller.tenant_id, decode_as("customer", variables["id"]))
    if row is None:
        return {"customer": None}
    name, tenant = row
    rows = await connection.fetch(TICKETS, tenant, caller.user_id) if tenant else []
    tickets = [row[0] for row in rows]
    participants, messages = _lists(tickets), _lists(tickets)
    for ticket, email in await connection.fetch(PARTICIPANTS, tickets):
        participants[ticket].append({"email": email})
    for ticket, body in await connection.fetch(MESSAGES, tickets):
        messages[ticket].append({"body": body})
    nodes = [
        {
            "number": number,
            "participants": {"nodes": participants[ticket]},
            "conversation": {"nodes": messages[ticket]},
        }
        for ticket, number in rows
    ]
    return {"customer": {"organizationName": name, "tickets": {"nodes": nodes} if tenant else None}}


async def filtered(connection: Any, caller: Caller, variables: dict[str, Any]) -> dict[str, Any]:
    """A page of the customers that have open tickets and one of some tags, by name."""
    after = variables.get("after")
    _mark, name, key = _cursor(after) if after else (None, None, None)
    size = variables["first"]
    rows = await connection.fetch(FILTERED, caller.tenant_id, caller.user_id, variables["tags"], name, key, size + 1)
    nodes = [{"organizationName": row[0]} for row in rows[:size]]
    return {"customers": {"nodes": nodes, "pageInfo": {"hasNextPage": len(rows) > size}}}


def _lists(keys: Iterable[UUID]) -> dict[UUID, list[Any]]:
    return {key: [] for key in keys}


def _cursor(text: str) -> list[Any]:
    """The platform's own cursors: the mark of the order, and its values."""
    values: list[Any] = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return values
