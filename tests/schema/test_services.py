"""Services of the catalogue and subscriptions, as clients see them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.services.model import ServiceSetup, ServiceSubscription, SetupStatus, SubscriptionStatus
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

CATALOGUE = "query ($search: String) { services(first: 100, search: $search) { nodes { name } totalCount } }"
SERVICE = """query ($id: ID!) { service(id: $id) {
  name startable family channel { name requiresSupportContract requiredPartnerPrivilege signInKind } } }"""
NODE = """query ($id: ID!) { node(id: $id) {
  ... on ServiceSubscription { status seats validUntil setup { status } service { name } }
  ... on CustomerService { status setupStatus service { name } subscription { seats } } } }"""


async def named(client: Running, who: str, search: str | None = None) -> list[str]:
    answer = await (await client.as_(who)).query(CATALOGUE, search=search)
    services = answer.data["services"]
    assert services["totalCount"] == len(services["nodes"])
    return [service["name"] for service in services["nodes"]]


async def node(client: Running, who: str, prefix: str, key: UUID) -> Any:
    return (await (await client.as_(who)).query(NODE, id=encode(prefix, key))).body


@pytest.mark.parametrize("who", ["owner@alder.example", "user@alder.example", "admin@meridian.example"])
async def test_K1_the_catalogue_is_listed_by_name(client: Running, world: World, who: str) -> None:
    assert await named(client, who) == ["Archive", "Cloud Backup", "Recovery"]


async def test_A2_an_application_administrator_sees_its_services_alone(client: Running, world: World) -> None:
    assert await named(client, "apps@alder.example") == ["Cloud Backup"]


async def test_A2_another_service_is_not_found_for_an_application_administrator(client: Running, world: World) -> None:
    apps = await client.as_("apps@alder.example")
    answer = await apps.query(SERVICE, id=encode("service", world.catalogue.archive))
    assert (answer.codes, answer.body["data"]) == (["NOT_FOUND"], {"service": None})


async def test_A18_a_temporary_account_sees_its_one_service(client: Running, world: World) -> None:
    async with client.session() as session:
        account = await make.temporary_account(session, world.alder.tenant, world.alder.ticket, world.catalogue.backup)
    answer = await (await client.as_temporary(account, world.platform.agent)).query(CATALOGUE)
    assert [service["name"] for service in answer.data["services"]["nodes"]] == ["Cloud Backup"]


@pytest.mark.parametrize(
    ("search", "found"),
    [("backup CLOUD", ["Cloud Backup"]), ("bäckup", ["Cloud Backup"]), ("%", []), ("backup archive", [])],
)
async def test_services_are_searched_by_every_keyword_of_the_name(
    client: Running, world: World, search: str, found: list[str]
) -> None:
    assert await named(client, "owner@alder.example", search) == found


async def test_D9_a_service_says_what_its_channel_needs(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    answer = await owner.query(SERVICE, id=encode("service", world.catalogue.premium))
    assert answer.data["service"]["channel"] == {
        "name": "Contract support",
        "requiresSupportContract": True,
        "requiredPartnerPrivilege": "NONE",
        "signInKind": "LOCAL",
    }


@pytest.mark.parametrize(
    ("begins", "ends", "stored", "status"),
    [
        (-1, 1, SubscriptionStatus.ACTIVE, "ACTIVE"),
        (-2, 0, SubscriptionStatus.ACTIVE, "EXPIRED"),
        (1, 2, SubscriptionStatus.ACTIVE, "PENDING"),
        (0, 1, SubscriptionStatus.ACTIVE, "ACTIVE"),
        (-1, 1, SubscriptionStatus.SUSPENDED, "SUSPENDED"),
        (-1, 1, SubscriptionStatus.ENDED, "ENDED"),
        (-2, 0, SubscriptionStatus.ENDED, "ENDED"),
    ],
)
async def test_spec_4_2_the_status_of_a_subscription_follows_from_its_dates(
    client: Running, world: World, begins: int, ends: int, stored: SubscriptionStatus, status: str
) -> None:
    now, day = client.clock(), timedelta(days=1)
    dates = {"valid_from": now + begins * day, "valid_until": now + ends * day, "status": stored}
    async with client.session() as session:
        await make.change(session, ServiceSubscription, world.alder.subscription, **dates)
    body = await node(client, "owner@alder.example", "subscription", world.alder.subscription)
    assert body["data"]["node"]["status"] == status


async def started(client: Running, tenant_id: UUID, subscription_id: UUID, service_id: UUID) -> None:
    async with client.session() as session:
        key = await make.setup(session, tenant_id, service_id, subscription_id)
        await make.change(session, ServiceSetup, key, status=SetupStatus.STARTED)


@pytest.mark.parametrize("who", ["admin@meridian.example", "owner@alder.example", "agent@northstar.example"])
async def test_B9_the_setup_of_a_subscription_is_shown(client: Running, world: World, who: str) -> None:
    await started(client, world.alder.tenant, world.alder.subscription, world.catalogue.backup)
    body = await node(client, who, "customerservice", world.alder.subscription)
    assert body["data"]["node"] == {
        "status": "ACTIVE",
        "setupStatus": "STARTED",
        "service": {"name": "Cloud Backup"},
        "subscription": {"seats": 10},
    }


@pytest.mark.parametrize("who", ["admin@meridian.example", "owner@alder.example", "agent@northstar.example"])
async def test_B9_a_service_that_nobody_began_to_start_is_not_started(client: Running, world: World, who: str) -> None:
    body = await node(client, who, "customerservice", world.alder.subscription)
    assert body["data"]["node"]["setupStatus"] == "NOT_STARTED"


async def test_B9_a_service_that_is_never_started_has_no_status(client: Running, world: World) -> None:
    body = await node(client, "owner@alder.example", "customerservice", world.alder.archive_subscription)
    assert body["data"]["node"]["setupStatus"] is None


async def test_spec_4_4_a_partner_without_access_does_not_learn_that_nothing_is_started(
    client: Running, world: World
) -> None:
    seen = {}
    for who in ("admin@meridian.example", "owner@solstice.example"):
        body = await node(client, who, "customerservice", world.solstice.subscription)
        seen[who] = body["data"]["node"]["setupStatus"]
    assert seen == {"admin@meridian.example": None, "owner@solstice.example": "NOT_STARTED"}


async def test_spec_4_4_a_partner_without_access_sees_licences_and_no_setup(client: Running, world: World) -> None:
    await started(client, world.solstice.tenant, world.solstice.subscription, world.catalogue.backup)
    body = await node(client, "admin@meridian.example", "subscription", world.solstice.subscription)
    assert body["data"]["node"]["seats"] == 10
    assert body["data"]["node"]["setup"] is None
    owner = await node(client, "owner@solstice.example", "subscription", world.solstice.subscription)
    assert owner["data"]["node"]["setup"] == {"status": "STARTED"}


@pytest.mark.parametrize("who", ["apps@alder.example", "user@alder.example"])
async def test_spec_5_3_who_may_not_read_licences_sees_services_alone(client: Running, world: World, who: str) -> None:
    body = await node(client, who, "customerservice", world.alder.subscription)
    assert body["data"]["node"]["service"] == {"name": "Cloud Backup"}
    assert body["data"]["node"]["subscription"] is None
    assert [error["extensions"]["code"] for error in body["errors"]] == ["FORBIDDEN"]


async def test_A2_a_subscription_outside_the_scope_is_not_found(client: Running, world: World) -> None:
    body = await node(client, "apps@alder.example", "customerservice", world.alder.archive_subscription)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize("prefix", ["subscription", "customerservice"])
async def test_AMB34_anothers_subscription_is_not_found(client: Running, world: World, prefix: str) -> None:
    body = await node(client, "owner@lonepine.example", prefix, world.alder.subscription)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]


async def test_a_partners_user_reaches_a_customers_licence(client: Running, world: World) -> None:
    body = await node(client, "staff@meridian.example", "subscription", world.alder.subscription)
    assert body["data"]["node"]["seats"] == 10
