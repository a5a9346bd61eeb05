"""Whom a suspension silences: nobody acts in the organisation, so nobody hears of its tickets for it."""

import pytest

from domain.tenants.model import Tenant, TenantStatus, User
from tests.mail.conftest import Post
from tests.schema.asking import done, invited, made
from tests.schema.test_ticket_copies import ADD
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

OUTSIDER = "consultant@elsewhere.example"
OF_CUSTOMER = {"ada@alder.example", "user@alder.example", OUTSIDER}
OF_PARTNER = {"admin@meridian.example", "hired@elsewhere.example"}


@pytest.mark.parametrize(
    ("suspended", "told"), [("neither", OF_CUSTOMER | OF_PARTNER), ("alder", OF_PARTNER), ("meridian", OF_CUSTOMER)]
)
async def test_4_1_of_a_suspended_organisation_nobody_hears_nor_whom_it_named(
    post: Post, client: Running, world: World, suspended: str, told: set[str]
) -> None:
    """Not even of what happened before: the mail had not left yet."""
    owner, admin = await client.as_("owner@alder.example"), await client.as_("admin@meridian.example")
    async with client.session() as session:
        for key in (world.alder.user, world.meridian.admin):
            await make.change(session, User, key, email_verified_at=client.clock())
    recipients = ["user@alder.example", "admin@meridian.example", OUTSIDER]
    ticket = made(await invited(owner, world, additionalRecipients=recipients))
    made(await done(admin, ADD, id=ticket["id"], to=["hired@elsewhere.example"]))
    tenants = {"alder": world.alder.tenant, "meridian": world.meridian.tenant}
    if suspended in tenants:
        async with client.session() as session:
            await make.change(session, Tenant, tenants[suspended], status=TenantStatus.SUSPENDED)
    await post.deliver()
    assert {mail["To"] for mail in post.box.mails} == told
