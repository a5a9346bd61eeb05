"""What becomes of uploads while nobody looks: they are scanned, and thrown away where nobody attached them (A11).

For jobs, which no actor has asked for: they work in the worker's scope. Each can be stopped at any point and run
beside itself.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, select, update

from domain.support.objects import ObjectNotFoundError, ObjectStore
from domain.support.scanning import ScanError
from domain.support.uploads import Uploads
from domain.tickets.files import FOLDER, key_of, owner_of
from domain.tickets.model import Attachment, AttachmentScanState
from tenancy.database import Database
from tenancy.scope import WORKER

KEPT: Final = timedelta(days=1)
"""How long a file may wait to be sent and attached."""
LEFT_OVER: Final = timedelta(days=7)
"""How far back objects are looked for that no row knows: those of processes that were killed as they wrote."""
QUARANTINE: Final = "quarantine"
AT_ONCE: Final = 500
MILLISECONDS_SHIFT: Final = 80
"""Bits of a UUIDv7 below its time."""


async def sweep_uploads(database: Database, store: ObjectStore, now: datetime) -> int:
    """Throw away files that were not attached within a day, and objects that no row knows; how many objects went.

    Rows go first: an object whose row has gone is found all the same, a row whose object has gone would lie.
    """
    while await _forget(database, now - KEPT) == AT_ONCE:
        continue
    removed = 0
    async for keys in _batches(_written_between(store, now - LEFT_OVER, now - KEPT)):
        stale = await _unknown(database, keys)
        await store.delete(*stale)
        removed += len(stale)
    return removed


async def scan_uploads(database: Database, uploads: Uploads, now: datetime, ids: Iterable[UUID] = ()) -> int:
    """Have files scanned that have not been, those of `ids` or whichever wait longest; how many were looked at.

    One that the scanner cannot judge stays as it is, and comes after the others the next time.
    """
    if uploads.scanner is None:
        return 0
    found = await _unscanned(database, list(ids), now)
    for row in found:
        await _scan(database, uploads, row, now)
    return len(found)


async def _forget(database: Database, before: datetime) -> int:
    """Delete some rows of files that were not attached in time."""
    mine = Attachment
    late = select(mine.id).where(mine.ticket_id.is_(None), mine.created_at < before).limit(AT_ONCE)
    async with database.writing(WORKER) as session:
        gone = delete(mine).where(mine.id.in_(late.with_for_update(skip_locked=True)))
        return len((await session.execute(gone.returning(mine.id))).all())


async def _written_between(store: ObjectStore, since: datetime, until: datetime) -> AsyncIterator[str]:
    """Keys of objects whose attachment was announced then: its id, a UUIDv7, tells."""
    begins, ends = (int(at.timestamp() * 1000) for at in (since, until))
    async for key in store.keys(FOLDER):
        owner = owner_of(key)
        if owner is not None and begins <= owner.int >> MILLISECONDS_SHIFT < ends:
            yield key


async def _batches(keys: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    batch: list[str] = []
    async for key in keys:
        batch.append(key)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _unknown(database: Database, keys: list[str]) -> list[str]:
    """Those of the keys that no row names."""
    owners = {owner for owner in map(owner_of, keys) if owner is not None}
    statement = select(Attachment.id, Attachment.object_key, Attachment.parts).where(Attachment.id.in_(owners))
    async with database.reading(WORKER) as session:
        rows = (await session.execute(statement)).all()
    known = {key for row in rows for key in (key_of(row.id, row.object_key), *row.parts)}
    return [key for key in keys if key not in known]


async def _unscanned(database: Database, ids: list[UUID], now: datetime) -> list[Row[tuple[UUID, str | None]]]:
    """Some that wait, marked as tried by now: who does not answer for one does not hold up the others."""
    mine = Attachment
    waiting: list[ColumnElement[bool]] = [mine.scan_state == AttachmentScanState.UNSCANNED, mine.sha256.is_not(None)]
    if ids:
        waiting.append(mine.id.in_(ids))
    chosen = select(mine.id).where(*waiting).order_by(mine.scanned_at.nulls_first()).limit(AT_ONCE)
    marked = update(mine).where(mine.id.in_(chosen.with_for_update(skip_locked=True))).values(scanned_at=now)
    async with database.writing(WORKER) as session:
        found = await session.execute(_quietly(marked.returning(mine.id, mine.object_key)))
        return list(found.all())


async def _scan(database: Database, uploads: Uploads, row: Row[tuple[UUID, str | None]], now: datetime) -> None:
    """Scan one; where another does so, too, and has it in quarantine meanwhile, there is nothing left to do."""
    scanner, key = uploads.scanner, key_of(row.id, row.object_key)
    if scanner is None:
        return
    with suppress(ScanError, ObjectNotFoundError):
        threat = await scanner.scan(await uploads.store.get(key))
        if threat is None:
            await _clear(database, row.id, now)
        else:
            await _quarantine(database, uploads.store, row.id, key, threat, now)


async def _quarantine(
    database: Database, store: ObjectStore, attachment_id: UUID, key: str, threat: str, now: datetime
) -> None:
    """Put the bytes where no address leads; the row says so before they leave their old place.

    Whoever finds it infected beside this one waits for the row, and leaves it as it is.
    """
    away = f"{QUARANTINE}/{key}"
    infected = {"scan_state": AttachmentScanState.INFECTED, "threat": threat, "object_key": away}
    async with database.writing(WORKER) as session:
        noted = await session.execute(_noted(attachment_id, now, **infected))
        if noted.first() is None:
            return
        await store.copy(key, away)
    await store.delete(key)


async def _clear(database: Database, attachment_id: UUID, now: datetime) -> None:
    async with database.writing(WORKER) as session:
        await session.execute(_noted(attachment_id, now, scan_state=AttachmentScanState.CLEAN))


def _noted(attachment_id: UUID, now: datetime, **values: object) -> Any:
    """What was found goes into the row, unless it is infected already."""
    mine = Attachment
    still = mine.id == attachment_id, mine.scan_state != AttachmentScanState.INFECTED
    return _quietly(update(mine).where(*still).values(scanned_at=now, **values).returning(mine.id))


def _quietly(statement: Any) -> Any:
    """Nothing of it is loaded in this session."""
    return statement.execution_options(synchronize_session=False)
