"""Who manages a customer's tenant, and what changes with it (B17-B20, B57, AMB-8, spec 4.4)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from authz.permissions import Permission
from authz.roles import Role
from domain.customers.model import ManagementMode, ProviderOption, RelationshipStatus
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import problems
from tests.schema.managing import MODE, OWN_SIDE, STAFF, TAKE_OVER, done, hidden_options, log, outbox, relationship
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import Twin, World

TO_CUSTOMER = {"mode": "CUSTOMER"}
REACH = """query Reach($customer: ID!, $ticket: ID!) {
  customer(id: $customer) { status managementMode openTicketCount tickets(first: 1) { totalCount }
    services(first: 5) { totalCount } }
  ticket(id: $ticket) { number } }"""


@pytest.fixture
async def admin(client: Running, world: World) -> Client:
    return await client.as_("admin@meridian.example")


async def reach(who: Client, world: World) -> Any:
    ids = {"customer": encode("customer", world.alder.relationship), "ticket": encode("ticket", world.alder.ticket)}
    return await who.query(REACH, **ids)


async def test_B17_the_partner_loses_what_is_not_licensing(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        number = (await session.execute(select(Ticket.number).where(Ticket.id == world.alder.ticket))).scalar_one()
    before = (await reach(admin, world)).data
    assert (before["customer"]["openTicketCount"], before["ticket"]["number"]) == (1, number)
    payload = await done(admin, MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    assert payload["userErrors"] == []
    assert (payload["customer"]["status"], payload["customer"]["managementMode"]) == ("ACCESS_DISABLED", "CUSTOMER")
    after = await reach(admin, world)
    assert after.codes == ["NOT_FOUND"]
    assert after.body["data"]["ticket"] is None
    assert after.body["data"]["customer"] == {
        "status": "ACCESS_DISABLED",
        "managementMode": "CUSTOMER",
        "openTicketCount": None,
        "tickets": None,
        "services": {"totalCount": 2},
    }


async def test_B17_both_sides_have_it_in_their_log(client: Running, world: World, admin: Client) -> None:
    await done(admin, MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    for tenant in (world.meridian.tenant, world.alder.tenant):
        assert await log(client, tenant) == ["customer.management_mode_change"]


async def test_B17_the_owner_is_told_and_streams_are_checked(client: Running, world: World, admin: Client) -> None:
    await done(admin, MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    ((tenant, mail),) = await outbox(client, "mail")
    assert (tenant, mail["to"], mail["template"]) == (
        world.alder.tenant,
        "owner@alder.example",
        "management_mode_changed",
    )
    told = {tenant for tenant, _ in await outbox(client, "access.changed")}
    assert told == {world.alder.tenant, world.meridian.tenant}


async def test_AMB_16_hidden_options_stop_applying(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        await make.option_policy(session, world.meridian.tenant, ProviderOption.SUPPORT_TEMPORARY_ACCOUNT)
    assert await hidden_options(client, world.alder.tenant) == ["SUPPORT_TEMPORARY_ACCOUNT"]
    await done(admin, MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    assert await hidden_options(client, world.alder.tenant) == []


async def test_B18_there_is_no_way_back(client: Running, world: World, admin: Client) -> None:
    assert world.solstice.relationship is not None
    payload = await done(admin, MODE, key=world.solstice.relationship, input={"mode": "PARTNER"})
    (error,) = payload["userErrors"]
    assert (error["__typename"], error["code"], error["field"]) == (
        "TransitionError",
        "IRREVERSIBLE_TRANSITION",
        ["mode"],
    )
    assert (error["from"], error["to"], error["allowed"]) == ("CUSTOMER", "PARTNER", [])
    assert (await relationship(client, world.solstice.relationship)).mode is ManagementMode.CUSTOMER


@pytest.mark.parametrize(("mode", "allowed"), [("PARTNER", ["CUSTOMER"]), ("CUSTOMER", [])])
async def test_B18_the_mode_that_it_has_is_no_transition(
    world: World, admin: Client, mode: str, allowed: list[str]
) -> None:
    key = world.alder.relationship if mode == "PARTNER" else world.solstice.relationship
    (error,) = (await done(admin, MODE, key=key, input={"mode": mode}))["userErrors"]
    assert (error["code"], error["allowed"]) == ("INVALID_TRANSITION", allowed)


async def test_an_invited_customer_has_no_mode_to_change(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        tenant = await make.tenant(session, "Invited Ltd")
        pending = RelationshipStatus.PENDING
        key = await make.relationship(session, world.meridian.tenant, tenant, status=pending)
    payload = await done(admin, MODE, key=key, input=TO_CUSTOMER)
    assert problems(payload) == [("ACCESS_DISABLED", "customerId")]
    assert (await relationship(client, key)).mode is ManagementMode.PARTNER


@pytest.mark.parametrize("who", ["staff@meridian.example", *OWN_SIDE, *STAFF])
async def test_B17_other_roles_change_no_mode(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    assert (payload["customer"], problems(payload)) == (None, [("FORBIDDEN", "")])
    assert (await relationship(client, world.alder.relationship)).mode is ManagementMode.PARTNER


async def test_B17_a_custom_role_with_the_act_changes_it(client: Running, world: World) -> None:
    async with client.session() as session:
        partner = world.meridian.tenant
        role = await make.custom_role(session, partner, [Permission.CUSTOMER_MANAGE_MODE])
        user = await make.person(session, partner, Role.PARTNER_USER, custom_role_id=role)
    payload = await done(await client.as_(user), MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    assert payload["userErrors"] == []


async def test_B17_the_customers_owner_does_not_act_through_the_partners_mutation(
    client: Running, world: World
) -> None:
    owner = await client.as_("owner@alder.example")
    payload = await done(owner, MODE, key=world.alder.relationship, input=TO_CUSTOMER)
    assert problems(payload) == [("NOT_FOUND", "customerId")]
    assert (await relationship(client, world.alder.relationship)).mode is ManagementMode.PARTNER


async def test_B17_another_partners_customer_is_not_found(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    key = right.customers[0].customer.relationship
    assert key is not None
    payload = await done(await client.as_(left.partner.admin), MODE, key=key, input=TO_CUSTOMER)
    assert problems(payload) == [("NOT_FOUND", "customerId")]
    assert (await relationship(client, key)).mode is ManagementMode.PARTNER


async def test_B57_the_owner_ends_the_partners_management(client: Running, world: World, admin: Client) -> None:
    payload = await done(await client.as_("owner@alder.example"), TAKE_OVER)
    assert payload["userErrors"] == []
    assert payload["tenant"]["management"] == {"mode": "CUSTOMER", "viewerCanTakeOver": False}
    assert (await reach(admin, world)).body["data"]["customer"]["status"] == "ACCESS_DISABLED"
    for tenant in (world.meridian.tenant, world.alder.tenant):
        assert await log(client, tenant) == ["customer.management_mode_change"]


async def test_B57_it_is_ended_once(client: Running, world: World) -> None:
    payload = await done(await client.as_("owner@solstice.example"), TAKE_OVER)
    assert (payload["tenant"], problems(payload)) == (None, [("INVALID_TRANSITION", "mode")])


async def test_B57_a_customer_of_nobody_has_nothing_to_end(client: Running, world: World) -> None:
    payload = await done(await client.as_("owner@lonepine.example"), TAKE_OVER)
    assert problems(payload) == [("NOT_FOUND", "")]


@pytest.mark.parametrize("who", ["admin@meridian.example", "staff@meridian.example", *OWN_SIDE, *STAFF])
async def test_AMB_8_only_the_owner_ends_it(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), TAKE_OVER)
    assert (payload["tenant"], problems(payload)) == (None, [("FORBIDDEN", "")])
    assert (await relationship(client, world.alder.relationship)).mode is ManagementMode.PARTNER


async def test_B17_a_ticket_that_is_raised_meanwhile_is_not_left_to_the_partner(
    client: Running, world: World, admin: Client
) -> None:
    async with client.session() as session:
        key = await make.ticket(session, world.alder.tenant)
        change = asyncio.create_task(done(admin, MODE, key=world.alder.relationship, input=TO_CUSTOMER))
        await asyncio.sleep(0.3)
        assert not change.done()
    assert (await change)["userErrors"] == []
    async with client.session() as session:
        statement = select(Ticket.managing_partner_id).where(Ticket.id == key)
        assert (await session.execute(statement)).scalar_one() is None
