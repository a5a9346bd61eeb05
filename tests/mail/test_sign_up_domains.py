"""Which organisation takes a proved address in by itself, and who says so (C6, docs/adr/0015)."""

from typing import Any

import pytest
from sqlalchemy import func, select

from authz.roles import Role
from domain.records.model import AuditEvent
from domain.tenants.model import Membership, MembershipStatus, User
from execution.ids import encode
from tests.mail.accounts import account, member, reset, set_password, sign_in, signed_up
from tests.mail.conftest import Post
from tests.schema.asking import CREATE, done, made
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

NEW = "new@alder.example"
TICKETS = "{ tickets(first: 10) { nodes { id } } }"
LIST = """mutation List($domains: [String!], $version: Int!) {
  tenantSecuritySettingsUpdate(expectedVersion: $version, input: {signUpDomains: $domains}) {
    tenant { securitySettings { signUpDomains } } userErrors { code field }
  }
}"""


@pytest.fixture
async def owner(client: Running, world: World) -> Client:
    """The customer's owner; all its people have proved their addresses."""
    async with client.session() as session:
        for key in (world.alder.owner, world.alder.service, world.alder.custom):
            await make.change(session, User, key, email_verified_at=client.clock())
    return await client.as_("owner@alder.example")


async def listed(who: Client, *domains: str) -> list[str]:
    """Let addresses of these domains in; the list as it is then."""
    payload = await done(who, LIST, domains=list(domains), version=1)
    assert payload["userErrors"] == []
    return list(payload["tenant"]["securitySettings"]["signUpDomains"])


async def refused(who: Client, *domains: str) -> list[tuple[str, list[str]]]:
    """What is wrong with a list of domains."""
    errors = (await done(who, LIST, domains=list(domains), version=1))["userErrors"]
    return [(error["code"], error["field"]) for error in errors]


async def memberships(client: Running, email: str) -> list[tuple[Role, MembershipStatus]]:
    """What an account is, anywhere."""
    async with client.session() as session:
        rows = select(Membership.role, Membership.status).join(User, User.id == Membership.user_id)
        return [(role, status) for role, status in await session.execute(rows.where(User.email == email))]


async def test_C6_a_proved_address_of_a_listed_domain_sees_statuses_and_asks_for_support(
    post: Post, world: World, owner: Client
) -> None:
    assert await listed(owner, " @ALDER.example ", "alder.example") == ["alder.example"]
    newcomer = await member(post, NEW)
    assert (await newcomer.query("{ viewer { role } }")).data["viewer"]["role"] == "STANDARD_USER"
    seen = {node["id"] for node in (await newcomer.query(TICKETS)).data["tickets"]["nodes"]}
    assert seen == {encode("ticket", world.alder.ticket)}
    form = {
        "tenantId": encode("tenant", world.alder.tenant),
        "summary": "It stops",
        "serviceId": encode("service", world.catalogue.backup),
        "details": "Since today",
        "contact": {"name": "New", "email": NEW},
    }
    assert made(await done(newcomer, CREATE, input=form))["requester"]["name"] == "Robin Vale"


async def test_C6_the_organisations_log_says_who_joined(post: Post, world: World, owner: Client) -> None:
    await listed(owner, "alder.example")
    await member(post, NEW)
    async with post.client.session() as session:
        rows = select(AuditEvent.object_id, AuditEvent.tenant_id).where(AuditEvent.action == "user.join")
        joined = {tuple(row) for row in await session.execute(rows)}
    assert ((await account(post.client, NEW)).id, world.alder.tenant) in joined


async def test_C6_a_domain_opens_nothing_before_the_address_is_proved(post: Post, world: World, owner: Client) -> None:
    await listed(owner, "alder.example")
    await signed_up(post, email=NEW)
    assert await memberships(post.client, NEW) == []


async def test_C6_a_domain_below_a_listed_one_opens_nothing(post: Post, world: World, owner: Client) -> None:
    await listed(owner, "alder.example")
    stranger = await member(post, "new@shop.alder.example")
    assert (await stranger.query(TICKETS)).codes == ["FORBIDDEN"]


async def test_C6_a_domain_that_two_organisations_list_opens_neither(post: Post, world: World, owner: Client) -> None:
    await listed(owner, "alder.example")
    async with post.client.session() as session:
        second = await make.tenant(session, "Alder Government")
        await make.security_settings(session, second, sign_up_domains=["alder.example"])
    assert (await (await member(post, NEW)).query(TICKETS)).codes == ["FORBIDDEN"]


