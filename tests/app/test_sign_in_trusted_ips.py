"""Members and machines act from the addresses that their organization trusts (A31, Administration > Security)."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from authz.roles import Role
from domain.tenants.model import TenantSecuritySettings
from domain.tenants.trusted_ips import is_trusted
from tests.support import factories as make
from tests.support.app import Answer, Client, Running
from tests.support.world import World

ME = "{ viewer { role } }"
OFFICE, HOME = "203.0.113.7", "198.51.100.20"


@pytest.fixture
async def office(client: Running, world: World) -> Running:
    """Alder & Finch trusts its office alone, by two networks."""
    networks = ["203.0.113.0/24", "2001:db8:7::/48"]
    async with client.session() as session:
        mine = TenantSecuritySettings.tenant_id == world.alder.tenant
        await session.execute(update(TenantSecuritySettings).where(mine).values(trusted_ips=networks))
    return client


async def asks(office: Running, who: Client, address: str, document: str = ME, **variables: Any) -> Answer:
    """What somebody is answered who asks from an address."""
    transport = httpx.ASGITransport(office.app, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://bailiwick.example") as http:
        return await Client(http, who.token).query(document, **variables)


@pytest.mark.parametrize("who", ["owner@alder.example", "custom@alder.example", "user@alder.example"])
async def test_A31_members_act_from_trusted_addresses_alone(office: Running, who: str) -> None:
    member = await office.as_(who)
    assert (await asks(office, member, OFFICE)).data["viewer"]["role"]
    refused = await asks(office, member, HOME)
    assert (refused.codes, refused.body.get("data")) == (["FORBIDDEN"], None)


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("203.0.113.255", True),
        ("203.0.114.0", False),
        ("2001:db8:7::1", True),
        ("2001:db8:8::1", False),
        ("::ffff:203.0.113.7", True),
        ("::ffff:198.51.100.20", False),
        ("2001:db8:7::1%eth0", True),
        ("unknown", False),
        ("", False),
    ],
)
def test_A31_an_address_is_trusted_as_part_of_a_network(address: str, trusted: bool) -> None:
    assert is_trusted(["203.0.113.0/24", "2001:db8:7::/48"], address) is trusted


async def test_A31_a_refused_mutation_changes_nothing(office: Running, world: World) -> None:
    owner = await office.as_("owner@alder.example")
    document = """mutation { tenantSecuritySettingsUpdate(input: {sessionTimeoutMinutes: 60}, expectedVersion: 1) {
      userErrors { code } } }"""
    assert (await asks(office, owner, HOME, document)).codes == ["FORBIDDEN"]
    async with office.session() as session:
        kept = await session.get_one(TenantSecuritySettings, world.alder.tenant)
    assert (kept.version, kept.session_timeout_minutes) == (1, 720)


async def test_A31_machines_act_from_there_alone_too(office: Running, world: World) -> None:
    async with office.session() as session:
        principal = await make.service_principal(session, world.alder.tenant, Role.TENANT_OWNER, name="Nightly report")
        _, secret = await make.api_token(session, world.alder.tenant, principal, ["ticket:read"])
    machine = office.with_token(secret)
    assert (await asks(office, machine, OFFICE)).data["viewer"]["role"] == "TENANT_OWNER"
    assert (await asks(office, machine, HOME)).codes == ["FORBIDDEN"]


@pytest.mark.parametrize("who", ["admin@meridian.example", "owner@lonepine.example", "agent@northstar.example"])
async def test_A31_other_organizations_are_not_bound(office: Running, who: str) -> None:
    assert (await asks(office, await office.as_(who), HOME)).data["viewer"]["role"]


async def test_A31_support_with_a_temporary_account_is_not_bound(office: Running, world: World) -> None:
    alder = world.alder
    async with office.session() as session:
        account = await make.temporary_account(session, alder.tenant, alder.ticket, world.catalogue.backup)
    agent = await office.as_temporary(account, world.platform.agent)
    assert (await asks(office, agent, HOME, "{ viewer { principal } }")).data == {
        "viewer": {"principal": "TEMPORARY_SUPPORT"}
    }


async def test_A31_who_takes_part_without_being_a_member_is_not_bound(office: Running, world: World) -> None:
    alder, email = world.alder, "consultant@elsewhere.example"
    async with office.session() as session:
        person = await make.user(session, email, email_verified_at=datetime.now(UTC))
        word: dict[str, Any] = {"email": email, "added_by_tenant_id": alder.tenant}
        await make.participant(session, alder.tenant, alder.ticket, person, **word)
    assert (await asks(office, await office.as_(person), HOME)).data == {"viewer": {"role": "PARTICIPANT"}}
