"""What is sent to the database while a block runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event

from execution.reader import Reader
from execution.sql.statements import Statement
from tenancy.database import Database
from tenancy.line import Line
from tenancy.reading import ARRAYS


@contextmanager
def read() -> Iterator[list[str]]:
    """The statements of the planner, without the transactions' own and the search for the actor."""
    texts: list[str] = []
    fetch = Reader.fetch

    async def noting(self: Reader, statement: Statement, values: Sequence[Any]) -> list[Any]:
        texts.append(statement.text)
        return await fetch(self, statement, values)

    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(Reader, "fetch", noting)
        yield texts


@contextmanager
def sent(database: Database) -> Iterator[list[str]]:
    """All statements with rows: the planner's, those of commands, the search for the actor, and SQLAlchemy's."""
    texts: list[str] = []
    by_line, by_driver = Line.fetch, asyncpg.Connection.fetch

    async def line(self: Line, text: str, *values: Any, **more: Any) -> Any:
        texts.append(text)
        return await by_line(self, text, *values, **more)

    async def driver(self: Any, text: str, *values: Any, **more: Any) -> Any:
        if text != ARRAYS:  # of a connection that has just been opened
            texts.append(text)
        return await by_driver(self, text, *values, **more)

    def orm(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        texts.append(text)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", orm)
    try:
        with pytest.MonkeyPatch.context() as patching:
            patching.setattr(Line, "fetch", line)
            patching.setattr(asyncpg.Connection, "fetch", driver)
            yield texts
    finally:
        event.remove(engine, "before_cursor_execute", orm)
