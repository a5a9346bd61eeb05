"""Every state and edge of the specification is among the demo."""

import pytest
from sqlalchemy import Enum

from domain.tables import METADATA
from tests.support.demo import NOW, Demo

NEVER_STORED: dict[tuple[str, str], set[str]] = {
    ("service_subscription", "status"): {"EXPIRED"},
    ("support_contract", "status"): {"EXPIRED", "EXHAUSTED"},
    ("temporary_support_account", "status"): {"EXPIRED"},
    ("membership", "role"): {"TEMPORARY_SUPPORT", "PARTICIPANT", "VISITOR"},  # no membership's
    ("ticket", "requester_side"): {"VENDOR"},
    ("notification", "kind"): {"RAISED", "SLA_WARNING"},  # by mail; as time passes
    ("ticket_event", "kind"): {
        "INCIDENT_CREDITED",
        "SEVERITY_CHANGED",
        "CC_REMOVED",
        "MERGED_INTO",
        "MERGED_FROM",
        "FOLLOW_UP_RAISED",
        "RATED",
    },
    ("bulk_operation", "actor_kind"): {"SERVICE_PRINCIPAL", "TEMPORARY_SUPPORT", "VISITOR"},
    ("bulk_operation", "status"): {"PENDING", "RUNNING"},  # the worker would go on with them
    ("bulk_operation_item", "status"): {"PENDING"},
    ("export_schedule", "actor_kind"): {"SERVICE_PRINCIPAL", "TEMPORARY_SUPPORT", "VISITOR"},
    ("export_job", "actor_kind"): {"SERVICE_PRINCIPAL", "TEMPORARY_SUPPORT", "VISITOR"},
    ("export_job", "status"): {"QUEUED", "RUNNING", "EXPIRED"},  # the worker would make them; time alone decides
    ("webhook_endpoint", "status"): {"ENABLED"},  # the worker would call them
}
ELSEWHERE = {
    "service_principal": "a few of the roles",
    "support_channel": "published, not the demo's",
    "sla_target": "published, not the demo's",
    "mail_delivery": "written by the worker as mail leaves",
    "inbound_mail": "written as mail comes in",
    "ticket_appointment": "arranged as somebody meets the advocate",
    "webhook_delivery": "a few of the kinds of events and failures",
}


def _enumerations() -> list[tuple[str, str, set[str]]]:
    return [
        (table.name, column.name, set(column.type.enums))
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum) and table.name not in ELSEWHERE
    ]


@pytest.mark.parametrize(("table", "column", "values"), _enumerations())
def test_every_state_is_among_it(demo: Demo, table: str, column: str, values: set[str]) -> None:
    found = {row[0] for row in demo.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")}

    assert found == values - NEVER_STORED.get((table, column), set())


UNANSWERED = "first_responded_at IS NULL AND status = 'OPEN'"
PRIVATE = "visibility = 'REQUESTER_ONLY' AND origin <> 'PARTNER_REQUEST'"
BALANCES = "SELECT FROM support_contract AS c JOIN entitlement AS e ON e.contract_id = c.id"
ACCOUNTS = "SELECT FROM temporary_support_account WHERE status = 'ACTIVE'"
BOUND = "SELECT FROM membership_customer_group JOIN membership AS m ON m.id = membership_id WHERE m.created_at <= $1"
EDGES = {
    "a hidden expired service": "SELECT FROM service_subscription WHERE valid_until <= $1 AND hidden_when_expired",
    "a shown expired service": "SELECT FROM service_subscription WHERE valid_until <= $1 AND NOT hidden_when_expired",
    "an expired trial": "SELECT FROM service_subscription WHERE valid_until <= $1 AND kind = 'TRIAL'",
    "a service that is to come": "SELECT FROM service_subscription WHERE valid_from > $1",
    "an expired contract with something left": f"{BALANCES} WHERE c.valid_until <= $1 AND e.available > 0",
    "an exhausted contract": f"{BALANCES} WHERE c.valid_until > $1 AND e.available = 0",
    "leading zeros": "SELECT FROM support_contract WHERE access_id LIKE '00%' AND valid_until > $1",
    "a live temporary account": f"{ACCOUNTS} AND expires_at > $1",
    "an expired temporary account": f"{ACCOUNTS} AND expires_at <= $1",
    "an overdue ticket": f"SELECT FROM ticket WHERE {UNANSWERED} AND response_due_at < $1",
    "a ticket in time": f"SELECT FROM ticket WHERE {UNANSWERED} AND response_due_at > $1",
    "a private ticket of a customer": f"SELECT FROM ticket WHERE {PRIVATE} AND created_at < $1",
    "an event of a private ticket": "SELECT FROM audit_event WHERE private_to IS NOT NULL AND occurred_at < $1",
    "a reopened ticket": "SELECT FROM ticket WHERE reopened_count > 0 AND created_at < $1",
    "a copy to somebody without account": "SELECT FROM ticket_participant WHERE user_id IS NULL AND added_at < $1",
    "somebody of no organisation who is copied in": "SELECT FROM ticket_participant AS p WHERE p.user_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM membership AS m WHERE m.user_id = p.user_id) AND p.added_at < $1",
    "an unread notification": "SELECT FROM notification WHERE read_at IS NULL AND created_at < $1",
    "a read notification": "SELECT FROM notification WHERE read_at < $1",
    "an event that arrived": "SELECT FROM webhook_delivery WHERE status = 'DELIVERED' AND ended_at < $1",
    "an event that never arrived": "SELECT FROM webhook_delivery WHERE status = 'DEAD' AND ended_at < $1",
    "a live token": "SELECT FROM api_token WHERE expires_at > $1 AND revoked_at IS NULL",
    "an expired token": "SELECT FROM api_token WHERE expires_at <= $1",
    "a revoked token": "SELECT FROM api_token WHERE expires_at > $1 AND revoked_at IS NOT NULL",
    "a disabled machine": "SELECT FROM service_principal WHERE disabled_at < $1",
    "an included group": f"{BOUND} AND NOT excluded",
    "an excluded group": f"{BOUND} AND excluded",
    "a pinned customer": "SELECT FROM customer_pin WHERE pinned_at < $1",
    "a role with denials": "SELECT FROM custom_role WHERE denied_permissions <> '{}' AND created_at <= $1",
    "a default policy": "SELECT FROM provider_option_policy WHERE customer_tenant_id IS NULL AND created_at <= $1",
    "somebody in two tenants": "SELECT user_id FROM membership WHERE created_at <= $1 GROUP BY 1 HAVING count(*) > 1",
    "a suspended customer": "SELECT FROM tenant WHERE status = 'SUSPENDED' AND created_at < $1",
    "accents in a name": "SELECT FROM tenant WHERE name ~ '[^ -~]' AND created_at < $1",
}


@pytest.mark.parametrize("edge", EDGES)
def test_every_edge_is_among_it(demo: Demo, edge: str) -> None:
    assert demo.value(f"SELECT count(*) FROM ({EDGES[edge]}) AS found", NOW) > 0
