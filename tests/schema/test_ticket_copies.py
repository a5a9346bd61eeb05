"""Copying people in and out: who may, how many, what they see, and what ends (C8, A15, AMB-6, spec 3, 6)."""

from typing import Any

import pytest
from sqlalchemy import update

from domain.customers.model import ManagementMode, ManagementRelationship
from domain.tenants.model import OrganizationTicketAccess, TenantSecuritySettings, User
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import AGENT, CLOSE, ERRORS, REPLY, TICKET, done, form, invited, made, mails, of, problems
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

ADD = f"""mutation Add($id: ID!, $to: [String!]!, $canReply: Boolean! = true, $version: Int) {{
  ticketCcAdd(ticketId: $id, expectedVersion: $version, input: {{recipients: $to, canReply: $canReply}}) {{
    {TICKET} {ERRORS}
  }}
}}"""
REMOVE = f"""mutation Remove($id: ID!, $ids: [ID!]!) {{
  ticketCcRemove(ticketId: $id, input: {{participantIds: $ids}}) {{ ticket {{ id }} {ERRORS} }}
}}"""
PEOPLE = (
    "query($id: ID!) { ticket(id: $id) { participants(first: 100) { nodes { id kind email hasAccount canReply } } } }"
)
CAN = "query($id: ID!) { ticket(id: $id) { viewerCan { reply manageCc } } }"
SEEN = "query($id: ID!) { ticket(id: $id) { id } }"
OWNER, USER, COLLEAGUE = "owner@alder.example", "user@alder.example", "colleague@alder.example"
ADMIN = "admin@meridian.example"


async def copied(who: Client, ticket_id: str) -> dict[str, dict[str, Any]]:
    """Those who are copied in, by address."""
    nodes = (await who.query(PEOPLE, id=ticket_id)).data["ticket"]["participants"]["nodes"]
    return {node["email"]: node for node in nodes if node["kind"] == "CC"}


async def proved(client: Running) -> None:
    """Everybody has proved their address."""
    async with client.session() as session:
        await session.execute(update(User).values(email_verified_at=client.clock.now))


async def alone(client: Running, world: World) -> None:
    """Colleagues see nothing of each other's tickets; all have proved their addresses."""
    await proved(client)
    async with client.session() as session:
        await session.execute(
            update(TenantSecuritySettings)
            .where(TenantSecuritySettings.tenant_id == world.alder.tenant)
            .values(organization_ticket_access=OrganizationTicketAccess.NONE)
        )


async def test_C8_A15_addresses_are_split_and_each_is_copied_in_once(client: Running, world: World) -> None:
    who = await client.as_(USER)
    to = ["Ann@x.example; bo@x.example , ann@X.example", "", "bo@x.example;"]
    made(await done(who, ADD, id=of(world), to=to))
    made(await done(who, ADD, id=of(world), to=["BO@x.example", "cy@x.example"]))
    assert list(await copied(who, of(world))) == ["ann@x.example", "bo@x.example", "cy@x.example"]
    assert [mail["to"] for mail in await mails(client, "ticket_cc_added")] == [
        "ann@x.example",
        "bo@x.example",
        "cy@x.example",
    ]


async def test_A15_every_bad_address_is_told_at_its_index_and_nobody_is_copied_in(
    client: Running, world: World
) -> None:
    who = await client.as_(USER)
    refused = await done(who, ADD, id=of(world), to=["ok@x.example", "no; ok2@x.example", "nor@"])
    assert problems(refused) == [("INVALID_EMAIL", "recipients.1"), ("INVALID_EMAIL", "recipients.2")]
    assert problems(await done(who, ADD, id=of(world), to=[" ;, "])) == [("REQUIRED", "recipients")]
    assert await copied(who, of(world)) == {}
    assert await mails(client, "ticket_cc_added") == []


async def test_C8_at_most_50_people_are_copied_in(client: Running, world: World) -> None:
    who = await client.as_(USER)
    many = ",".join(f"p{number}@x.example" for number in range(49))
    made(await done(who, ADD, id=of(world), to=[many]))
    refused = await done(who, ADD, id=of(world), to=["a@x.example", "b@x.example"])
    (error,) = refused["userErrors"]
    assert (error["code"], error["limit"], error["actual"]) == ("LIMIT_EXCEEDED", 50, 51)
    made(await done(who, ADD, id=of(world), to=["a@x.example", "p1@x.example"]))
    assert len(await copied(who, of(world))) == 50


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        (USER, []),
        (OWNER, []),
        ("apps@alder.example", []),
        (ADMIN, []),
        ("staff@meridian.example", []),
        (AGENT, []),
        (COLLEAGUE, ["FORBIDDEN"]),
        ("operator@northstar.example", ["FORBIDDEN"]),
        ("owner@lonepine.example", ["NOT_FOUND"]),
    ],
)
async def test_C8_who_copies_in_and_out(client: Running, world: World, who: str, codes: list[str]) -> None:
    asks = await client.as_(who)
    async with client.session() as session:
        there = await make.participant(session, world.alder.tenant, world.alder.ticket, None)
    added = await done(asks, ADD, id=of(world), to=["new@x.example"])
    assert [error["code"] for error in added["userErrors"]] == codes
    removed = await done(asks, REMOVE, id=of(world), ids=[encode("participant", there)])
    assert [error["code"] for error in removed["userErrors"]] == codes
    user = await client.as_(USER)
    assert ("new@x.example" in await copied(user, of(world))) is not bool(codes)
    if codes != ["NOT_FOUND"]:
        assert (await asks.query(CAN, id=of(world))).data["ticket"]["viewerCan"]["manageCc"] is not bool(codes)


