"""The queues of the support team, the orders of a list, and one's own tickets (spec 7; 8; C7-C10)."""

from datetime import timedelta
from typing import Any

import pytest

from domain.tickets.model import Ticket, TicketStatus
from execution.ids import encode
from tests.schema.asking import AGENT, ASSIGN, CLOSE, LEAD, done, invited, made, reply, row
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

OWNER = "owner@alder.example"
FIND = """query ($filter: TicketFilter, $order: TicketOrder! = NEWEST, $first: Int = 100, $after: String) {
  tickets(filter: $filter, orderBy: $order, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { id status responseTarget { state } resolutionTarget { state } }
  }
}"""
COUNTS = "{ ticketQueues { unassigned mine awaitingReply atRisk breached } }"
OWN = """query ($scope: TicketScope, $statuses: [TicketStatus!], $search: String) {
  viewer { tickets(first: 100, scope: $scope, statuses: $statuses, search: $search) { totalCount nodes { id } } }
}"""


async def found(who: Client, order: str = "NEWEST", **filters: Any) -> list[str]:
    """The ids of a list, whose count must be their number."""
    page = await done(who, FIND, filter=filters, order=order)
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def raised(client: Running, world: World, severity: int = 5) -> str:
    """A ticket of Alder's owner: with severity 5, 120 minutes for an answer and 1,200 for the solution."""
    return str(made(await invited(await client.as_(OWNER), world, severity=severity))["id"])


async def assigned(client: Running, ticket: str, agent: Any) -> None:
    made(await done(await client.as_(LEAD), ASSIGN, id=ticket, agent=encode("user", agent)))


async def test_a_lead_lists_each_queue_and_counts_as_many(client: Running, world: World) -> None:
    mine, theirs, waiting, closed = [await raised(client, world) for _ in range(4)]
    await assigned(client, mine, world.platform.lead)
    await assigned(client, theirs, world.platform.agent)
    lead = await client.as_(LEAD)
    made(await reply(lead, waiting, needsAnswer=True))
    made(await done(lead, CLOSE, id=closed, code="DECREMENT"))
    first = encode("ticket", world.alder.ticket)
    queues = ("UNASSIGNED", "MINE", "AWAITING_REPLY", "AT_RISK", "BREACHED")
    lists = [set(await found(lead, queue=name)) for name in queues]
    assert lists == [{waiting, first}, {mine}, {waiting}, set(), set()]
    assert list((await done(lead, COUNTS)).values()) == [len(ids) for ids in lists]


async def test_an_agent_counts_what_it_sees_alone(client: Running, world: World) -> None:
    mine, theirs = [await raised(client, world) for _ in range(2)]
    await assigned(client, mine, world.platform.agent)
    await assigned(client, theirs, world.platform.lead)
    counted = await done(await client.as_(AGENT), COUNTS)
    assert (counted["mine"], counted["unassigned"]) == (1, 1)


@pytest.mark.parametrize("minutes", [0, 89, 90, 120, 121, 899, 900, 1200, 1201])
async def test_SLA_queues_have_the_open_tickets_whose_targets_stand_so(
    client: Running, world: World, minutes: int
) -> None:
    _, answered, waiting, closed = [await raised(client, world) for _ in range(4)]
    lead = await client.as_(LEAD)
    made(await reply(lead, answered))
    made(await done(lead, CLOSE, id=closed, code="DECREMENT"))
    made(await reply(lead, waiting, needsAnswer=True))
    client.clock.advance(minutes=minutes)
    lead = await client.as_(LEAD)
    everything = [n for n in (await done(lead, FIND))["nodes"] if n["status"] != "CLOSED"]

    def stand(node: dict[str, Any]) -> set[str]:
        return {node[target]["state"] for target in ("responseTarget", "resolutionTarget") if node[target]}

    late = [node["id"] for node in everything if "BREACHED" in stand(node)]
    near = [node["id"] for node in everything if "AT_RISK" in stand(node) and node["id"] not in late]
    assert await found(lead, queue="BREACHED") == late
    assert await found(lead, queue="AT_RISK") == near