async def test_C6_one_insider_does_not_open_a_company_to_another_organisation(
    post: Post, world: World, owner: Client
) -> None:
    """The owner of Alder has an address at Lone Pine; Lone Pine's own people have theirs there, too."""
    async with post.client.session() as session:
        await make.change(session, User, world.alder.owner, email="insider@lonepine.example")
        await make.change(session, User, world.lone_pine.owner, email_verified_at=post.client.clock())
    await listed(owner, "lonepine.example")
    await member(post, "new@lonepine.example")
    assert await memberships(post.client, "new@lonepine.example") == []


async def test_C6_whom_another_organisation_has_invited_does_not_close_a_domain(
    post: Post, world: World, owner: Client
) -> None:
    async with post.client.session() as session:
        await make.membership(session, world.solstice.tenant, world.alder.service, Role.STANDARD_USER)
    await listed(owner, "alder.example")
    await member(post, NEW)
    assert await memberships(post.client, NEW) == [(Role.STANDARD_USER, MembershipStatus.ACTIVE)]


@pytest.mark.parametrize("status", MembershipStatus)
async def test_C6_who_is_or_was_a_member_anywhere_joins_no_other_organisation(
    post: Post, world: World, owner: Client, status: MembershipStatus
) -> None:
    async with post.client.session() as session:
        await make.person(session, world.solstice.tenant, Role.STANDARD_USER, NEW, status=status)
    await listed(owner, "alder.example")
    assert await set_password(post.client, await reset(post, NEW)) == []
    assert await memberships(post.client, NEW) == [(Role.STANDARD_USER, status)]


async def test_C6_a_domain_that_is_listed_later_lets_in_with_the_next_reset(
    post: Post, world: World, owner: Client
) -> None:
    await member(post, NEW)
    await listed(owner, "alder.example")
    assert await memberships(post.client, NEW) == []
    assert await set_password(post.client, await reset(post, NEW), "another long password") == []
    assert await memberships(post.client, NEW) == [(Role.STANDARD_USER, MembershipStatus.ACTIVE)]
    assert (await sign_in(post.client, NEW, "another long password")).status_code == 200


async def test_C6_nobody_lists_a_domain_that_is_not_their_own(client: Running, world: World, owner: Client) -> None:
    codes = {"solstice.example": "DOMAIN_NOT_ALLOWED", "no domain": "OUT_OF_RANGE", "": "OUT_OF_RANGE"}
    answer = await refused(owner, "alder.example", *codes)
    assert answer == [(code, ["signUpDomains", str(n)]) for n, code in enumerate(codes.values(), 1)]
    async with client.session() as session:
        changed = AuditEvent.action == "tenant.security_settings_update"
        assert (await session.execute(select(func.count()).where(changed))).scalar() == 0
    assert await listed(owner, "alder.example") == ["alder.example"]
    async with client.session() as session:
        assert (await session.execute(select(func.count()).where(changed))).scalar() == 1


@pytest.mark.parametrize("domain", ["gmail.com", "GMX.de", "yahoo.co.jp", "outlook.com", "proton.me"])
async def test_C6_nobody_lists_free_mail_not_even_with_an_address_there(
    client: Running, world: World, owner: Client, domain: str
) -> None:
    async with client.session() as session:
        await make.change(session, User, world.alder.owner, email=f"alder@{domain.lower()}")
    assert await refused(owner, domain) == [("DOMAIN_NOT_ALLOWED", ["signUpDomains", "0"])]


async def test_C6_a_domain_of_an_unproved_address_cannot_be_listed(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    assert await refused(owner, "alder.example") == [("DOMAIN_NOT_ALLOWED", ["signUpDomains", "0"])]


async def test_C6_at_most_twenty_domains(client: Running, world: World, owner: Client) -> None:
    assert await refused(owner, *(f"d{n}.example" for n in range(21))) == [("LIMIT_EXCEEDED", ["signUpDomains"])]


async def test_C6_who_may_invite_nobody_lets_nobody_in(client: Running, world: World, owner: Client) -> None:
    """A role that has ADMINISTRATION may change the settings, and needs MANAGEMENT as well for these."""
    custom = await client.as_("custom@alder.example")
    assert await refused(custom, "alder.example") == [("FORBIDDEN", ["signUpDomains"])]


async def test_C6_a_partner_lists_no_domains_of_its_own(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, User, world.meridian.admin, email_verified_at=client.clock())
    admin = await client.as_("admin@meridian.example")
    assert await refused(admin, "meridian.example") == [("DOMAIN_NOT_ALLOWED", ["signUpDomains", "0"])]


async def test_C6_an_empty_list_lets_nobody_in_any_more(post: Post, world: World, owner: Client) -> None:
    await listed(owner, "alder.example")
    payload: dict[str, Any] = await done(owner, LIST, domains=[], version=2)
    assert payload["tenant"]["securitySettings"]["signUpDomains"] == []
    await member(post, NEW)
    assert await memberships(post.client, NEW) == []
