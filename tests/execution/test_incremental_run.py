"""How answers in parts are read: few statements, one snapshot, and nothing left behind."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text, update

from authz.actor import Actor
from domain.records.model import AuditEvent
from domain.tenants.model import Tenant
from domain.tickets.model import Ticket, TicketMessage
from execution.parts.incremental import Incremental
from execution.sql.statements import Statement, compiled
from resolvers.context import Context
from tests.support.app import Running
from tests.support.parts import InParts, plain
from tests.support.world import Twin, World

SLEEP = compiled(select(text("pg_sleep(30)")))
NAMED = "{ tickets(first: 4) { nodes { id ... @defer { summary } } } }"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the database, as it is asked."""
    asked: list[str] = []
    fetch = Context.fetch

    async def noted(self: Context, statement: Statement, values: Any) -> list[Any]:
        asked.append(statement.text)
        return await fetch(self, statement, values)

    monkeypatch.setattr(Context, "fetch", noted)
    return asked


async def counted(answer: Incremental, statements: list[str]) -> list[int]:
    """How many statements there were for the initial part, and more for each part after it."""
    counts = [len(statements)]
    async for _ in answer.parts:
        counts.append(len(statements) - sum(counts))
    return counts


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ tickets(first: 4) { nodes { id ... @defer { summary } } } }", [1, 0, 0, 0, 0]),
        (
            "{ tickets(first: 4) { nodes { id ... @defer { conversation(first: 3) { nodes { id } } } } } }",
            [1, 1, 0, 0, 0],
        ),
        (
            """{ tickets(first: 4) { nodes { id conversation(first: 3) { nodes { id } }
                ... @defer { conversation(first: 3) { nodes { id } totalCount } } } } }""",
            [2, 2, 0, 0, 0],
        ),
        (
            """{ tickets(first: 4) { nodes @stream(initialCount: 2) { id
                conversation(first: 3) { nodes { id attachments { id } } } } } }""",
            [3, 2],
        ),
        (
            """{ tickets(first: 3) { nodes { id conversation(first: 3) {
                nodes @stream(initialCount: 1) { id attachments { id } } } } } }""",
            [3, 1, 0, 0],
        ),
        (
            """{ tickets(last: 3) { nodes { ... @defer { number
                ... @defer { conversation(first: 1) { nodes { id } } } } } } }""",
            [1, 0, 0, 0, 1, 0, 0],
        ),
    ],
)
async def test_a_wave_reads_each_relation_once(
    in_parts: InParts, owner: Actor, statements: list[str], query: str, expected: list[int]
) -> None:
    async with in_parts.open(owner, query) as answer:
        assert await counted(answer, statements) == expected


async def test_many_parts_leave_others_their_turn(in_parts: InParts, owner: Actor) -> None:
    fragments = " ".join(f'... @defer(label: "{number}") {{ summary }}' for number in range(30))
    turns: list[int] = []
    async with in_parts.open(owner, f"{{ tickets(first: 4) {{ nodes {{ id {fragments} }} }} }}") as answer:
        read = 0
        asyncio.get_running_loop().call_soon(lambda: turns.append(read))
        async for _ in answer.parts:
            read += 1
    assert (turns, read) == ([100], 120)


async def test_nothing_is_read_for_an_initial_count_that_is_none(
    in_parts: InParts, owner: Actor, statements: list[str]
) -> None:
    with pytest.raises(Exception, match="initialCount"):
        await in_parts.run(owner, "{ tickets(first: 4) { nodes @stream(initialCount: -1) { id } } }")
    assert statements == []


async def test_all_parts_are_of_one_snapshot(client: Running, in_parts: InParts, owner: Actor) -> None:
    query = """{ tickets(first: 4) { nodes { summary ... @defer {
        summary conversation(first: 3) { nodes { body } } } } } ... @defer { viewer { tenant { name } } } }"""
    before = await in_parts.ask(owner, query)
    async with in_parts.open(owner, query) as answer:
        async with client.session() as session:
            await session.execute(update(Ticket).values(summary="Changed since"))
            await session.execute(update(Tenant).values(name="Another name"))
            await session.execute(update(TicketMessage).values(body="Changed as well"))
        parts = [part async for part in answer.parts]
    assert plain([part.data for part in parts]) == plain([part.data for part in before.parts])  # type: ignore[union-attr]  # all deferred


async def open_snapshots(client: Running) -> int:
    """How many transactions wait for their next statement."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
    async with client.session() as session:
        return int((await session.execute(waiting)).scalar_one())


async def none_open(client: Running) -> bool:
    for _ in range(100):
        if await open_snapshots(client) == 0:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_the_snapshot_ends_with_the_last_part(client: Running, in_parts: InParts, owner: Actor) -> None:
    answer = await in_parts.run(owner, NAMED)
    assert isinstance(answer, Incremental)
    assert await open_snapshots(client) == 1
    assert len([part async for part in answer.parts]) == 4
    assert await none_open(client)


@pytest.mark.parametrize("read", [0, 1])
async def test_the_snapshot_ends_when_the_parts_are_closed_early(
    client: Running, in_parts: InParts, owner: Actor, read: int
) -> None:
    async with in_parts.open(owner, NAMED) as answer:
        for _ in range(read):
            await anext(answer.parts)
        assert await open_snapshots(client) == 1
    assert await none_open(client)


async def test_an_ordinary_answer_ends_its_snapshot(client: Running, in_parts: InParts, owner: Actor) -> None:
    await in_parts.run(owner, "{ tickets(first: 4) { nodes { id ... @defer(if: false) { summary } } } }")
    assert await none_open(client)


async def test_a_cancelled_part_stops_its_statement_and_ends_the_snapshot(
    client: Running, in_parts: InParts, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ tickets(first: 4) { nodes { id ... @defer { conversation(first: 3) { nodes { id } } } } } }"
    begun = asyncio.Event()

    async def sleep(self: Context, _statement: Statement, _values: Any) -> list[Any]:
        begun.set()
        return await self._reader.fetch(SLEEP, [])

    async with in_parts.open(owner, query) as answer:
        monkeypatch.setattr(Context, "fetch", sleep)
        reading = asyncio.ensure_future(anext(answer.parts))
        await asyncio.wait_for(begun.wait(), 5)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert await none_open(client)
    assert await sleeping(client) == 0


async def sleeping(client: Running) -> int:
    """How many statements of these tests run in the database."""
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active'"
    async with client.session() as session:
        return int((await session.execute(text(f"{running} AND pid <> pg_backend_pid()"))).scalar_one())


async def test_A32_what_a_temporary_account_reads_in_parts_is_in_the_log_before_the_first(
    client: Running, in_parts: InParts, world: World, twins: tuple[Twin, Twin]
) -> None:
    account = twins[0].customers[0].temporary_account
    temporary = await in_parts.actor(await client.as_temporary(account, world.platform.agent))
    query = "query Look { tickets(first: 1) { nodes { id ... @defer { summary } } } }"
    async with in_parts.open(temporary, query):
        assert await reads(client) == [{"operation": "Look", "fields": ["tickets"]}]
    assert len(await reads(client)) == 1


async def reads(client: Running) -> list[dict[str, Any] | None]:
    """What the log tells of reads."""
    async with client.session() as session:
        found = select(AuditEvent.after).where(AuditEvent.action == "temporary_account.read")
        return list((await session.execute(found)).scalars())