async def test_SLA_a_pause_moves_the_instant_from_which_a_solution_is_at_risk(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    made(await reply(await client.as_(LEAD), ticket, needsAnswer=True))
    client.clock.advance(minutes=600)
    made(await reply(await client.as_(OWNER), ticket))
    kept: Ticket = await row(client, Ticket, ticket)
    assert kept.resolution_due_at is not None
    assert kept.resolution_at_risk_at == kept.resolution_due_at - timedelta(minutes=300)
    assert kept.resolution_due_at == kept.created_at + timedelta(minutes=1800)


async def test_SLA_another_severity_moves_it_too(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    severity = """mutation ($id: ID!) { ticketSeveritySet(ticketId: $id, input: {severity: 4}) {
      ticket { id } userErrors { code } } }"""
    made(await done(await client.as_(LEAD), severity, id=ticket))
    kept: Ticket = await row(client, Ticket, ticket)
    assert (kept.response_at_risk_at, kept.resolution_at_risk_at) == (
        kept.created_at + timedelta(minutes=180),
        kept.created_at + timedelta(minutes=1800),
    )


async def test_tickets_are_filtered_by_who_looks_after_them_and_by_region(client: Running, world: World) -> None:
    mine, free = [await raised(client, world) for _ in range(2)]
    await assigned(client, mine, world.platform.agent)
    agent, region = encode("user", world.platform.agent), encode("region", world.catalogue.region)
    lead, first = await client.as_(LEAD), encode("ticket", world.alder.ticket)
    assert await found(lead, assigneeIds=[agent]) == [mine]
    assert set(await found(lead, unassigned=True)) == {free, first}
    assert await found(lead, unassigned=False) == [mine]
    assert set(await found(lead, regionIds=[region])) == {free, mine}
    assert await found(lead, regionIds=[]) == []


async def test_what_is_due_until_an_instant_is_found(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    lead, due = await client.as_(LEAD), client.clock.now + timedelta(minutes=120)
    assert await found(lead, dueUntil=due.isoformat()) == []
    assert await found(lead, dueUntil=(due + timedelta(seconds=1)).isoformat()) == [ticket]


async def test_what_is_due_soonest_comes_first_and_what_rests_last(client: Running, world: World) -> None:
    first = encode("ticket", world.alder.ticket)  # nothing was promised for it
    slow, quick = await raised(client, world, severity=1), await raised(client, world)
    closed = await raised(client, world)
    lead = await client.as_(LEAD)
    made(await done(lead, CLOSE, id=closed, code="DECREMENT"))
    assert await found(lead, "DUE_SOONEST") == [quick, slow, first, closed]
    made(await reply(lead, quick))  # the solution alone is owed now, after 1,200 minutes
    assert await found(lead, "DUE_SOONEST") == [quick, slow, first, closed]
    made(await reply(lead, quick, needsAnswer=True))
    assert await found(lead, "DUE_SOONEST") == [slow, first, quick, closed]


async def test_an_order_is_kept_over_pages(client: Running, world: World) -> None:
    wanted = [await raised(client, world, severity) for severity in (5, 4, 3, 2, 1)]
    lead, seen, after = await client.as_(LEAD), [], None
    while True:
        page = await done(lead, FIND, order="DUE_SOONEST", first=2, after=after)
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [*wanted, encode("ticket", world.alder.ticket)]


async def test_a_cursor_of_one_order_is_none_of_another(client: Running, world: World) -> None:
    await raised(client, world)
    lead = await client.as_(LEAD)
    after = (await done(lead, FIND, order="DUE_SOONEST", first=1))["pageInfo"]["endCursor"]
    answer = await lead.query(FIND, order="NEWEST", first=1, after=after)
    assert [error["extensions"]["code"] for error in answer.body["errors"]] == ["INVALID_CURSOR"]


async def own(who: Client, **arguments: Any) -> list[str]:
    """The ids of the viewer's own field."""
    page = (await done(who, OWN, **arguments))["tickets"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def test_C7_C8_C9_C10_the_viewers_tickets_are_those_of_the_sections(client: Running, world: World) -> None:
    alder = world.alder
    async with client.session() as session:
        over: dict[str, Any] = {"status": TicketStatus.CLOSED, "closure_code": "DECREMENT"}
        other = await make.ticket(session, alder.tenant, alder.owner, summary="Quokka", **over)
        await make.participant(session, alder.tenant, other, alder.user)
    mine, copied = encode("ticket", alder.ticket), encode("ticket", other)
    user = await client.as_("user@alder.example")
    sections = {scope: await own(user, scope=scope) for scope in ("REQUESTED", "CC", "ORGANIZATION", "ALL", None)}
    assert sections == {
        "REQUESTED": [mine], "CC": [copied], "ORGANIZATION": [copied, mine], "ALL": [copied, mine],
        None: [copied, mine],
    }  # fmt: skip
    assert await own(user, statuses=["OPEN"]) == [mine]
    assert await own(user, search="quokka") == [copied]


async def test_C7_the_viewers_tickets_are_those_that_the_viewer_sees(client: Running, world: World) -> None:
    assert await own(await client.as_("owner@lonepine.example")) == []
    assert await own(await client.as_("admin@meridian.example")) == [encode("ticket", world.alder.ticket)]
