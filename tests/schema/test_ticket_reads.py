"""Reading tickets: sections, filters, what is shown to whom (C7-C18, E20, spec 4.3), and in how many statements."""

from typing import Any

import pytest

from domain.tickets.model import MessageVisibility, Side, Ticket, TicketOrigin, TicketStatus, TicketVisibility
from execution.ids import encode
from tests.schema.asking import CREATE, NOTE, REPLY, done, invited, made, problems, row, uploaded
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.sent import sent
from tests.support.world import PRIVACY_VERSION, World

LIST = """query List($scope: TicketScope, $filter: TicketFilter) {
  tickets(first: 100, scope: $scope, filter: $filter) { totalCount nodes { id number status portalStatus } }
}"""


async def listed(who: Client, **variables: Any) -> list[str]:
    """The ids of a list, whose count must be their number."""
    found = await done(who, LIST, **variables)
    assert found["totalCount"] == len(found["nodes"])
    return [node["id"] for node in found["nodes"]]


async def more(client: Running, world: World, count: int = 1, **values: Any) -> list[str]:
    """More tickets about Alder & Finch, raised by its owner."""
    async with client.session() as session:
        service = values.pop("service_id", world.catalogue.archive)
        keys = [
            await make.ticket(session, world.alder.tenant, world.alder.owner, service, **values) for _ in range(count)
        ]
    return [encode("ticket", key) for key in keys]


async def test_C7_open_and_closed_tickets_are_listed(client: Running, world: World) -> None:
    closed = await more(client, world, status=TicketStatus.CLOSED, closure_code="DECREMENT")
    first = encode("ticket", world.alder.ticket)
    assert set(await listed(await client.as_("owner@alder.example"))) == {first, *closed}


async def test_C8_C9_C10_the_sections_of_my_tickets(client: Running, world: World) -> None:
    mine, other = encode("ticket", world.alder.ticket), (await more(client, world))[0]
    async with client.session() as session:
        key = (await row(client, Ticket, other)).id
        await make.participant(session, world.alder.tenant, key, world.alder.user)
    user = await client.as_("user@alder.example")
    assert await listed(user, scope="REQUESTED") == [mine]
    assert await listed(user, scope="CC") == [other]
    assert set(await listed(user, scope="ORGANIZATION")) == {mine, other}
    assert set(await listed(user, scope="ALL")) == {mine, other}


@pytest.mark.parametrize("who", ["user@alder.example", "owner@alder.example", "staff@meridian.example"])
async def test_C9_my_requests_are_those_that_one_raised_oneself_and_no_others(
    client: Running, world: World, who: str
) -> None:
    """Not those of colleagues, nor those that one merely sees, is copied in on, or is the contact of."""
    asker = await client.as_(who)
    async with client.session() as session:
        copied = await make.ticket(session, world.alder.tenant, world.alder.service, world.catalogue.backup)
        for each in (world.alder.user, world.alder.owner, world.meridian.staff):
            await make.participant(session, world.alder.tenant, copied, each)
    given = {
        "tenantId": encode("tenant", world.alder.tenant),
        "summary": "Mine",
        "serviceId": encode("service", world.catalogue.backup),
        "details": "All of it.",
    }
    mine = made(await done(asker, CREATE, input=given))["id"]
    raised_before = [encode("ticket", world.alder.ticket)] if who.startswith("user@") else []
    assert await listed(asker, scope="REQUESTED") == [mine, *raised_before]


async def test_C9_a_request_stays_mine_when_it_is_resolved_and_closed(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, Ticket, world.alder.ticket, status=TicketStatus.CLOSED, closure_code="DECREMENT")
    mine = encode("ticket", world.alder.ticket)
    assert await listed(await client.as_("user@alder.example"), scope="REQUESTED") == [mine]
    assert await listed(await client.as_("colleague@alder.example"), scope="REQUESTED") == []


