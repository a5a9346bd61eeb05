"""What copying in, merging, rating and the timeline take and tell: bad text, strangers' ids, and never a note."""

from typing import Any

import pytest

from domain.tickets.model import TicketStatus
from execution.ids import encode
from tests.bad_input.test_rejected_forms import everything
from tests.schema.asking import AGENT, ERRORS, LEAD, NOTE, done, of, problems, reply
from tests.schema.test_ticket_copies import ADD, REMOVE, copied
from tests.schema.test_ticket_merging import MERGE
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

OWNER, USER = "owner@alder.example", "user@alder.example"
RATE = f"""mutation($id: ID!, $score: Int!, $comment: String) {{
  ticketRatingSet(ticketId: $id, input: {{score: $score, comment: $comment}}) {{
    ticket {{ rating {{ comment }} }} {ERRORS}
  }}
}}"""
TIMELINE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  ticket(id: $id) { timeline(first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { cursor node { kind } } pageInfo { hasNextPage hasPreviousPage }
  } }
}"""
BAD_ADDRESSES = ["a\u0000@x.example", "\u202eda@x.example", "a@x.example\r\nBcc: b@x.example", "x" * 300 + "@x.example"]


async def test_4_3_13_to_copy_an_address_in_tells_nobody_but_the_vendor_whether_it_has_an_account(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        await make.user(session, "known@x.example", email_verified_at=client.clock())
    owner, agent, admin = [await client.as_(who) for who in (OWNER, AGENT, "admin@meridian.example")]
    assert problems(await done(owner, ADD, id=of(world), to=["known@x.example", "unknown@x.example"])) == []
    for who, accounts in ((owner, {False}), (admin, {False}), (agent, {True, False})):
        people = await copied(who, of(world))
        assert {person["hasAccount"] for person in people.values()} == accounts
        assert {(person["kind"], person["canReply"]) for person in people.values()} == {("CC", True)}


@pytest.mark.parametrize("address", BAD_ADDRESSES)
async def test_C8_an_address_with_more_in_it_is_refused_at_its_place(
    client: Running, world: World, address: str
) -> None:
    owner, before = await client.as_(OWNER), await everything(client)
    answer = await owner.query(ADD, id=of(world), to=["right@x.example", address])
    codes = answer.codes or problems(answer.data["ticketCcAdd"])
    assert codes in (["BAD_USER_INPUT"], [("INVALID_EMAIL", "recipients.1")], [("TOO_LONG", "recipients.1")])
    assert await everything(client) == before


async def test_C8_somebody_of_another_ticket_is_copied_out_of_it_as_nobody_is(client: Running, world: World) -> None:
    async with client.session() as session:
        pine = world.lone_pine
        strange = await make.ticket(session, pine.tenant, pine.owner, world.catalogue.backup)
        theirs = await make.participant(session, pine.tenant, strange, pine.owner)
    owner = await client.as_(OWNER)
    answers = [await done(owner, REMOVE, id=of(world), ids=[key]) for key in (_participant(theirs), _participant(None))]
    assert answers[0] == answers[1]
    assert problems(answers[0]) == [("NOT_FOUND", "participantIds.0")]


async def test_17_of_an_address_that_takes_no_part_a_merge_tells_no_more_than_that(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        other = await make.ticket(session, world.alder.tenant, world.alder.user, world.catalogue.backup)
    lead, before = await client.as_(LEAD), await everything(client)
    told = []
    for address in (OWNER, "owner@lonepine.example", "nobody@nowhere.example", "Ａ@x.example"):
        refused = await done(lead, MERGE, id=encode("ticket", other), into=of(world), ccs=[address])
        told.append([(error["code"], error["field"], error["message"]) for error in refused["userErrors"]])
    assert (
        told
        == [[("NOT_FOUND", ["includeCcs", "0"], "Nobody with this address takes part in the ticket that ends.")]] * 4
    )
    assert await everything(client) == before


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("a\u0000b", None),
        ("a\ue000b", "INVALID_TEXT"),
        ("x" * 2_001, "TOO_LONG"),
        ("e" + "\u0301" * 40, "INVALID_TEXT"),
    ],
)
async def test_31_a_rating_in_words_that_are_none_is_refused_and_leaves_nothing(
    client: Running, world: World, comment: str, code: str | None
) -> None:
    async with client.session() as session:
        resolved: dict[str, Any] = {"status": TicketStatus.RESOLVED, "resolved_at": client.clock.now}
        ticket = await make.ticket(session, world.alder.tenant, world.alder.user, **resolved)
    user, before = await client.as_(USER), await everything(client)
    answer = await user.query(RATE, id=encode("ticket", ticket), score=9, comment=comment)
    if code is None:
        assert answer.codes == ["BAD_USER_INPUT"]
    else:
        assert problems(answer.data["ticketRatingSet"]) == sorted([(code, "comment"), ("OUT_OF_RANGE", "score")])
    assert await everything(client) == before


@pytest.mark.parametrize("who", [OWNER, USER, "colleague@alder.example", "admin@meridian.example"])
async def test_4_3_a_cursor_that_points_at_a_note_leads_nobody_to_it(client: Running, world: World, who: str) -> None:
    """Whoever got it from the vendor learns neither that there is something at its place nor what."""
    agent = await client.as_(AGENT)
    for body in ("First", "Second"):
        assert (await reply(agent, of(world), body=body))["userErrors"] == []
        client.clock.advance(seconds=1)
        assert (await done(agent, NOTE, id=of(world), input={"body": "A secret"}))["userErrors"] == []
        client.clock.advance(seconds=1)
    theirs = await edges(await client.as_(AGENT), of(world), first=20)
    notes = [edge["cursor"] for edge in theirs if edge["node"]["kind"] == "NOTED"]
    assert len(notes) == 2
    asker = await client.as_(who)
    whole = [edge["node"]["kind"] for edge in await edges(asker, of(world), first=20)]
    assert whole == ["REPLIED", "FIRST_RESPONDED", "REPLIED"]
    after = [edge["node"]["kind"] for edge in await edges(asker, of(world), first=20, after=notes[0])]
    before = [edge["node"]["kind"] for edge in await edges(asker, of(world), last=20, before=notes[0])]
    assert (before, after) == (whole[:2], whole[2:])


async def edges(who: Any, ticket: str, **page: Any) -> list[dict[str, Any]]:
    """A page of the timeline, whose count never has more than what is seen."""
    found = (await who.query(TIMELINE, id=ticket, **page)).data["ticket"]["timeline"]
    assert found["totalCount"] in (3, 5)
    return list(found["edges"])


def _participant(key: Any) -> str:
    return encode("participant", key) if key else "participant_" + "0" * 32
