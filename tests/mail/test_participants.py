"""People who are named in tickets and are of no organisation: from the first mail to what they see (C1, C3, C8)."""

from typing import Any

import pytest
from sqlalchemy import delete

from authz.roles import Role
from domain.tenants.model import Membership, MembershipStatus, Tenant, TenantStatus, User, UserStatus
from domain.tickets.model import TicketParticipant
from execution.ids import encode
from tests.app.attachments.files import address
from tests.mail.accounts import account, member, set_password, sign_in, signed_up
from tests.mail.conftest import Post
from tests.schema.asking import REPLY, done, form, invited, made, reply, uploaded
from tests.schema.managing import MODE
from tests.schema.test_ticket_copies import ADD, CAN
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import PRIVACY_VERSION, World

EMAIL = "consultant@elsewhere.example"
TICKET = "query($id: ID!) { ticket(id: $id) { summary tenantOwner { name } conversation(first: 5) { totalCount } } }"
LISTS = """query($search: String!) {
  tickets(first: 10) { totalCount nodes { id } }
  found: tickets(first: 10, search: $search) { totalCount nodes { id } }
  services(first: 100) { nodes { id } }
}"""
AROUND = """{ viewer { role memberships { role } user { email } tenant {
  name owner { name } securitySettings { version } management { mode }
  services(first: 5) { totalCount } tickets(first: 5) { totalCount }
} } }"""


@pytest.fixture
async def owner(client: Running, world: World) -> Client:
    return await client.as_("owner@alder.example")


async def copied_in(owner: Client, world: World, **more: Any) -> str:
    """A ticket in which the consultant is copied in."""
    return str(made(await invited(owner, world, **({"additionalRecipients": [EMAIL]} | more)))["id"])


async def tickets(who: Client, tenant: Any = None) -> Any:
    """The ids of all tickets of a list, or why there is none."""
    answer = await Client(who.http, who.token, tenant).query("{ tickets(first: 10) { nodes { id } } }")
    return answer.codes or [node["id"] for node in answer.data["tickets"]["nodes"]]


async def test_C3_who_is_named_in_a_ticket_is_pre_provisioned(post: Post, world: World, owner: Client) -> None:
    await copied_in(owner, world)
    for email, name in ((EMAIL, "consultant"), ("ada@alder.example", "Ada Finch")):
        user = await account(post.client, email)
        assert (user.name, user.status, user.password_hash) == (name, UserStatus.PRE_PROVISIONED, None)
    assert (await sign_in(post.client, EMAIL)).status_code == 400


async def test_C3_a_sign_up_claims_the_pre_provisioned_account(post: Post, world: World, owner: Client) -> None:
    await copied_in(owner, world)
    before = await account(post.client, EMAIL)
    assert await set_password(post.client, await signed_up(post, email=EMAIL)) == []
    after = await account(post.client, EMAIL)
    assert (after.id, after.name, after.status) == (before.id, "Robin Vale", UserStatus.ACTIVE)


async def test_C1_C8_they_see_their_ticket_in_every_list_and_nothing_else(
    post: Post, world: World, owner: Client
) -> None:
    mine = await copied_in(owner, world)
    other = made(await invited(owner, world))
    who = await member(post, EMAIL)
    seen = (await who.query(LISTS, search="backup stops")).data
    only = {"totalCount": 1, "nodes": [{"id": mine}]}
    assert (seen["tickets"], seen["found"]) == (only, only)
    assert {node["id"] for node in seen["services"]["nodes"]} == {
        encode("service", key) for key in (world.catalogue.backup, world.catalogue.archive, world.catalogue.premium)
    }
    for document, named in (
        (TICKET, {"id": other["id"]}),
        ("query($id: ID!) { node(id: $id) { id } }", {"id": other["id"]}),
        ("query($n: String!) { ticketByNumber(number: $n) { id } }", {"n": other["number"]}),
    ):
        assert (await who.query(document, **named)).codes == ["NOT_FOUND"]


async def test_C1_they_see_of_the_organisation_its_name(post: Post, world: World, owner: Client) -> None:
    await copied_in(owner, world)
    who = await member(post, EMAIL)
    assert (await who.query(AROUND)).data["viewer"] == {
        "role": "PARTICIPANT",
        "memberships": [],
        "user": {"email": EMAIL},
        "tenant": {
            "name": "Alder & Finch",
            "owner": None,
            "securitySettings": None,
            "management": None,
            "services": {"totalCount": 0},
            "tickets": {"totalCount": 1},
        },
    }


