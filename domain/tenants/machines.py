"""Machines: from an API token to the service principal that acts with it, as far as its scopes go (K6)."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from asyncpg import Record

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.powers import Powers, PrincipalKind
from authz.roles import Role
from domain.tenants.principals import counts, powers_of, standing
from domain.tenants.trusted_ips import demand_trusted
from tenancy.database import Database

OF_API_TOKEN = "SELECT * FROM acting_machine($1, $2)"
OF_WORKING_TOKEN = "SELECT * FROM working_machine($1, $2)"


async def api_token_row(database: Database, token_hash: str, now: datetime, address: str | None) -> Record:
    """What is known of a live API token; raises `UnauthenticatedError`.

    Raises `ForbiddenError` for an `address` that its tenant does not trust (A31); None where no request brought it.
    """
    rows = await database.fetch(OF_API_TOKEN, token_hash, now)
    if not rows or not counts(rows[0]):
        raise UnauthenticatedError("This API token is unknown, expired or revoked.")
    demand_trusted(rows[0]["trusted_ips"], address)
    return rows[0]


async def service_actor_without_token(database: Database, token_id: UUID, now: datetime, **seen: Any) -> Actor:
    """A service principal as its token, known by its id, lets it act now: for jobs that it asked for."""
    rows = await database.fetch(OF_WORKING_TOKEN, token_id, now)
    if not rows or not counts(rows[0]):
        raise UnauthenticatedError("This API token is unknown, expired or revoked.")
    return service_actor(rows[0], None, now, **seen)


def service_actor(row: Record, chosen: UUID | None, now: datetime, **seen: Any) -> Actor:
    """The actor of a service principal: its role's permissions, as far as the token's scopes go."""
    place = standing(row)
    if chosen not in {None, place["tenant_id"]}:
        raise NotFoundError
    return Actor(
        powers=_powers(row["role"], frozenset(row["scopes"]), row["partner_type"], row["organization_ticket_access"]),
        user_id=UUID(row["principal_id"]),
        name=row["name"],
        email="",
        credential_id=UUID(row["token_id"]),
        now=now,
        **place,
        **seen,
    )


@lru_cache(maxsize=4096)
def _powers(role: str, scopes: frozenset[str], partner_type: str | None, ticket_access: str | None) -> Powers:
    """The powers of a machine, by all that decides them."""
    permissions = frozenset(p for p in permissions_of((role,)) if p.value in scopes)
    return powers_of(PrincipalKind.SERVICE_PRINCIPAL, Role(role), permissions, partner_type, ticket_access)
