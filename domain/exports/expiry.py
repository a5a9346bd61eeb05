"""What becomes of files whose time is over: nobody gets one any more, swept or not (spec 4.2)."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from domain.exports.model import ExportJob
from domain.support.objects import ObjectStore
from tenancy.database import Database
from tenancy.scope import WORKER

AT_ONCE: Final = 500


async def sweep_exports(database: Database, store: ObjectStore, now: datetime) -> int:
    """Delete files that have expired; how many. Their rows stay as a record of who exported what.

    Files go first: a row that names none that is there is swept again.
    """
    row, swept = ExportJob, 0
    over = select(row.id, row.object_key).where(row.object_key.is_not(None), row.expires_at <= now).limit(AT_ONCE)
    while True:
        async with database.reading(WORKER) as session:
            found = (await session.execute(over)).all()
        await store.delete(*(each.object_key for each in found))
        gone = update(row).where(row.id.in_([each.id for each in found])).values(object_key=None, ticket_ids=None)
        async with database.writing(WORKER) as session:
            await session.execute(gone.execution_options(synchronize_session=False))
        swept += len(found)
        if len(found) < AT_ONCE:
            return swept
