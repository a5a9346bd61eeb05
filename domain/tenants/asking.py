"""Who asked for a job, kept with it: what they may do is looked up anew whenever the job goes on (AMB-9)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from authz.actor import Actor
from authz.powers import PrincipalKind
from domain.base import TenantOwned
from domain.tenants.machines import service_actor_without_token
from domain.tenants.principals import user_actor_without_session
from tenancy.database import Database


class AskedFor(TenantOwned):
    """A row that somebody asked for.

    `user_id` is the person or the machine; `credential_id` is the token of a machine. `session_id`, `ip_address` and
    `request_id` are those of the request, for the audit log.
    """

    actor_kind: Mapped[PrincipalKind]
    user_id: Mapped[UUID]
    actor_name: Mapped[str]
    credential_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    ip_address: Mapped[str | None]
    request_id: Mapped[str | None]


def asked_by(actor: Actor) -> dict[str, Any]:
    """The columns of what an actor asks for."""
    return {
        "tenant_id": actor.tenant_id,
        "actor_kind": actor.principal,
        "user_id": actor.user_id,
        "actor_name": actor.name,
        "credential_id": actor.credential_id,
        "session_id": actor.session_id,
        "ip_address": actor.ip_address,
        "request_id": actor.request_id,
    }


async def who_asked(database: Database, row: AskedFor, now: datetime) -> Actor:
    """Who asked for it, as it stands now; raises `PublicError` where it may not act any more."""
    seen: dict[str, Any] = {"ip_address": row.ip_address, "request_id": row.request_id}
    if row.actor_kind is PrincipalKind.SERVICE_PRINCIPAL and row.credential_id:
        return await service_actor_without_token(database, row.credential_id, now, **seen)
    seen["session_id"] = row.session_id
    return await user_actor_without_session(database, row.user_id, row.tenant_id, now, **seen)
