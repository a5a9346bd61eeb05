"""How a factory adds a row."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import Base, new_id


async def add(session: AsyncSession, model: type[Base], **values: Any) -> UUID:
    """Write one row now, with an id of its own if none is given."""
    key = values.setdefault("id", new_id())
    session.add(model(**values))
    await session.flush()
    return UUID(str(key))


async def add_plain(session: AsyncSession, model: type[Base], **values: Any) -> None:
    """Write one row of a table whose key is made of other rows' ids."""
    session.add(model(**values))
    await session.flush()
