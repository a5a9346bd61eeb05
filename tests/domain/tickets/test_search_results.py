"""What a search shows: the best first, and where its words are (spec 3, 20)."""

from typing import Any
from uuid import UUID

import pytest

from domain.tickets.highlights import LONGEST, highlights
from domain.tickets.model import MessageVisibility, Side
from execution.ids import decode, encode
from tests.schema.asking import done
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

OWNER = "owner@alder.example"
FIND = """query ($search: String, $first: Int = 100, $after: String) {
  tickets(search: $search, orderBy: RELEVANCE, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { id highlights { field parts { text matched } } }
  }
}"""


async def raised(client: Running, tenant: UUID, **values: Any) -> str:
    async with client.session() as session:
        return encode("ticket", await make.ticket(session, tenant, **values))


async def found(who: Client, search: str) -> list[str]:
    page = await done(who, FIND, search=search)
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def marked(who: Client, search: str) -> list[str]:
    """The excerpts of the only ticket that is found, what was looked for in brackets."""
    (node,) = (await done(who, FIND, search=search))["nodes"]
    return [
        f"{excerpt['field']}: " + "".join(f"[{p['text']}]" if p["matched"] else p["text"] for p in excerpt["parts"])
        for excerpt in node["highlights"]
    ]


async def ranked(client: Running, world: World) -> list[str]:
    """Tickets with the word 0042 in another place each, the best one first."""
    tenant, word = world.alder.tenant, "0042"
    return [
        await raised(client, tenant, number=word),
        await raised(client, tenant, summary=f"About {word}"),
        await raised(client, tenant, job_ids=["JOB-7", f"JOB-{word}"]),
        await raised(client, tenant, contact_name=f"Zoe {word}"),
        await raised(client, tenant, details=f"It says {word}."),
    ]


async def test_the_number_counts_most_then_the_summary_then_people_and_jobs(client: Running, world: World) -> None:
    number, summary, job, person, details = await ranked(client, world)
    assert await found(await client.as_(OWNER), "0042") == [number, summary, person, job, details]


async def test_every_keyword_counts(client: Running, world: World) -> None:
    tenant = world.alder.tenant
    both = await raised(client, tenant, summary="Quokka and wombat")
    one = await raised(client, tenant, summary="Quokka", details="And a wombat.")
    none = await raised(client, tenant, details="A quokka and a wombat.")
    assert await found(await client.as_(OWNER), "WOMBAT quokka") == [both, one, none]


async def test_what_fits_alike_comes_newest_first(client: Running, world: World) -> None:
    tickets = [await raised(client, world.alder.tenant, summary="Quokka") for _ in range(3)]
    assert await found(await client.as_(OWNER), "quokka") == tickets[::-1]


async def test_a_rank_is_kept_over_pages(client: Running, world: World) -> None:
    number, summary, job, person, details = await ranked(client, world)
    owner, seen, after = await client.as_(OWNER), [], None
    while True:
        page = await done(owner, FIND, search="0042", first=2, after=after)
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [number, summary, person, job, details]


async def test_without_words_nothing_is_more_relevant_than_what_is_new(client: Running, world: World) -> None:
    newer = await raised(client, world.alder.tenant)
    assert await found(await client.as_(OWNER), " ") == [newer, encode("ticket", world.alder.ticket)]


async def test_what_was_looked_for_is_shown_where_it_is(client: Running, world: World) -> None:
    await raised(
        client, world.alder.tenant, summary="A QUOKKA in the Straße", details="Crème,\nbrûlée and a quokka.",
        contact_name="Zoë Quokka", contact_email="zoe@quokka.example", job_ids=["JOB-0041", "QUOKKA-7"],
    )  # fmt: skip
    assert await marked(await client.as_(OWNER), "quokka") == [
        "SUMMARY: A [QUOKKA] in the Straße",
        "DETAILS: Crème,\nbrûlée and a [quokka].",
        "CONTACT_NAME: Zoë [Quokka]",
        "CONTACT_EMAIL: zoe@[quokka].example",
        "JOB_ID: [QUOKKA]-7",
    ]


@pytest.mark.parametrize(
    ("search", "shown"),
    [
        ("STRASSE", "SUMMARY: A QUOKKA in the [Straße]"),
        ("creme-brulee", "DETAILS: [Crème,\nbrûlée] and more."),
        ("quokka in", "SUMMARY: A [QUOKKA] [in] the Straße"),
    ],
)
async def test_words_are_shown_without_regard_to_case_and_accents(
    client: Running, world: World, search: str, shown: str
) -> None:
    await raised(client, world.alder.tenant, summary="A QUOKKA in the Straße", details="Crème,\nbrûlée and more.")
    assert await marked(await client.as_(OWNER), search) == [shown]


async def test_the_text_of_an_excerpt_is_given_as_it_is_and_marks_are_data(client: Running, world: World) -> None:
    await raised(client, world.alder.tenant, summary="<b>quokka</b> & <script>")
    (node,) = (await done(await client.as_(OWNER), FIND, search="quokka"))["nodes"]
    assert node["highlights"][0]["parts"] == [
        {"text": "<b>", "matched": False},
        {"text": "quokka", "matched": True},
        {"text": "</b> & <script>", "matched": False},
    ]


@pytest.mark.parametrize("who", [OWNER, "lead@northstar.example"])
async def test_4_3_no_excerpt_is_of_what_was_said(client: Running, world: World, who: str) -> None:
    ticket = await raised(client, world.alder.tenant, summary="Quokka")
    async with client.session() as session:
        note = {"body": "Quokka", "visibility": MessageVisibility.INTERNAL, "author_side": Side.VENDOR}
        await make.message(session, world.alder.tenant, decode(ticket)[1], **note)
    assert await marked(await client.as_(who), "quokka") == ["SUMMARY: [Quokka]"]


async def test_without_a_search_there_are_no_excerpts(client: Running, world: World) -> None:
    ticket = encode("ticket", world.alder.ticket)
    query = "query ($id: ID!) { ticket(id: $id) { highlights { field } } }"
    assert await done(await client.as_(OWNER), query, id=ticket) == {"highlights": []}


def found_in(details: str, search: str = "quokka") -> list[tuple[str, bool]]:
    """The parts of the excerpt of a ticket's details."""
    row = dict.fromkeys(("number", "summary", "contact_name", "contact_email"), "")
    (excerpt,) = highlights(row | {"searched": search, "details": details, "job_ids": []})
    return [(part["text"], part["matched"]) for part in excerpt["parts"]]


def test_a_long_text_is_shown_around_the_first_find() -> None:
    before, found, after = found_in("x " * 500 + "quokka" + " y" * 500)
    assert (len(before[0]), found, len(after[0])) == (60, ("quokka", True), LONGEST - 66)


def test_an_excerpt_is_never_longer_than_it_may_be() -> None:
    parts = found_in("quokka " * 1000)
    assert sum(len(text) for text, _ in parts) == LONGEST


def test_words_that_overlap_are_one_find() -> None:
    assert found_in("a b c d", "a-b b-c") == [("a b c", True), (" d", False)]