async def test_C16_a_ticket_is_several_things_at_once(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.participant(session, world.alder.tenant, world.alder.ticket, world.alder.user)
    query = "query($id: ID!) { ticket(id: $id) { viewerRelation } }"
    answers = {}
    for who in ("user@alder.example", "owner@alder.example", "admin@meridian.example"):
        found = await (await client.as_(who)).query(query, id=encode("ticket", world.alder.ticket))
        answers[who.partition("@")[0]] = found.data["ticket"]["viewerRelation"]
    assert answers == {"user": ["REQUESTER", "CC", "ORGANIZATION"], "owner": ["ORGANIZATION"], "admin": []}


@pytest.mark.parametrize(
    ("status", "shown"),
    [("OPEN", "OPEN"), ("AWAITING_REPLY", "AWAITING_REPLY"), ("RESOLVED", "RESOLVED"), ("CLOSED", "RESOLVED")],
)
async def test_C11_the_portal_has_three_words(client: Running, world: World, status: str, shown: str) -> None:
    code = "DECREMENT" if status == "CLOSED" else None
    (ticket,) = await more(client, world, status=TicketStatus(status), closure_code=code)
    query = "query($id: ID!) { ticket(id: $id) { portalStatus } }"
    answer = await (await client.as_("owner@alder.example")).query(query, id=ticket)
    assert answer.data["ticket"]["portalStatus"] == shown


async def test_C12_the_conversation_is_in_order_and_has_the_vendors_replies(client: Running, world: World) -> None:
    ticket = encode("ticket", world.alder.ticket)
    for who, body in (
        ("user@alder.example", "Help"),
        ("agent@northstar.example", "Try this"),
        ("user@alder.example", "No"),
    ):
        made(await done(await client.as_(who), REPLY, id=ticket, input={"body": body}))
        client.clock.advance(seconds=1)
    query = "query($id: ID!) { ticket(id: $id) { conversation(first: 10) { totalCount nodes { body authorSide } } } }"
    answer = await (await client.as_("colleague@alder.example")).query(query, id=ticket)
    assert answer.data["ticket"]["conversation"] == {
        "totalCount": 3,
        "nodes": [
            {"body": "Help", "authorSide": "CUSTOMER"},
            {"body": "Try this", "authorSide": "VENDOR"},
            {"body": "No", "authorSide": "CUSTOMER"},
        ],
    }


async def test_C18_by_id_and_by_number(client: Running, world: World) -> None:
    number = (await row(client, Ticket, encode("ticket", world.alder.ticket))).number
    query = "query($number: String!) { ticketByNumber(number: $number) { id } }"
    owner, stranger = await client.as_("owner@alder.example"), await client.as_("owner@lonepine.example")
    assert (await owner.query(query, number=number)).data["ticketByNumber"]["id"] == encode(
        "ticket", world.alder.ticket
    )
    for who, text in ((owner, number.lstrip("0")), (owner, f" {number}"), (owner, "²"), (stranger, number)):
        assert (await who.query(query, number=text)).codes == ["NOT_FOUND"]


VISIBLE = """query($id: ID!) {
  ticket(id: $id) {
    updatedAt version conversation(first: 50) { totalCount nodes { body visibility } }
    attachments(first: 50) { totalCount }
  }
}"""


@pytest.mark.parametrize(
    "who",
    [
        "user@alder.example",
        "owner@alder.example",
        "colleague@alder.example",
        "apps@alder.example",
        "admin@meridian.example",
        "operator@northstar.example",
    ],
)
async def test_an_internal_note_leaves_no_trace_for_anybody_but_agents(client: Running, world: World, who: str) -> None:
    ticket = encode("ticket", world.alder.ticket)
    made(await done(await client.as_("agent@northstar.example"), REPLY, id=ticket, input={"body": "Hello"}))
    asker = await client.as_(who)
    before = (await asker.query(VISIBLE, id=ticket)).body
    client.clock.advance(minutes=5)
    agent = await client.as_("agent@northstar.example")
    file = await uploaded(client, agent)
    given = {"body": "A secret", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    note = await done(agent, NOTE, id=ticket, input=given)
    assert (note["userErrors"], note["message"]["visibility"]) == ([], "INTERNAL")
    asker = await client.as_(who)
    assert (await asker.query(VISIBLE, id=ticket)).body == before
    for each in (note["message"]["id"], file):
        hidden = await asker.query("query($id: ID!) { node(id: $id) { id } }", id=each)
        assert hidden.codes == ["NOT_FOUND"]


async def test_a_file_of_a_note_needs_the_agreement_and_to_be_ones_own(client: Running, world: World) -> None:
    agent, ticket = await client.as_("agent@northstar.example"), encode("ticket", world.alder.ticket)
    theirs = await uploaded(client, await client.as_("lead@northstar.example"))
    refused = await done(agent, NOTE, id=ticket, input={"body": " ", "attachmentIds": [theirs]})
    assert problems(refused) == [
        ("NOT_FOUND", "attachmentIds.0"),
        ("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion"),
        ("REQUIRED", "body"),
    ]


async def test_an_internal_note_is_there_for_agents_with_the_time_of_it(client: Running, world: World) -> None:
    ticket = encode("ticket", world.alder.ticket)
    agent = await client.as_("agent@northstar.example")
    made(await done(agent, NOTE, id=ticket, input={"body": "A secret"}))
    seen = (await agent.query(VISIBLE, id=ticket)).data["ticket"]
    assert seen["conversation"] == {"totalCount": 1, "nodes": [{"body": "A secret", "visibility": "INTERNAL"}]}
    stored = await row(client, Ticket, ticket)
    assert stored.updated_at == client.clock.now


@pytest.mark.parametrize(
    "who", ["user@alder.example", "owner@alder.example", "admin@meridian.example", "operator@northstar.example"]
)
async def test_only_agents_leave_notes(client: Running, world: World, who: str) -> None:
    refused = await done(
        await client.as_(who), NOTE, id=encode("ticket", world.alder.ticket), input={"body": "A secret"}
    )
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def test_a_note_that_is_stored_is_in_no_count_of_the_customer(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.message(
            session,
            world.alder.tenant,
            world.alder.ticket,
            visibility=MessageVisibility.INTERNAL,
            author_side=Side.VENDOR,
        )
    seen = (await (await client.as_("user@alder.example")).query(VISIBLE, id=encode("ticket", world.alder.ticket))).data
    assert seen["ticket"]["conversation"] == {"totalCount": 0, "nodes": []}


async def test_E20_a_partners_own_request_is_its_requesters_alone(client: Running, world: World) -> None:
    async with client.session() as session:
        ticket = await make.ticket(
            session,
            world.meridian.tenant,
            world.meridian.staff,
            world.catalogue.backup,
            origin=TicketOrigin.PARTNER_REQUEST,
            visibility=TicketVisibility.REQUESTER_ONLY,
            requester_side=Side.PARTNER,
        )
    query = "query($id: ID!) { ticket(id: $id) { id } }"
    codes = {
        who: (await (await client.as_(f"{who}@meridian.example")).query(query, id=encode("ticket", ticket))).codes
        for who in ("staff", "admin")
    }
    assert codes == {"staff": [], "admin": ["NOT_FOUND"]}


async def test_filters_narrow_a_list(client: Running, world: World) -> None:
    owner, backup = await client.as_("owner@alder.example"), encode("ticket", world.alder.ticket)
    resolved, minor = (
        (await more(client, world, status=TicketStatus.RESOLVED))[0],
        (await more(client, world, severity=2))[0],
    )
    client.clock.advance(minutes=1)
    partner = made(await invited(await client.as_("admin@meridian.example"), world))["id"]
    since = {"createdSince": client.clock.now.isoformat()}
    until = {"createdUntil": client.clock.now.isoformat()}
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({"statuses": ["RESOLVED"]}, {resolved}),
        ({"statuses": []}, set()),
        ({"openOnly": True}, {backup, minor, partner}),
        ({"severities": [2]}, {minor}),
        ({"serviceIds": [encode("service", world.catalogue.archive)]}, {resolved, minor}),
        ({"tenantIds": [encode("tenant", world.alder.tenant)]}, {backup, resolved, minor, partner}),
        ({"tenantIds": [encode("tenant", world.lone_pine.tenant)]}, set()),
        (since, {partner}),
        (until, {backup, resolved, minor}),
        ({"createdUntil": client.clock.now.replace(tzinfo=None).isoformat()}, {backup, resolved, minor}),
        ({"raisedByPartner": True}, {partner}),
        ({"raisedByPartner": False, "openOnly": True}, {backup, minor}),
    ]
    for given, tickets in expected:
        assert set(await listed(owner, filter=given)) == tickets, given


async def test_a_malformed_id_in_a_filter_names_nothing(client: Running, world: World) -> None:
    answer = await (await client.as_("owner@alder.example")).query(LIST, filter={"serviceIds": ["x"]})
    assert answer.codes == ["NOT_FOUND"]


async def test_an_application_administrator_sees_the_tickets_of_its_services(client: Running, world: World) -> None:
    await more(client, world)
    assert await listed(await client.as_("apps@alder.example")) == [encode("ticket", world.alder.ticket)]


async def test_pages_go_both_ways_and_neither_skip_nor_repeat(client: Running, world: World) -> None:
    await more(client, world, 6)
    owner = await client.as_("owner@alder.example")
    query = """query($first: Int, $after: String, $last: Int, $before: String) {
      tickets(first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }"""
    whole = await listed(owner)
    forward: list[str] = []
    backward: list[str] = []
    after = before = None
    for _ in range(3):
        page = (await owner.query(query, first=3, after=after)).data["tickets"]
        forward += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        page = (await owner.query(query, last=3, before=before)).data["tickets"]
        backward = [node["id"] for node in page["nodes"]] + backward
        before = page["pageInfo"]["startCursor"]
    assert forward == whole
    assert backward == whole


NESTED = """query {
  tickets(first: 100) { nodes {
    number viewerRelation viewerCan { reply }
    tenant { name } service { name } requester { name user { id } }
    responseTarget { state remainingMinutes } resolutionTarget { dueAt }
    participants(first: 5) { totalCount nodes { email } }
    conversation(first: 5) { nodes { body attachments { id } } }
    attachments(first: 5) { nodes { id } }
    entitlementUse { quantity } temporarySupportAccount { status }
  } }
}"""


async def test_K4_one_statement_for_each_relation_whatever_the_number_of_tickets(client: Running, world: World) -> None:
    async def statements() -> int:
        with sent(client.database) as texts:
            assert (await owner.query(NESTED)).data
        return len(texts)

    owner = await client.as_("owner@alder.example")
    for _ in range(3):
        made(await invited(owner, world))
    few = await statements()
    for _ in range(6):
        made(await invited(owner, world))
    assert await statements() == few


async def test_B38_K4_a_customers_tickets_take_the_same_filters_as_the_list(client: Running, world: World) -> None:
    resolved = (await more(client, world, status=TicketStatus.RESOLVED))[0]
    query = """query($id: ID!, $filter: TicketFilter) { customer(id: $id) {
      openTicketCount tickets(first: 10, filter: $filter) { totalCount nodes { id tenant { name } } }
    } }"""
    admin, customer = await client.as_("admin@meridian.example"), encode("customer", world.alder.relationship)
    name = {"name": "Alder & Finch"}
    both = (await admin.query(query, id=customer)).data["customer"]
    assert (both["openTicketCount"], both["tickets"]["totalCount"]) == (1, 2)
    some = (await admin.query(query, id=customer, filter={"statuses": ["RESOLVED"]})).data["customer"]["tickets"]
    assert some == {"totalCount": 1, "nodes": [{"id": resolved, "tenant": name}]}
    disabled = encode("customer", world.solstice.relationship or world.solstice.tenant)
    answer = (await admin.query(query, id=disabled)).data["customer"]
    assert answer == {"openTicketCount": None, "tickets": None}
