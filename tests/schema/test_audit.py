"""The audit log, as those read it who may (spec 3, 2)."""

from typing import Any

import pytest

from execution.ids import encode
from tests.schema import asking
from tests.schema.asking import made
from tests.schema.managing import MODE, PIN, SECURITY, UNPIN, UPDATE, done
from tests.schema.test_appointments import booked, hour, looked_after
from tests.schema.test_ticket_create import create
from tests.schema.test_ticket_merging import MERGE
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

LOG = """query Log($first: Int, $after: String, $filter: AuditFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) { totalCount pageInfo { endCursor hasNextPage } nodes {
    id occurredAt action objectType objectId actorKind actorId actorName actingTenantId actingTenantName
    before after requestId } } }"""
READERS = [
    "owner@alder.example",
    "service@alder.example",
    "custom@alder.example",
    "admin@meridian.example",
    "lead@northstar.example",
    "operator@northstar.example",
]
OTHERS = ["apps@alder.example", "user@alder.example", "staff@meridian.example", "agent@northstar.example"]


@pytest.fixture
async def admin(client: Running, world: World) -> Client:
    return await client.as_("admin@meridian.example")


@pytest.fixture
async def history(client: Running, world: World, admin: Client) -> None:
    """Pinned, edited and unpinned, a minute apart."""
    for document, more in ((PIN, {}), (UPDATE, {"input": {"notes": "Note."}, "version": 1}), (UNPIN, {})):
        given: dict[str, Any] = dict(more)
        assert (await done(admin, document, key=world.alder.relationship, **given))["userErrors"] == []
        client.clock.advance(minutes=1)


async def log(who: Client, **given: Any) -> list[dict[str, Any]]:
    found = (await who.query(LOG, first=50, filter=given)).data["auditEvents"]
    assert found["totalCount"] == len(found["nodes"])
    return list(found["nodes"])


async def actions(who: Client, **given: Any) -> list[str]:
    return [event["action"] for event in await log(who, **given)]


@pytest.mark.parametrize("who", READERS)
async def test_the_log_is_read_by_those_who_hold_the_act(client: Running, world: World, who: str) -> None:
    assert await log(await client.as_(who)) == []


@pytest.mark.parametrize("who", OTHERS)
async def test_others_may_not_read_it(client: Running, world: World, who: str) -> None:
    assert (await (await client.as_(who)).query(LOG, first=1)).codes == ["FORBIDDEN"]


async def test_an_event_tells_who_did_what_for_whom(client: Running, world: World, admin: Client) -> None:
    await done(admin, UPDATE, key=world.alder.relationship, input={"notes": "Note."}, version=1)
    (event,) = await log(admin)
    assert event | {"id": "", "occurredAt": "", "requestId": ""} == {
        "id": "",
        "occurredAt": "",
        "requestId": "",
        "action": "customer.update",
        "objectType": "customer",
        "objectId": encode("customer", world.alder.relationship),
        "actorKind": "USER",
        "actorId": encode("user", world.meridian.admin),
        "actorName": "Admin Meridian",
        "actingTenantId": encode("tenant", world.meridian.tenant),
        "actingTenantName": "Meridian IT",
        "before": {"notes": None},
        "after": {"notes": "Note."},
    }
    document = "query One($id: ID!) { node(id: $id) { ... on AuditEvent { action } } }"
    assert (await admin.query(document, id=event["id"])).data == {"node": {"action": "customer.update"}}


async def test_the_newest_comes_first(history: None, admin: Client) -> None:
    assert await actions(admin) == ["customer.unpin", "customer.update", "customer.pin"]


async def test_the_log_is_paged(history: None, admin: Client) -> None:
    found, after = [], None
    for _ in range(3):
        page = (await admin.query(LOG, first=1, after=after)).data["auditEvents"]
        found.append(page["nodes"][0]["action"])
        after = page["pageInfo"]["endCursor"]
    assert found == ["customer.unpin", "customer.update", "customer.pin"]


async def test_filters_must_all_hold(client: Running, world: World, history: None, admin: Client) -> None:
    customer = encode("customer", world.alder.relationship)
    nobody = encode("user", world.meridian.staff)
    since = (client.clock.now.replace(microsecond=0)).isoformat()
    assert await actions(admin, actions=["customer.pin", "customer.unpin"]) == ["customer.unpin", "customer.pin"]
    assert await actions(admin, actorUserId=encode("user", world.meridian.admin), objectId=customer) == [
        "customer.unpin",
        "customer.update",
        "customer.pin",
    ]
    assert await actions(admin, actorUserId=nobody) == []
    assert await actions(admin, since=since) == []
    assert len(await actions(admin, until=since)) == 3


async def test_a_time_without_an_offset_is_meant_in_utc(history: None, admin: Client) -> None:
    assert len(await actions(admin, since="2020-01-01T00:00:00")) == 3


async def test_a_filter_by_a_malformed_id_is_not_found(world: World, admin: Client) -> None:
    assert (await admin.query(LOG, first=1, filter={"objectId": "nonsense"})).codes == ["NOT_FOUND"]


async def test_the_customer_reads_which_engineer_of_its_partner_did_it(
    client: Running, world: World, admin: Client
) -> None:
    await done(admin, MODE, key=world.alder.relationship, input={"mode": "CUSTOMER"})
    (event,) = await log(await client.as_("owner@alder.example"))
    assert (event["actorName"], event["actingTenantName"]) == ("Admin Meridian", "Meridian IT")
    assert (event["before"], event["after"]) == ({"managementMode": "PARTNER"}, {"managementMode": "CUSTOMER"})


async def test_a_partner_does_not_read_its_customers_log(client: Running, world: World, admin: Client) -> None:
    owner = await client.as_("owner@alder.example")
    await done(owner, SECURITY, input={"sessionTimeoutMinutes": 60}, version=1)
    assert await actions(owner) == ["tenant.security_settings_update"]
    assert await actions(admin) == []
    assert await actions(await client.as_("lead@northstar.example")) == ["tenant.security_settings_update"]


async def test_E20_a_private_request_is_in_its_requesters_log_and_the_vendors_alone(
    client: Running, world: World, admin: Client
) -> None:
    """Neither that there is one, nor who raised it, nor what came of it, nor with what it was merged."""
    async with client.session() as session:
        await make.subscription(session, world.meridian.tenant, world.catalogue.backup)
    staff, lead = await client.as_("staff@meridian.example"), await client.as_("lead@northstar.example")
    private, own = made(await create(staff, world))["id"], made(await create(admin, world))["id"]
    made(await asking.done(staff, asking.REPLY, id=private, input={"body": "And now?"}))
    made(await asking.done(lead, asking.ASSIGN, id=private, agent=encode("user", world.platform.agent)))
    made(await asking.done(lead, MERGE, id=private, into=own))
    of_private = ("ticket.create", "ticket.reply", "ticket.assign", "ticket.merge")
    told = {(event["action"], event["objectId"]) for event in await log(lead)}
    assert told == {*((act, private) for act in of_private), ("ticket.create", own), ("ticket.merge", own)}
    assert [(event["action"], event["objectId"]) for event in await log(admin)] == [("ticket.create", own)]
    assert await log(admin, objectId=private) == []


async def test_E20_a_meeting_is_in_its_requesters_log_and_the_vendors_alone(client: Running, world: World) -> None:
    owner, lead = await client.as_("owner@alder.example"), await client.as_("lead@northstar.example")
    ticket = await looked_after(client, world)
    assert (await booked(client, ticket, hour(client, 24)))["userErrors"] == []
    assert await actions(lead) == ["appointment.booked"]
    assert await actions(owner) == []
