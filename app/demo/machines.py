"""Machines that act in tenants: service principals with live, expired and revoked tokens (K6)."""

from datetime import datetime
from random import Random
from uuid import UUID

from app.demo.people import Place
from app.demo.world import DAY, World
from authz.permissions import Permission
from authz.roles import Role
from domain.tenants.credentials import ApiToken, ServicePrincipal

_READING = [Permission.CUSTOMER_READ.value, Permission.SUBSCRIPTION_READ.value, Permission.TICKET_READ.value]


def employ_machines(world: World, place: Place, at_work: Role, retired: Role, rng: Random) -> None:
    """One that works and one that was disabled. Nobody knows the secrets of their tokens: only hashes are made up."""
    now = world.now
    working = _employ(world, place, "Reporting", at_work)
    _issue(world, place, working, "current", rng, expires_at=now + 200 * DAY)
    _issue(world, place, working, "last year's", rng, expires_at=now - 165 * DAY)
    _issue(world, place, working, "leaked", rng, expires_at=now + 90 * DAY, revoked_at=now - 12 * DAY)
    disabled = _employ(world, place, "Old connector", retired, disabled_at=now - 40 * DAY)
    _issue(world, place, disabled, "only", rng, expires_at=now + 30 * DAY)


def _employ(world: World, place: Place, name: str, role: Role, disabled_at: datetime | None = None) -> UUID:
    key = place.ids()
    world.batch.add(ServicePrincipal, id=key, tenant_id=place.tenant_id, name=name, role=role, disabled_at=disabled_at)
    return key


def _issue(
    world: World,
    place: Place,
    principal_id: UUID,
    name: str,
    rng: Random,
    *,
    expires_at: datetime,
    revoked_at: datetime | None = None,
) -> None:
    world.batch.add(
        ApiToken,
        id=place.ids(),
        tenant_id=place.tenant_id,
        service_principal_id=principal_id,
        name=name,
        token_hash=f"{rng.getrandbits(256):064x}",
        scopes=_READING,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
