"""Who does what no person asks for: the platform itself, with the rights that such work needs."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind
from authz.roles import Role
from domain.tenants.model import Tenant, TenantKind

POWERS: Final = Powers(
    principal=PrincipalKind.SERVICE_PRINCIPAL,
    role=Role.AGENT_LEAD,
    permissions=frozenset({Permission.TICKET_READ, Permission.TICKET_CLOSE}),
)
NOBODY: Final = UUID(int=0)


async def platform_actor(session: AsyncSession, now: datetime) -> Actor | None:
    """Who does this, for the audit log: the platform itself; nobody before it is installed."""
    platform = select(Tenant.id, Tenant.name, Tenant.environment).where(Tenant.kind == TenantKind.PLATFORM)
    row = (await session.execute(platform.order_by(Tenant.id).limit(1))).one_or_none()
    if row is None:
        return None
    return Actor(
        powers=POWERS,
        user_id=NOBODY,
        name="Bailiwick",
        email="",
        tenant_id=row.id,
        tenant_name=row.name,
        environment=row.environment.value,
        now=now,
    )
