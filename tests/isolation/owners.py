"""Which row belongs to whom, asked of the database in the worker's scope."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tables import METADATA
from domain.tenants.model import Membership, TenantKind
from domain.tenants.model import Tenant as TenantRow


async def keys_outside(session: AsyncSession, mine: Collection[UUID]) -> list[UUID]:
    """Every id of a row that belongs to other customers and partners: tenants, what they own, and their people."""
    others = set(await _column(session, select(TenantRow.id).where(TenantRow.kind != TenantKind.PLATFORM))) - set(mine)
    found = set(others)
    for table in METADATA.tables.values():
        found.update(await _ids(session, table, others))
    found.update(await _column(session, select(Membership.user_id).where(Membership.tenant_id.in_(others))))
    return sorted(found)


async def keys_inside(session: AsyncSession, mine: Collection[UUID]) -> list[UUID]:
    """Every id of a row of these tenants, and of what everybody may read."""
    found = set(mine)
    for table in METADATA.tables.values():
        found.update(await _ids(session, table, mine) if "tenant_id" in table.c else await _all_ids(session, table))
    found.update(await _column(session, select(Membership.user_id).where(Membership.tenant_id.in_(mine))))
    return sorted(found)


async def _ids(session: AsyncSession, table: Table, tenants: Collection[UUID]) -> list[UUID]:
    if "id" not in table.c or "tenant_id" not in table.c:
        return []
    return await _column(session, select(table.c.id).where(_owned(table, tenants)))


async def _all_ids(session: AsyncSession, table: Table) -> list[UUID]:
    if "id" not in table.c or table.name in ("tenant", "user_account"):
        return []
    return await _column(session, select(table.c.id))


def _owned(table: Table, tenants: Collection[UUID]) -> ColumnElement[bool]:
    return or_(false(), table.c.tenant_id.in_(tenants))


async def _column(session: AsyncSession, statement: object) -> list[UUID]:
    return list((await session.execute(statement)).scalars())  # type: ignore[call-overload]  # any select of one column
