"""Making the file that was asked for, as who asked for it may see at that instant (spec 3, 16; 4.4).

Its row is locked until the file is noted: nobody else makes one meanwhile, and if the worker dies the lock ends with
it, and the export waits again. A file is an object of its own that no row names before it is whole; what a worker left
that died just then is removed by the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.gate import Gate
from domain.base import new_id
from domain.errors import ErrorCode, RefusedError, refuse
from domain.exports.commands import AUDITED
from domain.exports.model import UNFINISHED, ExportJob
from domain.exports.wanted import COLUMNS, Wanted, exported
from domain.exports.writing import WRITERS, Row, Writer
from domain.records.commands import audit_as
from domain.support.objects import ObjectStore
from domain.tenants.asking import who_asked
from execution.errors import PublicError
from execution.ids import encode
from execution.sql.statements import Statement, compiled
from tenancy.database import Database
from tenancy.scope import WORKER

FOLDER: Final = "exports"
MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 256 * 1024 * 1024
"""Of a file, and of what there is of it on the disk while it is made."""
AT_ONCE: Final = 500
"""Rows that are in memory."""
MOST_ATTEMPTS: Final = 3
CHUNK: Final = 1024 * 1024
GONE: Final = "Who asked for this may not export tickets here any more."
DEFECT: Final = "This went wrong on our side, several times."
Clock = Callable[[], datetime]


def folder_of(job_id: UUID) -> str:
    """Where the file of an export is, and nothing else."""
    return f"{FOLDER}/{job_id.hex}"


async def run(database: Database, store: ObjectStore, job_id: UUID, clock: Clock) -> None:
    """Make the file, unless it is over, or somebody else is at it.

    A fault of ours is raised and leaves the export to be tried again; the last time it fails.
    """
    if not await _begin(database, store, job_id, clock()):
        return
    async with database.writing(WORKER) as session:
        job = await _locked(session, job_id)
        if job is not None:
            await _try(database, session, store, job, clock)


async def _begin(database: Database, store: ObjectStore, job_id: UUID, now: datetime) -> bool:
    """Whether it is to be tried: what was begun too often has ended whoever began it."""
    async with database.writing(WORKER) as session:
        job = await _locked(session, job_id)
        if job is None:
            return False
        await _tidy(store, job_id)
        if job.attempts >= MOST_ATTEMPTS:
            job.fail(ErrorCode.INTERNAL, DEFECT, now)
            return False
        job.begin(now)
        return True


async def _locked(session: AsyncSession, job_id: UUID) -> ExportJob | None:
    """The export, if it is not over and nobody is at it."""
    row = ExportJob
    waiting = select(row).where(row.id == job_id, row.status.in_(UNFINISHED)).with_for_update(skip_locked=True)
    return (await session.execute(waiting)).scalar_one_or_none()


async def _try(database: Database, session: AsyncSession, store: ObjectStore, job: ExportJob, clock: Clock) -> None:
    try:
        actor = await who_asked(database, job, clock())
        await _make(database, store, job, actor)
    except RefusedError as refusal:
        [problem] = refusal.problems
        job.fail(problem.code, problem.message, clock())
    except PublicError:
        job.fail(ErrorCode.FORBIDDEN, GONE, clock())
    else:
        job.finish(clock())
        audit_as(session, actor, "export_job.finish", AUDITED, job.id, after={"file_name": job.file_name})


async def _make(database: Database, store: ObjectStore, job: ExportJob, actor: Actor) -> None:
    """Write the file on the disk, and what is whole into the store."""
    with TemporaryDirectory(prefix="export") as folder:
        path = Path(folder) / "file"
        keys = await _written(database, job, actor, path)
        key = f"{folder_of(job.id)}/{new_id().hex}"
        stored = await store.put(key, _chunks(path), MOST_BYTES)
    job.object_key, job.size, job.sha256 = key, stored.size, stored.sha256
    job.ticket_ids, job.row_count = keys, len(keys)


async def _written(database: Database, job: ExportJob, actor: Actor, path: Path) -> list[UUID]:
    """Write what the actor sees in one snapshot; the ids of the tickets."""
    statement, keys = compiled(exported(Gate(actor.powers), Wanted.read(job.wanted))), list[UUID]()
    values = statement.values(actor.binds)
    async with database.snapshot(actor.scope) as line:
        with _writer(job, path) as writer:
            async with aclosing(line.pages(statement.text, *values, size=AT_ONCE)) as pages:
                async for page in pages:
                    rows = [_row(statement, record) for record in page]
                    keys += [statement.layout.value(record, "id") for record in page]
                    await asyncio.to_thread(writer.add, rows)
                    _check_size(len(keys), path.parent)
    return keys


@contextmanager
def _writer(job: ExportJob, path: Path) -> Iterator[Writer]:
    """The file, closed in any case; one that was not finished is nobody's."""
    writer = WRITERS[job.format](path, list(COLUMNS))
    try:
        yield writer
    finally:
        writer.close()


def _row(statement: Statement, record: Any) -> Row:
    """A row by the names of the file's columns."""
    row = {column: statement.layout.value(record, name) for column, name in COLUMNS.items()}
    return row | {"id": encode("ticket", row["id"])}


def _check_size(rows: int, folder: Path) -> None:
    if rows > MOST_ROWS:
        message = f"These are more than {MOST_ROWS:,} tickets: narrow them down, such as by when they were raised."
        refuse(ErrorCode.LIMIT_EXCEEDED, message)
    if sum(each.stat().st_size for each in folder.iterdir()) > MOST_BYTES:
        refuse(ErrorCode.LIMIT_EXCEEDED, "The file would be larger than 256 MiB: narrow the tickets down.")


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


async def _tidy(store: ObjectStore, job_id: UUID) -> None:
    """Remove what somebody left who died before it was noted."""
    left = [key async for key in store.keys(folder_of(job_id))]
    await store.delete(*left)
