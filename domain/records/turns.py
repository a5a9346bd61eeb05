"""Commands that count before they write: those about the same go one after another."""

from uuid import UUID

from sqlalchemy import Text, cast, func, select

from authz.grant import Grant


async def take_turn(grant: Grant, what: str, key: UUID | None) -> None:
    """Wait for whoever took the turn of the same before, until that is committed; what is read then is true."""
    name = func.hashtextextended(cast(f"{what}:{key}", Text), 0)
    await grant.run(select(func.pg_advisory_xact_lock(name)))
