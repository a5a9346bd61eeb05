"""What the answers must be, worked out by a superuser's SQL that shares nothing with the platform's."""

import json
from typing import Any

from bench.targets import Postgres
from execution.ids import encode

# The partner's administrator sees all its customers. Tickets hang on a relationship that is active and in PARTNER
# mode, without those that are their requesters' alone unless the administrator is copied in; services hang on a
# relationship that is active, entitlements on what the administrator has linked.
SHOWN = """(t.visibility = 'ORGANIZATION' OR EXISTS (
      SELECT FROM ticket_participant p JOIN user_account u ON u.id = p.user_id
      WHERE p.ticket_id = t.id AND p.kind = 'CC' AND u.email = 'admin@meridian.example'))"""

CUSTOMERS = f"""
SELECT json_build_object(
  'organizationName', c.organization_name,
  'services', json_build_object('nodes', ARRAY(
    SELECT json_build_object('service', json_build_object('name', v.name))
    FROM service_subscription s JOIN service v ON v.id = s.service_id
    WHERE s.tenant_id = c.customer_tenant_id AND s.managing_partner_id = c.tenant_id
      AND NOT (s.hidden_when_expired AND s.valid_until <= now())
    ORDER BY s.valid_from, s.id LIMIT 10)),
  'tickets', CASE WHEN c.status = 'ACTIVE' AND c.mode = 'PARTNER' THEN json_build_object('nodes', ARRAY(
    SELECT json_build_object('number', t.number, 'summary', t.summary, 'status', t.status, 'severity', t.severity)
    FROM ticket t WHERE t.tenant_id = c.customer_tenant_id AND t.status NOT IN ('RESOLVED', 'CLOSED') AND {SHOWN}
    ORDER BY t.created_at DESC, t.id DESC LIMIT 5)) END,
  'entitlements', json_build_object('nodes', ARRAY(
    SELECT json_build_object('unit', e.unit, 'available', e.available::text, 'total', e.total::text)
    FROM entitlement e WHERE e.tenant_id = c.customer_tenant_id AND EXISTS (
      SELECT FROM support_contract_link l JOIN user_account u ON u.id = l.user_id
      WHERE l.contract_id = e.contract_id AND l.tenant_id = c.tenant_id AND l.revoked_at IS NULL
        AND u.email = 'admin@meridian.example')
    ORDER BY e.id LIMIT 10)))
FROM management_relationship c JOIN tenant p ON p.id = c.tenant_id
WHERE p.name = 'Meridian IT' ORDER BY c.search_name, c.id LIMIT $1
"""

DETAIL = f"""
SELECT c.id, json_build_object(
  'organizationName', c.organization_name,
  'tickets', json_build_object('nodes', ARRAY(
    SELECT json_build_object(
      'number', t.number,
      'participants', json_build_object('nodes', ARRAY(
        SELECT json_build_object('email', p.email) FROM ticket_participant p WHERE p.ticket_id = t.id
        ORDER BY p.added_at, p.id LIMIT 10)),
      'conversation', json_build_object('nodes', ARRAY(
        SELECT json_build_object('body', m.body) FROM ticket_message m
        WHERE m.ticket_id = t.id AND m.visibility = 'PUBLIC' ORDER BY m.created_at, m.id LIMIT 10)))
    FROM ticket t WHERE t.tenant_id = c.customer_tenant_id AND {SHOWN} ORDER BY t.created_at DESC, t.id DESC LIMIT 10)))
FROM management_relationship c WHERE c.organization_name = 'Alder & Finch'
"""


def customers(postgres: Postgres, first: int) -> Any:
    """The first customers of the partner, with services, open tickets and entitlements."""
    return {"customers": {"nodes": [json.loads(row[0]) for row in postgres.rows(CUSTOMERS, first)]}}


def detail(postgres: Postgres) -> tuple[str, Any]:
    """One customer's id, and the customer with its tickets, their participants and their conversations."""
    [(key, customer)] = postgres.rows(DETAIL)
    return encode("customer", key), {"customer": json.loads(customer)}


def tickets(postgres: Postgres) -> int:
    """How many tickets there are."""
    return int(postgres.rows("SELECT count(*) FROM ticket")[0][0])


def viewer(postgres: Postgres, email: str) -> str:
    """The id of somebody."""
    return encode("viewer", postgres.rows("SELECT id FROM user_account WHERE email = $1", email)[0][0])