async def test_C6_they_ask_for_no_support_themselves(post: Post, world: World, owner: Client) -> None:
    await copied_in(owner, world)
    who = await member(post, EMAIL)
    refused = await invited(who, world)
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def test_C1_before_the_address_is_proved_nothing_is_seen(post: Post, world: World, owner: Client) -> None:
    await copied_in(owner, world)
    user = await account(post.client, EMAIL)
    for status in (UserStatus.PRE_PROVISIONED, UserStatus.ACTIVE):
        async with post.client.session() as session:
            await make.change(session, User, user.id, status=status)
        code = "UNAUTHENTICATED" if status is UserStatus.PRE_PROVISIONED else "FORBIDDEN"
        assert await tickets(await post.client.as_(user.id)) == [code]


async def test_C14_they_fetch_the_files_of_their_ticket_until_they_are_copied_out(
    post: Post, world: World, owner: Client
) -> None:
    mine, files = await copied_in(owner, world), []
    other = made(await invited(owner, world))["id"]
    for ticket in (mine, other):
        files.append(await uploaded(post.client, owner))
        given = {"attachmentIds": files[-1:], "privacyAgreementVersion": PRIVACY_VERSION}
        made(await reply(owner, ticket, **given))
    who = await member(post, EMAIL)
    assert (await who.query("query($id: ID!) { node(id: $id) { id } }", id=files[1])).codes == ["NOT_FOUND"]
    url = await address(who, files[0])
    assert (await who.http.get(url)).content == b"a log"
    await copied_out(post.client)
    assert (await who.http.get(url)).status_code == 403


async def copied_out(client: Running) -> None:
    async with client.session() as session:
        await session.execute(delete(TicketParticipant).where(TicketParticipant.email == EMAIL))


async def test_C8_who_is_copied_out_is_of_no_organisation_at_once(post: Post, world: World, owner: Client) -> None:
    mine = await copied_in(owner, world)
    who = await member(post, EMAIL)
    assert await tickets(who) == [mine]
    await copied_out(post.client)
    assert await tickets(who) == ["FORBIDDEN"]


async def test_C13_AMB6_a_copy_replies_unless_it_is_to_read_and_copies_nobody_in(
    post: Post, world: World, owner: Client
) -> None:
    replies = await copied_in(owner, world)
    reads = made(await invited(owner, world))["id"]
    made(await done(owner, ADD, id=reads, to=[EMAIL], canReply=False))
    who = await member(post, EMAIL)
    for ticket, can in ((replies, True), (reads, False)):
        answer = (await who.query(CAN, id=ticket)).data["ticket"]["viewerCan"]
        assert answer == {"reply": can, "manageCc": False}
        errors = [error["code"] for error in (await reply(who, ticket))["userErrors"]]
        assert errors == ([] if can else ["FORBIDDEN"])
        added = await done(who, ADD, id=ticket, to=["more@elsewhere.example"])
        assert [error["code"] for error in added["userErrors"]] == ["FORBIDDEN"]


async def test_A13_the_contact_of_a_ticket_sees_it_and_replies(post: Post, world: World, owner: Client) -> None:
    mine = await copied_in(owner, world, additionalRecipients=[], contact={"name": "Kim", "email": EMAIL})
    who = await member(post, EMAIL)
    assert await tickets(who) == [mine]
    made(await done(who, REPLY, id=mine, input={"body": "It is the third night."}))


async def test_AMB34_in_two_organisations_they_say_in_which_they_act(post: Post, world: World, owner: Client) -> None:
    mine = await copied_in(owner, world)
    pine = await post.client.as_("owner@lonepine.example")
    given = form(world, tenantId=encode("tenant", world.lone_pine.tenant), additionalRecipients=[EMAIL])
    theirs = made(await invited(pine, world, **given))["id"]
    who = await member(post, EMAIL)
    assert await tickets(who) == ["TENANT_REQUIRED"]
    for tenant, ids in ((world.alder.tenant, [mine]), (world.lone_pine.tenant, [theirs])):
        assert await tickets(who, tenant) == ids
    assert await tickets(who, world.solstice.tenant) == ["NOT_FOUND"]


async def test_B17_the_word_of_a_partner_holds_until_the_customer_manages_itself(post: Post, world: World) -> None:
    admin = await post.client.as_("admin@meridian.example")
    mine = await copied_in(admin, world)
    who = await member(post, EMAIL)
    assert await tickets(who) == [mine]
    flip = {"id": encode("customer", world.alder.relationship), "input": {"mode": "CUSTOMER"}}
    assert (await done(admin, MODE, **flip))["userErrors"] == []
    assert await tickets(who) == ["FORBIDDEN"]