async def test_C8_C17_who_is_copied_in_sees_the_ticket_and_replies_and_neither_once_copied_out(
    client: Running, world: World
) -> None:
    await alone(client, world)
    user, colleague = await client.as_(USER), await client.as_(COLLEAGUE)
    assert (await colleague.query(SEEN, id=of(world))).codes == ["NOT_FOUND"]
    made(await done(user, ADD, id=of(world), to=[COLLEAGUE]))
    assert (await copied(user, of(world)))[COLLEAGUE]["hasAccount"] is True
    made(await done(colleague, REPLY, id=of(world), input={"body": "Me too"}))
    person = (await copied(user, of(world)))[COLLEAGUE]["id"]
    assert (await done(user, REMOVE, id=of(world), ids=[person]))["userErrors"] == []
    assert (await colleague.query(SEEN, id=of(world))).codes == ["NOT_FOUND"]
    assert problems(await done(colleague, REPLY, id=of(world), input={"body": "?"})) == [("NOT_FOUND", "ticketId")]
    assert (await colleague.query("{ tickets(first: 5, scope: CC) { totalCount } }")).data["tickets"]["totalCount"] == 0


async def test_AMB6_who_is_copied_in_to_read_does_not_reply(client: Running, world: World) -> None:
    await alone(client, world)
    user, colleague = await client.as_(USER), await client.as_(COLLEAGUE)
    made(await done(user, ADD, id=of(world), to=[COLLEAGUE], canReply=False))
    assert (await copied(user, of(world)))[COLLEAGUE]["canReply"] is False
    assert (await colleague.query(CAN, id=of(world))).data["ticket"]["viewerCan"] == {"reply": False, "manageCc": False}
    refused = await done(colleague, REPLY, id=of(world), input={"body": "Me too"})
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize("who", ["apps@alder.example", "staff@meridian.example"])
async def test_AMB6_who_is_copied_in_to_read_beyond_their_reach_does_no_more(
    client: Running, world: World, who: str
) -> None:
    """Neither an administrator of other services, nor a partner's user whom groups keep from the customer."""
    await proved(client)
    async with client.session() as session:
        await make.change(session, Ticket, world.alder.ticket, service_id=world.catalogue.archive)
        partner = world.meridian
        await make.customer_group(session, partner.tenant, world.alder.tenant, excluded_for=partner.staff_membership)
    owner, reader = await client.as_("owner@alder.example"), await client.as_(who)
    made(await done(owner, ADD, id=of(world), to=[who], canReply=False))
    assert (await reader.query(CAN, id=of(world))).data["ticket"]["viewerCan"] == {"reply": False, "manageCc": False}
    for document, given in ((REPLY, {"input": {"body": "Me too"}}), (ADD, {"to": ["ann@x.example"]})):
        refused = await done(reader, document, id=of(world), **given)
        assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def test_C8_everybody_may_take_their_leave_but_remove_nobody_else(client: Running, world: World) -> None:
    await alone(client, world)
    user, colleague = await client.as_(USER), await client.as_(COLLEAGUE)
    made(await done(user, ADD, id=of(world), to=[COLLEAGUE, "ann@x.example"]))
    people = await copied(user, of(world))
    both = [people[COLLEAGUE]["id"], people["ann@x.example"]["id"]]
    assert [e["code"] for e in (await done(colleague, REMOVE, id=of(world), ids=both))["userErrors"]] == ["FORBIDDEN"]
    left = await done(colleague, REMOVE, id=of(world), ids=both[:1])
    assert left == {"ticket": None, "userErrors": []}
    assert list(await copied(user, of(world))) == ["ann@x.example"]


