"""Who has not signed in: an actor with nothing but the few acts that lead to an account (C2, C5, C15)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.powers import Powers, PrincipalKind
from authz.roles import Role
from domain.tenants.model import Tenant, TenantKind
from domain.tenants.passwords import Passwords
from tenancy.database import Database
from tenancy.scope import SIGN_IN

POWERS = Powers(
    principal=PrincipalKind.VISITOR,
    role=Role.VISITOR,
    permissions=permissions_of((Role.VISITOR.value,)),
)


class NotInstalledError(RuntimeError):
    """There is no platform yet in whose name anything could be done."""


@dataclass(frozen=True, slots=True)
class Visitors:
    """Makes them; `key` is one of the installation's own."""

    database: Database
    passwords: Passwords
    key: bytes
    clock: Callable[[], datetime]

    async def actor(self, about: str, **seen: Any) -> Actor:
        """Somebody who acts in the platform's tenant, for one address or link alone.

        What it is about makes its id: nobody meets the idempotency keys of others, and a retry may come from anywhere.
        """
        platform = select(Tenant.id, Tenant.name, Tenant.environment).where(Tenant.kind == TenantKind.PLATFORM)
        async with self.database.reading(SIGN_IN) as session:
            row = (await session.execute(platform.order_by(Tenant.id).limit(1))).one_or_none()
        if row is None:
            raise NotInstalledError
        return Actor(
            powers=POWERS,
            user_id=UUID(bytes=self._digest(about)[:16]),
            name="",
            email="",
            tenant_id=row.id,
            tenant_name=row.name,
            environment=row.environment.value,
            now=self.clock(),
            **seen,
        )

    def sealed(self, secret: str) -> str:
        """What may be remembered of a secret that people choose: the same for the same, and nothing to guess at."""
        return self._digest(secret).hex()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.key, text.encode(errors="replace"), "sha256")
