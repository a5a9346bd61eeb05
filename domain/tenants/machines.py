"""Machines: from an API token to the service principal that acts with it, as far as its scopes go (K6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.powers import PrincipalKind
from domain.tenants.credentials import ApiToken, ServicePrincipal
from domain.tenants.model import Tenant, TenantSecuritySettings, TenantStatus
from domain.tenants.principals import TENANT_COLUMNS, counts, powers_of, standing


def _of_api_token() -> Select[Any]:
    """The row of a live API token with its service principal."""
    columns: tuple[Any, ...] = (
        ApiToken.id.label("token_id"),
        ApiToken.scopes,
        ApiToken.last_used_at,
        ServicePrincipal.id.label("principal_id"),
        ServicePrincipal.name,
        ServicePrincipal.role,
        *TENANT_COLUMNS,
    )
    enabled = and_(
        ServicePrincipal.id == ApiToken.service_principal_id,
        ServicePrincipal.tenant_id == ApiToken.tenant_id,
        ServicePrincipal.disabled_at.is_(None),
    )
    return (
        select(*columns)
        .select_from(ApiToken)
        .join(ServicePrincipal, enabled)
        .join(Tenant, and_(Tenant.id == ApiToken.tenant_id, Tenant.status == TenantStatus.ACTIVE))
        .outerjoin(TenantSecuritySettings, TenantSecuritySettings.tenant_id == Tenant.id)
        .where(
            ApiToken.token_hash == bindparam("token_hash"),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > bindparam("now"),
        )
    )


OF_API_TOKEN = _of_api_token()


async def api_token_row(session: AsyncSession, token_hash: str, now: datetime) -> Mapping[str, Any]:
    """What is known of a live API token; raises `UnauthenticatedError`."""
    found = await session.execute(OF_API_TOKEN, {"token_hash": token_hash, "now": now})
    row: Mapping[str, Any] | None = found.mappings().first()
    if row is None or not counts(row):
        raise UnauthenticatedError("This API token is unknown, expired or revoked.")
    return row


def service_actor(row: Mapping[str, Any], chosen: UUID | None, now: datetime, **seen: Any) -> Actor:
    """The actor of a service principal: its role's permissions, as far as the token's scopes go."""
    if chosen not in {None, row["tenant_id"]}:
        raise NotFoundError
    scopes = frozenset(row["scopes"])
    permissions = frozenset(p for p in permissions_of((row["role"].value,)) if p.value in scopes)
    return Actor(
        powers=powers_of(row, PrincipalKind.SERVICE_PRINCIPAL, permissions),
        name=row["name"],
        email="",
        now=now,
        **standing(row),
        **seen,
    )
