"""What the server's role may take away: what people or time take back, and nothing that is kept (spec 4.5)."""

import asyncpg

from domain.tables import METADATA
from tests.support.postgres import Database

USED = {
    "attachment",
    "calendar_interval",
    "customer_pin",
    "device",
    "export_schedule",
    "provider_option_policy",
    "sign_in_attempt",
    "signing_key",
    "ticket_participant",
    "webhook_endpoint",
}
TAKEN_BACK = {
    "api_token",
    "custom_role",
    "customer_group",
    "customer_group_member",
    "customer_profile",
    "management_relationship",
    "membership",
    "membership_customer_group",
    "membership_service_scope",
    "service_principal",
    "sign_in_session",
}
"""Relationships, memberships and what hangs on them: they end (spec 4.2, 4.5)."""


async def test_4_5_the_servers_role_deletes_only_what_ends(database: Database) -> None:
    connection = await asyncpg.connect(database.application_url)
    asked = "SELECT t FROM unnest($1::text[]) AS t WHERE has_table_privilege(t, 'DELETE')"
    found = {row[0] for row in await connection.fetch(asked, list(METADATA.tables))}
    await connection.close()
    assert found == USED | TAKEN_BACK
