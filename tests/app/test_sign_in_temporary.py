"""Temporary support accounts: the vendor's support team in one tenant and one service, for 15 days (A18, A19, A32)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.sign_in.grants import EXCHANGE
from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.powers import PrincipalKind
from authz.roles import Role
from domain.records.model import AuditEvent
from domain.tenants.credentials import SignInSession
from domain.tenants.model import Membership, MembershipStatus, Tenant, TenantStatus, User, UserStatus
from domain.tickets.model import (
    ClosureCode,
    TemporaryAccountStatus,
    TemporarySupportAccount,
    Ticket,
    TicketStatus,
)
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

TICKET = (
    "query Look($id: ID!) { ...Seen } fragment Seen on Query { ticket(id: $id) { id } again: ticket(id: $id) { id } }"
)


@dataclass
class Granted:
    """An account, and the agent who may use it."""

    account: UUID
    agent: Client


@pytest.fixture
async def granted(client: Running, world: World) -> Granted:
    """An account for the ticket of Alder & Finch, granted now."""
    async with client.session() as session:
        account = await make.temporary_account(
            session, world.alder.tenant, world.alder.ticket, world.catalogue.backup, granted_at=client.clock.now
        )
    return Granted(account, await client.as_("agent@northstar.example"))


async def exchange(client: Running, subject: Client, account: UUID, **changed: str) -> httpx.Response:
    form = {
        "grant_type": EXCHANGE,
        "subject_token": subject.token or "",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "temporary_account": encode("temporary_account", account),
    }
    return await client.http.post("/auth/token", data=form | changed)


async def actor(client: Running, granted: Granted, agent: UUID) -> Actor:
    temporary = await client.as_temporary(granted.account, agent)
    return await client.sign_in.authentication.actor(temporary.token or "")


async def change(client: Running, model: Any, key: UUID, **values: Any) -> None:
    async with client.session() as session:
        await make.change(session, model, key, **values)


async def refused(client: Running, temporary: Client) -> bool:
    answer = await temporary.query("{ __typename }")
    return (answer.response.status_code, answer.codes) == (401, ["UNAUTHENTICATED"])


async def test_A18_an_agent_exchanges_its_token(client: Running, world: World, granted: Granted) -> None:
    response = await exchange(client, granted.agent, granted.account)

    body = response.json()
    assert (response.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert "refresh_token" not in body


async def test_A18_the_account_acts_in_one_tenant_and_one_service(
    client: Running, world: World, granted: Granted
) -> None:
    found = await actor(client, granted, world.platform.agent)

    assert (found.principal, found.role) == (PrincipalKind.TEMPORARY_SUPPORT, Role.TEMPORARY_SUPPORT)
    assert (found.tenant_id, found.ticket_id) == (world.alder.tenant, world.alder.ticket)
    assert found.powers.limited_to_services
    assert found.service_ids == frozenset({world.catalogue.backup})
    assert found.powers.permissions == permissions_of((Role.TEMPORARY_SUPPORT.value,))


async def test_A32_behind_the_account_stands_the_agent(client: Running, world: World, granted: Granted) -> None:
    found = await actor(client, granted, world.platform.agent)

    assert (found.user_id, found.email) == (world.platform.agent, "agent@northstar.example")


async def test_A18_it_reads_its_ticket_and_no_other(client: Running, world: World, granted: Granted) -> None:
    async with client.session() as session:
        other = await make.ticket(session, world.alder.tenant, world.alder.owner, world.catalogue.backup)
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    assert (await temporary.query(TICKET, id=encode("ticket", world.alder.ticket))).codes == []
    assert set((await temporary.query(TICKET, id=encode("ticket", other))).codes) == {"NOT_FOUND"}


async def test_A19_it_works_until_the_fifteen_days_are_over_and_not_a_second_longer(
    client: Running, world: World, granted: Granted
) -> None:
    client.clock.now += timedelta(days=15, seconds=-1)
    temporary = await client.as_temporary(granted.account, world.platform.agent)
    assert (await temporary.query("{ __typename }")).codes == []

    client.clock.advance(seconds=1)

    assert await refused(client, temporary)


async def test_A19_a_token_that_still_holds_does_not_help(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)
    ends = client.clock.now + timedelta(seconds=10)
    await change(client, TemporarySupportAccount, granted.account, expires_at=ends)

    client.clock.advance(seconds=9)
    assert not await refused(client, temporary)
    client.clock.advance(seconds=1)
    assert await refused(client, temporary)


async def test_A19_a_token_lasts_no_longer_than_its_account(client: Running, world: World, granted: Granted) -> None:
    await change(client, TemporarySupportAccount, granted.account, expires_at=client.clock.now + timedelta(seconds=100))

    assert (await exchange(client, granted.agent, granted.account)).json()["expires_in"] == 100


async def test_A19_an_expired_account_gives_no_token(client: Running, world: World, granted: Granted) -> None:
    client.clock.advance(days=15)
    agent = await client.as_("agent@northstar.example")

    response = await exchange(client, agent, granted.account)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_target")


async def test_AMB17_a_revoked_account_ends_at_once(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)
    assert not await refused(client, temporary)

    await change(client, TemporarySupportAccount, granted.account, status=TemporaryAccountStatus.REVOKED)

    assert await refused(client, temporary)
    assert (await exchange(client, granted.agent, granted.account)).status_code == 400


async def test_AMB19_it_ends_when_its_ticket_is_closed(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    await change(client, Ticket, world.alder.ticket, status=TicketStatus.CLOSED, closure_code=ClosureCode.DECREMENT)

    assert await refused(client, temporary)


async def test_it_ends_when_the_agent_signs_out(client: Running, world: World, granted: Granted) -> None:
    token = (await exchange(client, granted.agent, granted.account)).json()["access_token"]
    assert not await refused(client, client.with_token(token))

    await client.http.post("/auth/revoke", data={"token": granted.agent.token or ""})

    assert await refused(client, client.with_token(token))


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (User, {"status": UserStatus.DISABLED}),
        (Membership, {"status": MembershipStatus.DISABLED}),
        (Membership, {"role": Role.OPERATOR}),
    ],
    ids=["account", "membership", "role"],
)
async def test_it_ends_when_the_agent_leaves_support(
    client: Running, world: World, granted: Granted, model: Any, values: dict[str, Any]
) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)
    key = world.platform.agent
    if model is Membership:
        async with client.session() as session:
            mine = select(Membership.id).where(Membership.user_id == world.platform.agent)
            key = (await session.execute(mine)).scalar_one()

    await change(client, model, key, **values)

    assert await refused(client, temporary)


async def test_it_ends_when_the_tenant_is_suspended(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    await change(client, Tenant, world.alder.tenant, status=TenantStatus.SUSPENDED)

    assert await refused(client, temporary)


async def test_A18_it_acts_in_no_other_tenant(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    with pytest.raises(NotFoundError):
        await client.sign_in.authentication.actor(temporary.token or "", world.lone_pine.tenant)


@pytest.mark.parametrize("email", ["owner@alder.example", "admin@meridian.example", "operator@northstar.example"])
async def test_A18_only_support_agents_exchange(client: Running, world: World, granted: Granted, email: str) -> None:
    response = await exchange(client, await client.as_(email), granted.account)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_target")


async def test_A18_an_agent_does_not_see_what_is_assigned_to_another(
    client: Running, world: World, granted: Granted
) -> None:
    await change(client, Ticket, world.alder.ticket, assignee_id=world.platform.lead)

    assert (await exchange(client, granted.agent, granted.account)).json()["error"] == "invalid_target"
    lead = await client.as_("lead@northstar.example")
    assert (await exchange(client, lead, granted.account)).status_code == 200


async def test_a_temporary_token_is_not_exchanged_again(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    assert (await exchange(client, temporary, granted.account)).json()["error"] == "invalid_target"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"subject_token": "nonsense"}, "invalid_grant"),
        ({"subject_token": ""}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request"),
        ({"temporary_account": ""}, "invalid_request"),
        ({"temporary_account": "temporary_account_x"}, "invalid_target"),
        ({"temporary_account": "temporary_account_" + "0" * 32}, "invalid_target"),
    ],
    ids=str,
)
async def test_bad_exchanges_say_what_is_wrong(
    client: Running, granted: Granted, changed: dict[str, str], error: str
) -> None:
    response = await exchange(client, granted.agent, granted.account, **changed)

    assert (response.status_code, response.json()["error"]) == (400, error)


async def test_a_session_that_is_revoked_ends_it(client: Running, world: World, granted: Granted) -> None:
    found = await client.as_temporary(granted.account, world.platform.agent)
    claims = await client.sign_in.tokens.verify(found.token or "")

    await change(client, SignInSession, claims.session_id, revoked_at=client.clock.now)

    with pytest.raises(UnauthenticatedError):
        await client.sign_in.authentication.actor(found.token or "")


async def test_A32_the_exchange_is_in_the_logs_of_both(client: Running, world: World, granted: Granted) -> None:
    await exchange(client, granted.agent, granted.account)

    async with client.session() as session:
        found = select(AuditEvent).where(AuditEvent.action == "temporary_account.assume")
        rows = (await session.execute(found)).scalars().all()
    assert {row.tenant_id for row in rows} == {world.platform.tenant, world.alder.tenant}
    assert {(row.actor_user_id, row.object_id) for row in rows} == {(world.platform.agent, granted.account)}


async def test_A32_every_read_is_in_the_tenants_log(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    await temporary.query(TICKET, id=encode("ticket", world.alder.ticket))

    async with client.session() as session:
        found = select(AuditEvent).where(AuditEvent.action == "temporary_account.read")
        rows = (await session.execute(found)).scalars().all()
    assert [(row.tenant_id, row.actor_kind, row.actor_user_id) for row in rows] == [
        (world.alder.tenant, "TEMPORARY_SUPPORT", world.platform.agent)
    ]
    assert (rows[0].object_id, rows[0].after) == (
        world.alder.ticket,
        {"operation": "Look", "fields": ["ticket"]},
    )


async def test_A32_other_principals_reads_are_not(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")

    await owner.query(TICKET, id=encode("ticket", world.alder.ticket))

    async with client.session() as session:
        assert (await session.execute(select(AuditEvent))).first() is None


async def test_it_may_not_read_the_schema(client: Running, world: World, granted: Granted) -> None:
    temporary = await client.as_temporary(granted.account, world.platform.agent)

    answer = await temporary.query("{ __schema { queryType { name } } }")

    assert answer.codes == ["INTROSPECTION_DISABLED"]
