"""Commands travel with the statement after them: in their order, in one round trip, and never without it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from tenancy.line import Line
from tenancy.roles import APPLICATION
from tests.support import postgres

NAMES = "SELECT statement FROM pg_prepared_statements ORDER BY prepare_time"
SET = "SET LOCAL bailiwick.scope = '{}'"
SCOPE = "SELECT current_setting('bailiwick.scope', true)"


@pytest.fixture(params=[2, 0], ids=["prepared", "through a pooler"])
async def line(database: postgres.Database, request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    keeps: int = request.param
    driver = await asyncpg.connect(database.application_url, statement_cache_size=keeps)
    yield Line(driver, keeps=keeps)
    await driver.close()


async def scope(line: Line) -> object:
    return (await line.fetch(SCOPE))[0][0]


async def test_commands_come_before_the_statement(line: Line) -> None:
    for name in ("first", "second", "third"):
        line.say("BEGIN", SET.format(name))
        assert await scope(line) == name
        line.say("COMMIT")
    assert await scope(line) == ""


async def test_a_known_statement_brings_them_along(
    database: postgres.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = await asyncpg.connect(database.application_url)
    line = Line(driver, keeps=1)
    await line.fetch(SCOPE)
    monkeypatch.delattr(asyncpg.Connection, "execute")  # which would be a round trip
    line.say("BEGIN", SET.format("along"))
    assert await scope(line) == "along"
    await driver.close()


async def test_a_command_that_fails_takes_the_statement_along(line: Line) -> None:
    await scope(line)
    line.say("BEGIN", "SET LOCAL statement_timeout = 'much'")
    with pytest.raises(asyncpg.InvalidParameterValueError):
        await scope(line)
    line.say("ROLLBACK", "BEGIN", SET.format("after"))
    assert await scope(line) == "after"


async def test_a_statement_that_fails_leaves_the_connection_to_others(line: Line) -> None:
    for _ in range(2):
        line.say("BEGIN", SET.format("before"))
        with pytest.raises(asyncpg.DivisionByZeroError):
            await line.fetch("SELECT 1 / 0")
        line.say("ROLLBACK")
        assert line.is_usable
        assert await scope(line) == ""


async def test_a_value_that_the_driver_refuses_leaves_the_connection_to_others(line: Line) -> None:
    for _ in range(3):
        line.say("BEGIN", SET.format("before"))
        with pytest.raises(asyncpg.DataError):
            await line.fetch("SELECT $1::integer", "none")
        line.say("ROLLBACK", "BEGIN", SET.format("after"))
        assert line.is_usable
        row = (await line.fetch("SELECT $1::integer, current_setting('bailiwick.scope')", 1))[0]
        assert tuple(row) == (1, "after")
        await line.execute("ROLLBACK")


async def test_what_is_forgotten_is_never_said(line: Line) -> None:
    line.say("BEGIN", SET.format("never"))
    line.forget()
    assert await scope(line) in ("", None)


@pytest.fixture
async def migrate(database: postgres.Database) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
    """Makes `told` a view that gives 7, as another type than before."""
    owner = await asyncpg.connect(database.owner_url)
    drop = "DROP VIEW IF EXISTS told; "
    made = drop + "CREATE VIEW told AS SELECT 7::{} AS told; GRANT SELECT ON told TO " + APPLICATION
    yield lambda kind: owner.execute(made.format(kind))
    await owner.execute(drop)
    await owner.close()


async def test_a_migration_while_a_statement_is_prepared_is_no_error(
    line: Line, migrate: Callable[[str], Awaitable[object]]
) -> None:
    given = []
    for kind in ("integer", "text", "numeric"):
        await migrate(kind)
        line.say("BEGIN", SET.format(kind))
        given.append(tuple((await line.fetch(f"SELECT told, ({SCOPE}) FROM told"))[0]))
        line.say("COMMIT")
        given += (await line.fetch("SELECT told FROM told"))[0]
    assert given == [(7, "integer"), 7, ("7", "text"), "7", (7, "numeric"), 7]


async def test_what_was_read_before_a_migration_is_not_read_on_in_another_transaction(
    database: postgres.Database, migrate: Callable[[str], Awaitable[object]]
) -> None:
    driver = await asyncpg.connect(database.application_url)
    line = Line(driver, keeps=2)
    await migrate("integer")
    await line.fetch("SELECT told FROM told")
    line.say("BEGIN")
    await scope(line)
    await migrate("text")
    with pytest.raises(asyncpg.InvalidCachedStatementError):
        await line.fetch("SELECT told FROM told")
    await line.execute("ROLLBACK")
    assert (await line.fetch("SELECT told FROM told"))[0][0] == "7"
    await driver.close()


async def test_no_more_statements_stay_prepared_than_it_keeps(database: postgres.Database) -> None:
    driver = await asyncpg.connect(database.application_url)
    line = Line(driver, keeps=2)
    for number in (1, 2, 1, 3, 4):
        await line.fetch(f"SELECT {number}")
    names = {row[0] for row in await line.driver.fetch(NAMES)} & {f"SELECT {number}" for number in range(5)}
    assert names == {"SELECT 3", "SELECT 4"}
    await driver.close()


async def test_a_connection_in_a_transaction_is_for_nobody_else(line: Line) -> None:
    line.say("BEGIN")
    await scope(line)
    assert not line.is_usable
    line.say("COMMIT")
    assert line.is_usable