async def test_A13_a_contact_is_let_go(client: Running, world: World) -> None:
    """Their address may have been mistyped, and all that is said goes there."""
    owner = await client.as_("owner@alder.example")
    ticket = made(await invited(owner, world))["id"]
    nodes = (await owner.query(PEOPLE, id=ticket)).data["ticket"]["participants"]["nodes"]
    (contact,) = [node["id"] for node in nodes if node["kind"] == "CONTACT"]
    assert (await done(owner, REMOVE, id=ticket, ids=[contact]))["userErrors"] == []
    made(await done(await client.as_(AGENT), REPLY, id=ticket, input={"body": "The password is in the safe."}))
    assert "ada@alder.example" not in [mail["to"] for mail in await mails(client, "ticket_reply")]


async def test_C8_only_those_copied_in_are_copied_out_and_every_other_id_is_told(client: Running, world: World) -> None:
    user = await client.as_(USER)
    made(await done(user, ADD, id=of(world), to=["ann@x.example"]))
    nodes = (await user.query(PEOPLE, id=of(world))).data["ticket"]["participants"]["nodes"]
    ids = [node["id"] for node in nodes]  # the requester, and who is copied in
    refused = await done(user, REMOVE, id=of(world), ids=[*ids, "nobody"])
    assert problems(refused) == [("NOT_FOUND", "participantIds.0"), ("NOT_FOUND", "participantIds.2")]
    assert problems(await done(user, REMOVE, id=of(world), ids=[])) == [("REQUIRED", "participantIds")]
    assert list(await copied(user, of(world))) == ["ann@x.example"]


async def test_4_4_whom_the_customer_copies_in_after_the_flip_sees_the_ticket_and_may_take_their_leave(
    client: Running, world: World
) -> None:
    await proved(client)
    async with client.session() as session:
        edge = world.alder.relationship
        await make.change(session, ManagementRelationship, edge, mode=ManagementMode.CUSTOMER)
    user, admin = await client.as_(USER), await client.as_(ADMIN)
    assert (await admin.query(SEEN, id=of(world))).codes == ["NOT_FOUND"]
    made(await done(user, ADD, id=of(world), to=[ADMIN]))
    assert (await admin.query(CAN, id=of(world))).data["ticket"]["viewerCan"] == {"reply": True, "manageCc": False}
    made(await done(admin, REPLY, id=of(world), input={"body": "Here"}))
    refused = await done(admin, ADD, id=of(world), to=["staff@meridian.example"])
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    mine = (await copied(user, of(world)))[ADMIN]["id"]
    assert await done(admin, REMOVE, id=of(world), ids=[mine]) == {"ticket": None, "userErrors": []}
    assert (await admin.query(SEEN, id=of(world))).codes == ["NOT_FOUND"]


async def test_4_4_whom_the_partner_copied_in_before_the_flip_hears_no_more(client: Running, world: World) -> None:
    await proved(client)
    admin = await client.as_(ADMIN)
    made(await done(admin, ADD, id=of(world), to=["staff@meridian.example"]))
    async with client.session() as session:
        edge = world.alder.relationship
        await make.change(session, ManagementRelationship, edge, mode=ManagementMode.CUSTOMER)
    assert (await (await client.as_("staff@meridian.example")).query(SEEN, id=of(world))).codes == ["NOT_FOUND"]
    assert await copied(await client.as_(USER), of(world)) == {}


async def test_C8_nobody_is_copied_in_on_what_is_closed_and_anybody_can_be_copied_out(
    client: Running, world: World
) -> None:
    user = await client.as_(USER)
    made(await done(user, ADD, id=of(world), to=["ann@x.example"]))
    made(await done(await client.as_(AGENT), CLOSE, id=of(world), code="DECREMENT"))
    refused = await done(user, ADD, id=of(world), to=["bo@x.example"])
    assert [error["code"] for error in refused["userErrors"]] == ["TICKET_CLOSED"]
    person = (await copied(user, of(world)))["ann@x.example"]["id"]
    assert (await done(user, REMOVE, id=of(world), ids=[person]))["userErrors"] == []


async def test_A15_a_case_that_is_taken_up_again_has_at_most_50_recipients_too(client: Running, world: World) -> None:
    owner = await client.as_(OWNER)
    many = [f"p{number}@x.example" for number in range(50)]
    ticket = made(await invited(owner, world, additionalRecipients=many))
    again = """mutation($input: SupportInviteExistingIssueInput!) {
      supportInviteExistingIssue(input: $input) { userErrors { code field } } }"""
    given = form(world)
    for name in ("summary", "issueType", "severity"):
        del given[name]
    more = given | {"caseNumber": ticket["number"], "additionalRecipients": ["one@x.example"]}
    assert problems(await done(owner, again, input=more)) == [("LIMIT_EXCEEDED", "additionalRecipients")]
    assert problems(await done(owner, again, input=more | {"additionalRecipients": many[:2]})) == []
