"""Who replies, and who hears of it (C13, C17, AMB-6)."""

import pytest

from authz.roles import Role
from domain.tenants.model import OrganizationTicketAccess, TenantSecuritySettings
from domain.tickets.model import ParticipantKind
from execution.ids import encode
from tests.schema.asking import (
    AGENT,
    counted,
    done,
    invited,
    made,
    mails,
    of,
    problems,
    reply,
)
from tests.schema.managing import TAKE_OVER
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        (OrganizationTicketAccess.VIEW_AND_REPLY, []),
        (OrganizationTicketAccess.VIEW, ["FORBIDDEN"]),
        (OrganizationTicketAccess.NONE, ["NOT_FOUND"]),
    ],
)
async def test_C17_AMB6_colleagues_reply_as_the_tenant_has_it(
    client: Running, world: World, access: OrganizationTicketAccess, allowed: list[str]
) -> None:
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.organization_ticket_access = access
    payload = await reply(await client.as_("colleague@alder.example"), of(world))
    assert [error["code"] for error in payload["userErrors"]] == allowed
    requester = await reply(await client.as_("user@alder.example"), of(world))
    assert requester["userErrors"] == []


@pytest.mark.parametrize("kind", [ParticipantKind.CC, ParticipantKind.CONTACT])
async def test_C17_A13_who_is_copied_in_or_the_contact_replies_whatever_the_tenant_has(
    client: Running, world: World, kind: ParticipantKind
) -> None:
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.organization_ticket_access = OrganizationTicketAccess.NONE
        await make.participant(session, world.alder.tenant, world.alder.ticket, world.alder.colleague, kind)
    made(await reply(await client.as_("colleague@alder.example"), of(world)))


async def test_C17_a_partners_user_who_is_copied_in_after_the_flip_reads_and_replies(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        ticket = await make.ticket(session, world.solstice.tenant, world.solstice.owner, world.catalogue.backup)
        await make.participant(session, world.solstice.tenant, ticket, world.meridian.staff)
    staff = await client.as_("staff@meridian.example")
    payload = await reply(staff, encode("ticket", ticket))
    assert made(payload)["viewerRelation"] == ["CC"]
    assert payload["message"]["authorSide"] == "PARTNER"
    other = await reply(await client.as_("admin@meridian.example"), encode("ticket", ticket))
    assert [error["code"] for error in other["userErrors"]] == ["NOT_FOUND"]


async def test_B17_the_partners_people_hear_and_see_no_more_after_the_flip(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    given = {"contact": {"name": "Meridian", "email": "admin@meridian.example"}}
    recipients = ["staff@meridian.example", "x@alder.example"]
    ticket = made(await invited(admin, world, **given, additionalRecipients=recipients))
    assert (await done(await client.as_("owner@alder.example"), TAKE_OVER, input={}))["userErrors"] == []
    payload = await reply(await client.as_("staff@meridian.example"), ticket["id"])
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    answered = made(await reply(await client.as_(AGENT), ticket["id"]))
    people = {person["email"] for person in answered["participants"]["nodes"]}
    assert people == {"owner@alder.example", "x@alder.example"}
    assert {letter["to"] for letter in await mails(client, "ticket_reply")} == people


async def test_AMB34_who_is_copied_in_sees_the_ticket_in_that_tenant_alone(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.colleague, Role.STANDARD_USER)
        other = await make.ticket(session, world.alder.tenant, world.alder.user, world.catalogue.backup)
        await make.participant(session, world.alder.tenant, other, world.alder.colleague)
    for tenant, codes in ((world.alder.tenant, []), (world.lone_pine.tenant, ["NOT_FOUND"])):
        colleague = await client.as_("colleague@alder.example", tenant=tenant)
        payload = await reply(colleague, encode("ticket", other))
        assert [error["code"] for error in payload["userErrors"]] == codes


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("owner@alder.example", []),
        ("apps@alder.example", []),
        ("admin@meridian.example", []),
        (AGENT, []),
        ("operator@northstar.example", ["FORBIDDEN"]),
        ("owner@lonepine.example", ["NOT_FOUND"]),
    ],
)
async def test_C13_who_replies(client: Running, world: World, who: str, codes: list[str]) -> None:
    before = await counted(client)
    payload = await reply(await client.as_(who), of(world))
    assert [error["code"] for error in payload["userErrors"]] == codes
    if codes:
        assert await counted(client) == before


async def test_C13_a_reply_is_mailed_to_everybody_but_its_author(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world, additionalRecipients=["b@x.example"]))
    made(await reply(await client.as_(AGENT), ticket["id"]))
    made(await reply(await client.as_("owner@alder.example"), ticket["id"]))
    sent = [letter["to"] for letter in await mails(client, "ticket_reply")]
    assert sent == [
        "ada@alder.example",
        "ada@alder.example",
        "b@x.example",
        "b@x.example",
        "owner@alder.example",
    ]


@pytest.mark.parametrize("body", ["", "  \n "])
async def test_C13_an_empty_reply_is_refused(client: Running, world: World, body: str) -> None:
    assert problems(await reply(await client.as_(AGENT), of(world), body=body)) == [("REQUIRED", "body")]


async def test_only_the_vendor_waits_for_answers(client: Running, world: World) -> None:
    refused = await reply(await client.as_("user@alder.example"), of(world), needsAnswer=True)
    assert problems(refused) == [("FORBIDDEN", "needsAnswer")]
