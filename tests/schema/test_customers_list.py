"""The list of a partner's customers: search, filters, order and pages (B1, B43-B45, B52-B54)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from domain.customers.model import CustomerProfile, RelationshipStatus
from domain.services.model import SubscriptionStatus
from domain.tenants.model import Tenant, TenantStatus
from domain.tickets.model import TicketStatus
from execution.ids import encode
from tests.schema.managing import STAFF
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import Twin, World

LIST = """query List($first: Int, $after: String, $last: Int, $before: String, $search: String, $filter: CustomerFilter,
    $orderBy: CustomerOrder) {
  customers(first: $first, after: $after, last: $last, before: $before, search: $search, filter: $filter,
      orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id organizationName status } } }"""
ONE = """query One($id: ID!) { customer(id: $id) {
  organizationName status managementMode access { level reason } registeredAccount openTicketCount
  tickets(first: 5) { totalCount } services(first: 5) { totalCount } subscriptions(first: 5) { nodes { seats } }
  tenant { name owner { email } } viewerCan {
    update tag pin disconnect changeManagementMode setExpiredServicesVisibility setOptionPolicies startServices
    updateSubscriptions readTickets createTickets inviteSupport applyTemplates } } }"""


@pytest.fixture
async def admin(client: Running, world: World) -> Client:
    return await client.as_("admin@meridian.example")


@pytest.fixture
async def staff(client: Running, world: World) -> Client:
    return await client.as_("staff@meridian.example")


async def names(who: Client, **given: Any) -> list[str]:
    customers = (await who.query(LIST, **{"first": 100} | given)).data["customers"]
    assert customers["totalCount"] >= len(customers["nodes"])
    return [node["organizationName"] for node in customers["nodes"]]


async def customer(client: Running, world: World, name: str, **values: Any) -> tuple[UUID, UUID]:
    """One more customer of Meridian IT: its tenant and its relationship."""
    async with client.session() as session:
        tenant = await make.tenant(session, name, country=values.pop("country", "NO"))
        return tenant, await make.relationship(session, world.meridian.tenant, tenant, **values)


async def test_B1_a_partner_lists_its_customers_and_nobody_elses(admin: Client) -> None:
    assert await names(admin) == ["Alder & Finch", "Solstice Foods"]


@pytest.mark.parametrize("who", ["owner@alder.example", "user@alder.example", *STAFF])
async def test_B1_who_is_no_partner_may_not_list_customers(client: Running, world: World, who: str) -> None:
    answer = await (await client.as_(who)).query(LIST, first=10)
    assert (answer.codes, answer.body["data"]) == (["FORBIDDEN"], None)


async def test_B1_nobody_lists_customers_without_signing_in(client: Running, world: World) -> None:
    assert (await client.nobody.query(LIST, first=10)).codes == ["UNAUTHENTICATED"]


async def test_a_user_limited_to_groups_lists_these_customers_alone(
    client: Running, world: World, staff: Client
) -> None:
    async with client.session() as session:
        partner, membership = world.meridian.tenant, world.meridian.staff_membership
        await make.customer_group(session, partner, world.alder.tenant, included_for=membership)
    assert await names(staff) == ["Alder & Finch"]


async def test_an_excluded_group_is_not_listed_nor_found(client: Running, world: World, staff: Client) -> None:
    async with client.session() as session:
        partner, membership = world.meridian.tenant, world.meridian.staff_membership
        await make.customer_group(session, partner, world.alder.tenant, excluded_for=membership)
    answer = await staff.query(ONE, id=encode("customer", world.alder.relationship))
    assert (await names(staff), answer.codes) == (["Solstice Foods"], ["NOT_FOUND"])


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("alder", ["Alder & Finch"]),
        ("FINCH Ald", ["Alder & Finch"]),
        ("alder foods", []),
        ("  ", ["Alder & Finch", "Solstice Foods"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("owner@alder.example", []),
    ],
)
async def test_B43_every_keyword_must_be_in_the_name(admin: Client, search: str, found: list[str]) -> None:
    assert await names(admin, search=search) == found


@pytest.mark.parametrize("search", ["zoe", "ZOË", "strasse", "cre\u0300me", "CRÈME"])
async def test_B43_case_and_accents_do_not_matter(client: Running, world: World, admin: Client, search: str) -> None:
    await customer(client, world, "Zoë Crème Straße")
    assert await names(admin, search=search) == ["Zoë Crème Straße"]


async def test_B43_a_renamed_organisation_is_found_by_its_new_name(
    client: Running, world: World, admin: Client
) -> None:
    async with client.session() as session:
        await make.change(session, Tenant, world.alder.tenant, name="Élan")
    assert (await names(admin, search="elan"), await names(admin, search="alder")) == (["Élan"], [])


@pytest.mark.parametrize("search", ["x" * 201, " ".join("abcdefghijk")])
async def test_B43_a_search_is_bounded(admin: Client, search: str) -> None:
    assert (await admin.query(LIST, first=10, search=search)).codes == ["TOO_LONG"]


async def test_B44_by_subscribed_product(client: Running, world: World, admin: Client) -> None:
    archive = [encode("service", world.catalogue.archive)]
    assert await names(admin, filter={"subscriptionProductIds": archive}) == ["Alder & Finch"]


async def test_B44_an_ended_subscription_does_not_count(client: Running, world: World, admin: Client) -> None:
    tenant, _ = await customer(client, world, "Ended Ltd")
    async with client.session() as session:
        ended = SubscriptionStatus.ENDED
        await make.subscription(session, tenant, world.catalogue.premium, status=ended)
    premium = [encode("service", world.catalogue.premium)]
    assert await names(admin, filter={"serviceIds": premium}) == []


async def test_B44_several_values_of_a_filter_are_alternatives(world: World, admin: Client) -> None:
    both = [encode("service", world.catalogue.archive), encode("service", world.catalogue.backup)]
    assert await names(admin, filter={"serviceIds": both}) == ["Alder & Finch", "Solstice Foods"]


async def test_B44_several_filters_must_all_hold(world: World, admin: Client) -> None:
    backup = [encode("service", world.catalogue.backup)]
    given = {"serviceIds": backup, "statuses": ["ACCESS_DISABLED"], "countries": ["no", "SE"]}
    assert await names(admin, filter=given) == ["Solstice Foods"]


async def test_B44_by_country(client: Running, world: World, admin: Client) -> None:
    await customer(client, world, "Oslo Ltd", country="SE")
    assert await names(admin, filter={"countries": ["SE", "DE"]}) == ["Oslo Ltd"]


async def test_B44_by_tag(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        mine = CustomerProfile.relationship_id == world.solstice.relationship
        await session.execute(update(CustomerProfile).where(mine).values(tags=["food", "gold"]))
    assert await names(admin, filter={"tags": ["gold", "silver"]}) == ["Solstice Foods"]


async def test_B44_an_empty_list_of_values_matches_nothing(admin: Client) -> None:
    assert await names(admin, filter={"tags": []}) == []


async def test_B44_a_filter_takes_a_hundred_values(admin: Client) -> None:
    answer = await admin.query(LIST, first=1, filter={"tags": [str(number) for number in range(101)]})
    assert answer.codes == ["LIMIT_EXCEEDED"]


async def test_B44_a_filter_by_what_is_no_service_is_not_found(world: World, admin: Client) -> None:
    given = {"serviceIds": [encode("customer", world.alder.relationship)]}
    assert (await admin.query(LIST, first=1, filter=given)).codes == ["NOT_FOUND"]


@pytest.mark.parametrize(("wanted", "found"), [(True, ["Alder & Finch"]), (False, [])])
async def test_AMB_21_open_tickets_of_a_customer_that_manages_itself_stay_unknown(
    client: Running, world: World, admin: Client, wanted: bool, found: list[str]
) -> None:
    async with client.session() as session:
        await make.ticket(session, world.solstice.tenant)
    assert await names(admin, filter={"hasOpenTickets": wanted}) == found


async def test_B44_resolved_tickets_are_not_open(client: Running, world: World, admin: Client) -> None:
    tenant, _ = await customer(client, world, "Quiet Ltd")
    async with client.session() as session:
        await make.ticket(session, tenant, status=TicketStatus.RESOLVED, resolved_at=datetime.now(UTC))
    assert await names(admin, filter={"hasOpenTickets": False}) == ["Quiet Ltd"]


async def test_AMB_20_each_status_is_found_by_its_filter(client: Running, world: World, admin: Client) -> None:
    await customer(client, world, "Invited Ltd", status=RelationshipStatus.PENDING)
    suspended, _ = await customer(client, world, "Suspended Ltd")
    async with client.session() as session:
        await make.change(session, Tenant, suspended, status=TenantStatus.SUSPENDED)
    statuses = ("INVITED", "ACTIVE", "ACCESS_DISABLED", "SUSPENDED")
    found = {status: await names(admin, filter={"statuses": [status]}) for status in statuses}
    assert found == {
        "INVITED": ["Invited Ltd"],
        "ACTIVE": ["Alder & Finch"],
        "ACCESS_DISABLED": ["Solstice Foods"],
        "SUSPENDED": ["Suspended Ltd"],
    }


async def test_B52_sorted_by_name_without_case_and_accents(client: Running, world: World, admin: Client) -> None:
    for name in ("beta", "Émile", "Zeta"):
        await customer(client, world, name)
    expected = ["Alder & Finch", "beta", "Émile", "Solstice Foods", "Zeta"]
    assert await names(admin) == expected
    assert await names(admin, orderBy={"direction": "DESC"}) == expected[::-1]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_B52_equal_names_are_paged_in_a_stable_order(
    client: Running, world: World, admin: Client, direction: str
) -> None:
    for _ in range(4):
        await customer(client, world, "Same Ltd")
    order = {"field": "ORGANIZATION_NAME", "direction": direction}
    whole = (await admin.query(LIST, first=100, orderBy=order)).data["customers"]["nodes"]
    found: list[Any] = []
    after = None
    while True:
        page = (await admin.query(LIST, first=2, after=after, orderBy=order)).data["customers"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole


async def test_B52_pages_run_backward_too(admin: Client) -> None:
    last = (await admin.query(LIST, last=1)).data["customers"]
    before = last["pageInfo"]["startCursor"]
    first = (await admin.query(LIST, last=1, before=before)).data["customers"]
    assert [last["nodes"][0]["organizationName"], first["nodes"][0]["organizationName"]] == [
        "Solstice Foods",
        "Alder & Finch",
    ]


async def test_B54_a_managed_customer_is_reached_in_full(world: World, admin: Client) -> None:
    found = (await admin.query(ONE, id=encode("customer", world.alder.relationship))).data["customer"]
    assert found["access"] == {"level": "FULL", "reason": None}
    assert (found["openTicketCount"], found["tickets"]["totalCount"]) == (1, 1)
    assert found["tenant"] == {"name": "Alder & Finch", "owner": {"email": "owner@alder.example"}}
    assert {act for act, held in found["viewerCan"].items() if not held} == set()


async def test_B54_of_a_customer_that_manages_itself_licences_remain(
    client: Running, world: World, admin: Client
) -> None:
    async with client.session() as session:
        await make.ticket(session, world.solstice.tenant)
    assert world.solstice.relationship is not None
    found = (await admin.query(ONE, id=encode("customer", world.solstice.relationship))).data["customer"]
    assert found["access"] == {"level": "LICENSING_ONLY", "reason": "CUSTOMER_MANAGED"}
    assert (found["openTicketCount"], found["tickets"]) == (None, None)
    assert (found["services"]["totalCount"], found["subscriptions"]["nodes"]) == (1, [{"seats": 10}])
    assert found["tenant"] == {"name": "Solstice Foods", "owner": None}
    assert {act for act, held in found["viewerCan"].items() if held} == {
        "update",
        "tag",
        "pin",
        "disconnect",
        "setExpiredServicesVisibility",
        "updateSubscriptions",
    }


async def test_an_invited_customer_shows_nothing_of_its_tenant(client: Running, world: World, admin: Client) -> None:
    tenant, key = await customer(client, world, "Invited Ltd", status=RelationshipStatus.PENDING)
    async with client.session() as session:
        await make.subscription(session, tenant, world.catalogue.backup)
        await make.ticket(session, tenant)
    found = (await admin.query(ONE, id=encode("customer", key))).data["customer"]
    assert found["access"] == {"level": "LICENSING_ONLY", "reason": "NOT_ACCEPTED"}
    assert (found["tickets"], found["tenant"], found["subscriptions"]["nodes"]) == (None, None, [])
    assert {act for act, held in found["viewerCan"].items() if held} == {"update", "tag", "pin", "disconnect"}


async def test_AMB_7_a_reseller_cannot_ask_on_behalf(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        await make.change(session, Tenant, world.meridian.tenant, partner_type="INDIRECT_RESELLER")
    found = (await admin.query(ONE, id=encode("customer", world.alder.relationship))).data["customer"]
    assert {act for act, held in found["viewerCan"].items() if not held} == {"createTickets", "inviteSupport"}


async def test_a_partners_user_may_do_what_its_role_may(world: World, staff: Client) -> None:
    found = (await staff.query(ONE, id=encode("customer", world.alder.relationship))).data["customer"]
    assert {act for act, held in found["viewerCan"].items() if held} == {"pin", "readTickets", "createTickets"}


@pytest.mark.parametrize("text", ["customer_0", "nonsense", "", "ticket_" + "0" * 32, "customer_" + "0" * 32])
async def test_what_is_no_customer_is_not_found(admin: Client, text: str) -> None:
    assert (await admin.query(ONE, id=text)).codes == ["NOT_FOUND"]


async def test_another_partners_customer_is_not_found(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    other = right.customers[0].customer.relationship
    assert other is not None
    answer = await (await client.as_(left.partner.admin)).query(ONE, id=encode("customer", other))
    assert answer.codes == ["NOT_FOUND"]


APPLIED = """query ($filter: CustomerFilter, $search: String) {
  customers(first: 1, filter: $filter, search: $search) { appliedFilters { field value } } }"""


async def test_B45_what_was_applied_is_told_back_one_value_at_a_time(admin: Client) -> None:
    given = {"countries": ["NO", "SE"], "statuses": ["ACTIVE"], "hasOpenTickets": False}
    answer = await admin.query(APPLIED, filter=given, search=" alder ")
    assert [(one["field"], one["value"]) for one in answer.data["customers"]["appliedFilters"]] == [
        ("SEARCH", "alder"),
        ("STATUSES", "ACTIVE"),
        ("COUNTRIES", "NO"),
        ("COUNTRIES", "SE"),
        ("HAS_OPEN_TICKETS", "false"),
    ]


async def test_B45_without_filters_nothing_is_told(admin: Client) -> None:
    assert (await admin.query(APPLIED)).data["customers"]["appliedFilters"] == []
