"""What the answers must be, worked out by a superuser's SQL that shares nothing with any contender's."""

import json
from collections.abc import Sequence
from typing import Any

from bench.postgres import Postgres
from execution.ids import encode

PARTNER = "admin@partner-1.example"
TAGS = ("education", "health", "public", "retail")

# The administrator sees all its partner's customers, which are all active and managed; what is linked for it; and of
# the tickets those of the organization, and those that it is copied in.
_ME = f"(SELECT m FROM membership m JOIN user_account u ON u.id = m.user_id WHERE u.email = '{PARTNER}')"
_MINE = f"c.tenant_id = ({_ME}).tenant_id"
_SHOWN = f"""(t.visibility = 'ORGANIZATION' OR EXISTS (
      SELECT FROM ticket_participant p WHERE p.ticket_id = t.id AND p.kind = 'CC' AND p.user_id = ({_ME}).user_id))"""
_ABOUT = "'organizationName', c.organization_name, 'registeredAccount', c.registered_account, 'country', c.country"

_CUSTOMERS = f"""
SELECT json_build_object({_ABOUT},
  'services', json_build_object('nodes', ARRAY(
    SELECT json_build_object('service', json_build_object(
      'name', v.name, 'family', v.family, 'startable', v.startable, 'premium', v.premium))
    FROM service_subscription s JOIN service v ON v.id = s.service_id
    WHERE s.tenant_id = c.customer_tenant_id ORDER BY s.valid_from, s.id LIMIT 10)),
  'tickets', json_build_object('nodes', ARRAY(
    SELECT json_build_object('number', t.number, 'summary', t.summary, 'status', t.status, 'severity', t.severity,
      'kind', t.kind, 'issueType', t.issue_type, 'createdAt', t.created_at)
    FROM ticket t WHERE t.tenant_id = c.customer_tenant_id AND t.status NOT IN ('RESOLVED', 'CLOSED') AND {_SHOWN}
    ORDER BY t.created_at DESC, t.id DESC LIMIT 5)),
  'entitlements', json_build_object('nodes', ARRAY(
    SELECT json_build_object('unit', e.unit, 'available', e.available::text, 'total', e.total::text)
    FROM entitlement e WHERE e.tenant_id = c.customer_tenant_id AND EXISTS (
      SELECT FROM support_contract_link l
      WHERE l.contract_id = e.contract_id AND l.tenant_id = c.tenant_id AND l.revoked_at IS NULL)
    ORDER BY e.id LIMIT 10)))
FROM management_relationship c WHERE {_MINE} ORDER BY c.search_name, c.id LIMIT $1
"""

_CUSTOMER = f"""
SELECT c.id, json_build_object({_ABOUT},
  'tickets', json_build_object('nodes', ARRAY(
    SELECT json_build_object('number', t.number, 'summary', t.summary, 'status', t.status,
      'participants', json_build_object('nodes', ARRAY(
        SELECT json_build_object('kind', p.kind, 'name', p.name, 'email', p.email)
        FROM ticket_participant p WHERE p.ticket_id = t.id ORDER BY p.added_at, p.id LIMIT 10)),
      'conversation', json_build_object('nodes', ARRAY(
        SELECT json_build_object('authorName', m.author_name, 'body', m.body, 'createdAt', m.created_at)
        FROM ticket_message m WHERE m.ticket_id = t.id AND m.visibility = 'PUBLIC'
        ORDER BY m.created_at, m.id LIMIT 10)))
    FROM ticket t WHERE t.tenant_id = c.customer_tenant_id AND {_SHOWN}
    ORDER BY t.created_at DESC, t.id DESC LIMIT 10)))
FROM management_relationship c WHERE {_MINE} ORDER BY c.search_name DESC LIMIT 1
"""

_SEARCH = f"""
SELECT json_build_object('number', t.number, 'summary', t.summary, 'status', t.status, 'severity', t.severity,
  'createdAt', t.created_at)
FROM ticket t JOIN management_relationship c ON c.customer_tenant_id = t.tenant_id
CROSS JOIN LATERAL concat_ws(' ', t.number, t.summary, t.details, t.contact_name, t.contact_email) AS said
WHERE {_MINE} AND {_SHOWN} AND NOT EXISTS (
  SELECT FROM unnest($1::text[]) AS word WHERE said !~* ('\\m' || word || '\\M'))
ORDER BY t.created_at DESC, t.id DESC LIMIT 20
"""

_FILTERED = f"""
SELECT json_build_object({_ABOUT})
FROM management_relationship c JOIN customer_profile f ON f.relationship_id = c.id
WHERE {_MINE} AND f.tags && $1::text[] AND EXISTS (
  SELECT FROM ticket t WHERE t.tenant_id = c.customer_tenant_id AND t.status IN ('OPEN', 'AWAITING_REPLY') AND {_SHOWN})
ORDER BY c.search_name, c.id OFFSET $2 LIMIT $3
"""


def customers(postgres: Postgres, first: int) -> Any:
    """The first customers of the partner, with services, open tickets and entitlements."""
    return {"customers": {"nodes": _nodes(postgres, _CUSTOMERS, first)}}


def customer(postgres: Postgres) -> tuple[str, Any]:
    """One customer's id, and the customer with its tickets, their participants and their conversations."""
    [(key, found)] = postgres.rows(_CUSTOMER)
    return encode("customer", key), {"customer": json.loads(found)}


def viewer(postgres: Postgres) -> Any:
    """Who asks."""
    [(key,)] = postgres.rows("SELECT id FROM user_account WHERE email = $1", PARTNER)
    return {"viewer": {"id": encode("viewer", key)}}


def search(postgres: Postgres, words: Sequence[str]) -> Any:
    """The newest tickets in which all words are."""
    return {"tickets": {"nodes": _nodes(postgres, _SEARCH, words)}}


def filtered(postgres: Postgres, first: int, page: int) -> Any:
    """A page of the customers that have open tickets and one of the tags; pages count from 1."""
    found = _nodes(postgres, _FILTERED, TAGS, (page - 1) * first, first + 1)
    return {"customers": {"nodes": found[:first], "pageInfo": {"hasNextPage": len(found) > first}}}


def tickets(postgres: Postgres) -> int:
    """How many tickets there are."""
    return int(postgres.rows("SELECT count(*) FROM ticket")[0][0])


def _nodes(postgres: Postgres, statement: str, *values: Any) -> list[Any]:
    return [json.loads(row[0]) for row in postgres.rows(statement, *values)]
