"""Who is told of what, looked at as it is sent (spec 4.4, E20)."""

from sqlalchemy import update

from domain.tenants.model import Tenant, TenantStatus
from domain.tickets.model import Ticket, TicketVisibility
from execution.ids import encode
from tests.webhooks.conftest import Hooks

FLIP = """mutation ($id: ID!) { customerManagementModeChange(customerId: $id, input: {mode: CUSTOMER}) {
    userErrors { code } } }"""
DISABLE = """mutation ($id: ID!) { webhookUpdate(webhookId: $id, input: {enabled: false}) {
    webhook { status disabledReason } userErrors { code } } }"""
DELETE = """mutation ($id: ID!) { webhookDelete(webhookId: $id, input: {}) { deletedId userErrors { code } } }"""


async def flip(hooks: Hooks) -> None:
    admin = await hooks.client.as_("admin@meridian.example")
    answer = await admin.query(FLIP, id=encode("customer", hooks.world.alder.relationship))
    assert answer.data["customerManagementModeChange"]["userErrors"] == []


async def test_a_partner_hears_of_the_customers_that_it_manages(hooks: Hooks) -> None:
    await hooks.endpoint(hooks.world.meridian.tenant)
    await hooks.reply()
    await hooks.deliver()
    assert len(hooks.receiver.received) == 1


async def test_other_organizations_hear_of_nothing(hooks: Hooks) -> None:
    for tenant in (hooks.world.solstice.tenant, hooks.world.lone_pine.tenant, hooks.world.platform.tenant):
        await hooks.endpoint(tenant)
    await hooks.reply()
    assert await hooks.deliver() == []


async def test_an_endpoint_is_told_of_nothing_that_happened_before_it_was_made(hooks: Hooks) -> None:
    await hooks.reply()
    await hooks.endpoint()
    assert await hooks.deliver() == []
    await hooks.reply()
    await hooks.deliver()
    assert len(hooks.receiver.received) == 1


async def test_after_the_flip_a_partner_hears_of_nothing(hooks: Hooks) -> None:
    await hooks.endpoint(hooks.world.meridian.tenant)
    await flip(hooks)
    await hooks.reply()
    assert await hooks.deliver() == []


async def test_what_waited_when_the_mode_was_flipped_never_leaves(hooks: Hooks) -> None:
    await hooks.endpoint(hooks.world.meridian.tenant)
    await hooks.reply()
    hooks.receiver.answers = [500]
    await hooks.deliver()
    await flip(hooks)
    await hooks.deliver()
    assert len(hooks.receiver.received) == 1
    assert await hooks.states() == [("SUPPRESSED", "NOT_VISIBLE")]


async def test_E20_a_ticket_that_colleagues_do_not_see_is_told_to_none(hooks: Hooks) -> None:
    await hooks.endpoint()
    async with hooks.client.session() as session:
        mine = update(Ticket).where(Ticket.id == hooks.world.alder.ticket)
        await session.execute(mine.values(visibility=TicketVisibility.REQUESTER_ONLY))
    await hooks.reply("user@alder.example")
    assert await hooks.deliver() == []


async def test_a_suspended_organization_hears_of_nothing(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    async with hooks.client.session() as session:
        alder = update(Tenant).where(Tenant.id == hooks.world.alder.tenant)
        await session.execute(alder.values(status=TenantStatus.SUSPENDED))
    await hooks.deliver()
    assert await hooks.states() == [("SUPPRESSED", "NOT_VISIBLE")]


async def test_what_waits_for_a_disabled_endpoint_never_leaves(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500]
    await hooks.deliver()
    answer = await (await hooks.as_owner()).query(DISABLE, id=encode("webhook", key))
    assert answer.data["webhookUpdate"]["webhook"] == {"status": "DISABLED", "disabledReason": "REQUESTED"}
    await hooks.deliver()
    assert len(hooks.receiver.received) == 1
    assert await hooks.states() == [("SUPPRESSED", "ENDPOINT_DISABLED")]


async def test_what_waits_for_a_deleted_endpoint_never_leaves(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500]
    await hooks.deliver()
    answer = await (await hooks.as_owner()).query(DELETE, id=encode("webhook", key))
    assert answer.data["webhookDelete"]["deletedId"] == encode("webhook", key)
    assert await hooks.deliver() == []
    assert await hooks.log() == []
