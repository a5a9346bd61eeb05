"""When an access ends, what it followed ends: at once, without another event, in every process (spec 3, 7; 4.4)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from authz.roles import Role
from tests.app.live.conftest import Platform
from tests.app.live.talking import talking
from tests.support import factories as make

pytestmark = pytest.mark.thorough

TICKET = "subscription($id: ID!) { ticketUpdated(ticketId: $id) { number } }"
SAID = "subscription($id: ID!) { ticketConversationUpdated(ticketId: $id) { body } }"
MINE = "subscription { viewerTicketsUpdated { number } }"


@pytest.fixture(name="ticket")
def _ticket(platform: Platform) -> str:
    return f"ticket_{platform.world.alder.ticket.hex}"


async def run(platform: Platform, statement: str, **values: Any) -> None:
    """A change beside the API, as another process makes it."""
    async with platform.client.session() as session:
        await session.execute(text(statement), values)


SUBJECT_GONE = {
    "the customer manages itself": (
        "admin@meridian.example",
        "UPDATE management_relationship SET mode = 'CUSTOMER' WHERE customer_tenant_id = :tenant",
    ),
    "the relationship is over": (
        "admin@meridian.example",
        "DELETE FROM management_relationship WHERE customer_tenant_id = :tenant",
    ),
    "colleagues read no more": (
        "colleague@alder.example",
        "UPDATE tenant_security_settings SET organization_ticket_access = 'NONE' WHERE tenant_id = :tenant",
    ),
    "another role": (
        "service@alder.example",
        "UPDATE membership SET role = 'APPLICATION_ADMINISTRATOR' WHERE user_id = :service",
    ),
    "another agent": (
        "agent@northstar.example",
        "UPDATE ticket SET assignee_id = :lead, version = version + 1 WHERE id = :ticket",
    ),
    "a ticket of its requester alone": (
        "owner@alder.example",
        "UPDATE ticket SET visibility = 'REQUESTER_ONLY', version = version + 1 WHERE id = :ticket",
    ),
}


def named(platform: Platform, statement: str) -> dict[str, Any]:
    """Who is meant by the names in a statement."""
    alder = platform.world.alder
    who = {
        "tenant": alder.tenant,
        "partner": platform.world.meridian.tenant,
        "service": alder.service,
        "lead": platform.world.platform.lead,
        "ticket": alder.ticket,
    }
    return {name: value for name, value in who.items() if f":{name}" in statement}


@pytest.mark.parametrize("document", [TICKET, SAID])
@pytest.mark.parametrize("why", SUBJECT_GONE)
async def test_a_subscription_is_completed_when_its_subject_is_out_of_sight(
    platform: Platform, ticket: str, why: str, document: str
) -> None:
    who, statement = SUBJECT_GONE[why]
    async with talking(platform.other) as talk:
        await talk.begin(await platform.token(who))
        await talk.follow("a", document, id=ticket)
        await run(platform, statement, **named(platform, statement))
        assert await talk.heard() == {"id": "a", "type": "complete"}
        await talk.ask("b", "{ __typename }")
        assert await talk.news("b") == {"__typename": "Query"}


ACCOUNT_GONE = {
    "signed out": "UPDATE sign_in_session SET revoked_at = now()",
    "no session any more": "DELETE FROM sign_in_session",
    "disabled": "UPDATE user_account SET status = 'DISABLED' WHERE id = :service",
    "no member any more": "DELETE FROM membership WHERE user_id = :service",
    "a suspended tenant": "UPDATE tenant SET status = 'SUSPENDED' WHERE id = :tenant",
    "another address is trusted": (
        "UPDATE tenant_security_settings SET trusted_ips = ARRAY['203.0.113.7'] WHERE tenant_id = :tenant"
    ),
}


@pytest.mark.parametrize("why", ACCOUNT_GONE)
async def test_everything_is_completed_when_nobody_is_there_any_more(platform: Platform, ticket: str, why: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token("service@alder.example"))
        await talk.ask("a", TICKET, id=ticket)
        await talk.follow("b", MINE)
        await run(platform, ACCOUNT_GONE[why], **named(platform, ACCOUNT_GONE[why]))
        completed = [await talk.heard() for _ in range(2)]
        assert sorted(each["id"] for each in completed) == ["a", "b"]
        assert {each["type"] for each in completed} == {"complete"}
        assert (await talk.closed())[0] == 4403


async def outsider(platform: Platform, by: UUID) -> str:
    """The address of somebody of no organisation whom `by` has copied into the ticket."""
    alder, email = platform.world.alder, "consultant@elsewhere.example"
    async with platform.client.session() as session:
        person = await make.user(session, email, email_verified_at=datetime.now(UTC))
        word: dict[str, Any] = {"email": email, "added_by_tenant_id": by}
        await make.participant(session, alder.tenant, alder.ticket, person, **word)
    return email


NAMED_NO_MORE = {
    "copied out": "DELETE FROM ticket_participant WHERE email = 'consultant@elsewhere.example'",
    "the customer manages itself": SUBJECT_GONE["the customer manages itself"][1],
    "the partner is suspended": "UPDATE tenant SET status = 'SUSPENDED' WHERE id = :partner",
}


@pytest.mark.parametrize("why", NAMED_NO_MORE)
async def test_C8_what_somebody_of_no_organisation_follows_ends_when_they_are_named_no_more(
    platform: Platform, ticket: str, why: str
) -> None:
    who = await outsider(platform, by=platform.world.meridian.tenant)
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token(who))
        await talk.ask("a", TICKET, id=ticket)
        await talk.follow("b", MINE)
        await run(platform, NAMED_NO_MORE[why], **named(platform, NAMED_NO_MORE[why]))
        completed = [await talk.heard() for _ in range(2)]
        assert sorted((each["id"], each["type"]) for each in completed) == [("a", "complete"), ("b", "complete")]


async def machine(platform: Platform, **values: Any) -> str:
    """An API token of a machine that reads tickets."""
    alder = platform.world.alder
    async with platform.client.session() as session:
        principal = await make.service_principal(session, alder.tenant, Role.TENANT_OWNER)
        _key, secret = await make.api_token(session, alder.tenant, principal, ["ticket:read"], **values)
    return secret


async def test_an_api_token_that_is_revoked_ends_what_it_follows(platform: Platform, ticket: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(await machine(platform))
        await talk.follow("a", TICKET, id=ticket)
        await run(platform, "UPDATE api_token SET revoked_at = now()")
        assert await talk.heard() == {"id": "a", "type": "complete"}
        assert (await talk.closed())[0] == 4403


async def test_credentials_end_what_they_follow_when_their_time_is_over(platform: Platform, ticket: str) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=2)
    async with talking(platform.url) as talk:
        await talk.begin(await machine(platform, expires_at=ends_at))
        await talk.follow("a", TICKET, id=ticket)
        assert await talk.heard() == {"id": "a", "type": "complete"}
        assert datetime.now(UTC) >= ends_at
        assert (await talk.closed())[0] == 4403


async def test_a_temporary_support_account_follows_its_ticket_until_it_is_revoked(
    platform: Platform, ticket: str
) -> None:
    alder, agent = platform.world.alder, platform.world.platform.agent
    async with platform.client.session() as session:
        account = await make.temporary_account(session, alder.tenant, alder.ticket, platform.world.catalogue.backup)
    temporary = await platform.client.as_temporary(account, agent)
    async with talking(platform.url) as talk:
        await talk.begin(temporary.token)
        await talk.ask("a", TICKET, id=ticket)
        await talk.follow("b", MINE)
        await run(platform, "UPDATE temporary_support_account SET status = 'REVOKED', revoked_at = now()")
        assert sorted([(await talk.heard())["id"] for _ in range(2)]) == ["a", "b"]
        assert (await talk.closed())[0] == 4403