async def test_4_1_the_word_of_a_partner_holds_while_it_is_not_suspended(
    post: Post, world: World, owner: Client
) -> None:
    """What its customer named them in stays, and what they are mailed about agrees (tests/mail/test_suspended.py)."""
    admin = await post.client.as_("admin@meridian.example")
    theirs, ours = await copied_in(admin, world), await copied_in(owner, world)
    who = await member(post, EMAIL)
    for status, seen in ((TenantStatus.SUSPENDED, [ours]), (TenantStatus.ACTIVE, [ours, theirs])):
        async with post.client.session() as session:
            await make.change(session, Tenant, world.meridian.tenant, status=status)
        assert await tickets(who) == seen
        assert (await who.query(TICKET, id=theirs)).codes == ([] if theirs in seen else ["NOT_FOUND"])


async def test_4_1_whom_a_suspended_partner_alone_named_acts_nowhere(post: Post, world: World) -> None:
    await copied_in(await post.client.as_("admin@meridian.example"), world)
    who = await member(post, EMAIL)
    async with post.client.session() as session:
        await make.change(session, Tenant, world.meridian.tenant, status=TenantStatus.SUSPENDED)
    assert await tickets(who) == ["FORBIDDEN"]


async def test_C8_a_member_of_another_organisation_sees_nothing_of_it(post: Post, world: World, owner: Client) -> None:
    """In which tenant one acts is never somebody else's choice (AMB-34)."""
    await copied_in(owner, world)
    async with post.client.session() as session:
        person = await account(post.client, EMAIL)
        await make.membership(session, world.lone_pine.tenant, person.id, Role.STANDARD_USER)
    assert await tickets(await member(post, EMAIL)) == []


@pytest.mark.parametrize("home", ["customer", "partner"])
async def test_C8_who_has_left_goes_on_with_no_ticket_that_names_them(
    post: Post, world: World, owner: Client, home: str
) -> None:
    await copied_in(owner, world)
    tenant = world.alder.tenant if home == "customer" else world.meridian.tenant
    role = Role.STANDARD_USER if home == "customer" else Role.PARTNER_USER
    person = await account(post.client, EMAIL)
    async with post.client.session() as session:
        key = await make.membership(session, tenant, person.id, role)
    who = await member(post, EMAIL)
    async with post.client.session() as session:
        await make.change(session, Membership, key, status=MembershipStatus.DISABLED)
    assert await tickets(who) == ["FORBIDDEN"]
    post.box.mails.clear()
    made(await reply(owner, await copied_in(owner, world)))
    await post.deliver()
    assert {mail["To"] for mail in post.box.mails} == {"ada@alder.example"}


@pytest.mark.parametrize(
    ("status", "proved", "told"),
    [
        (UserStatus.PRE_PROVISIONED, False, "the notice"),
        (UserStatus.PENDING_PASSWORD, False, "the notice"),
        (UserStatus.ACTIVE, False, "the notice"),
        (UserStatus.ACTIVE, True, "everything"),
        (UserStatus.DISABLED, True, "nothing"),
        (UserStatus.DELETED, True, "nothing"),
    ],
)
async def test_4_3_13_what_mail_tells_a_copied_address_follows_its_account(
    post: Post, world: World, owner: Client, status: UserStatus, proved: bool, told: str
) -> None:
    await copied_in(owner, world)
    person = await account(post.client, EMAIL)
    async with post.client.session() as session:
        verified = post.client.clock() if proved else None
        await make.change(session, User, person.id, status=status, email_verified_at=verified)
    await post.deliver()
    assert said(post) == told


async def test_4_3_13_whom_the_vendor_copies_in_gets_the_notice_and_sees_nothing(
    post: Post, world: World, owner: Client
) -> None:
    ticket = made(await invited(owner, world))["id"]
    agent = await post.client.as_("agent@northstar.example")
    made(await done(agent, ADD, id=ticket, to=[EMAIL]))
    who = await member(post, EMAIL)
    post.box.mails.clear()
    made(await reply(agent, ticket))
    await post.deliver()
    assert (said(post), await tickets(who)) == ("the notice", ["FORBIDDEN"])


def said(post: Post) -> str:
    """How much the consultant's mail says."""
    subjects = {str(mail["Subject"]) for mail in post.box.mails if mail["To"] == EMAIL}
    if not subjects:
        return "nothing"
    return "everything" if any("The backup stops" in subject for subject in subjects) else "the notice"
