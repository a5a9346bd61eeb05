"""Everybody who asks in the demo, each with a share of the queries and an actor that stays the same."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from app.locks import FileLock
from authz.actor import Actor
from authz.permissions import Permission
from authz.roles import Role
from tests.differential.pool import Pool, harvested
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.demo import NOW
from tests.support.oracle import Sides

LIVE_ACCOUNT = """
    SELECT id, (SELECT id FROM user_account WHERE email = 'agent@northstar.example') AS agent
    FROM temporary_support_account WHERE status = 'ACTIVE' AND expires_at > :now ORDER BY id LIMIT 1
"""
READS: Final = [permission.value for permission in Permission if permission.value.endswith(":read")]

Enter = Callable[[Running], Awaitable[Client]]


def account(email: str) -> Enter:
    """Somebody with an account."""

    async def enter(client: Running) -> Client:
        return await client.as_(email)

    return enter


async def temporary_support(client: Running) -> Client:
    """A live temporary support account."""
    async with client.session() as session:
        live = (await session.execute(text(LIVE_ACCOUNT), {"now": NOW})).one()
    return await client.as_temporary(live.id, live.agent)


async def machine(client: Running) -> Client:
    """A service principal of Alder & Finch whose token reads everything."""
    async with client.session() as session:
        tenant = (await session.execute(text("SELECT id FROM tenant WHERE name = 'Alder & Finch'"))).scalar_one()
        principal = await make.service_principal(session, tenant, Role.SERVICE_ADMINISTRATOR)
        expires = NOW + timedelta(days=30)
        _, token = await make.api_token(session, tenant, principal, scopes=READS, expires_at=expires)
    return client.with_token(token)


async def nobody(client: Running) -> Client:
    """Somebody who is not signed in."""
    return client.nobody


ROLES: Final[Mapping[str, tuple[int, Enter]]] = {
    "partner_admin": (20, account("admin@meridian.example")),
    "partner_user": (12, account("staff@meridian.example")),
    "partner_trainee": (8, account("trainee@meridian.example")),
    "tenant_owner": (12, account("owner@alder.example")),
    "application_administrator": (6, account("apps@alder.example")),
    "customized_administrator": (4, account("custom@alder.example")),
    "standard_user": (8, account("user@alder.example")),
    "agent": (10, account("agent@northstar.example")),
    "lead": (8, account("lead@northstar.example")),
    "temporary_support": (5, temporary_support),
    "service_principal": (5, machine),
    "anonymous": (2, nobody),
}
"""By role: its share of the queries in percent, and the way in."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks, and the ids, cursors and words that they put into queries."""

    actor: Actor | None
    pool: Pool


@dataclass(slots=True)
class Roles:
    """Everybody, made when first asked for: then actor and pool stay as they are.

    The workers of a run have the same rows; what one of them has read for a role, the others find in `folder`.
    """

    client: Running
    sides: Sides
    folder: Path
    _made: dict[str, Asker] = field(default_factory=dict)

    async def __call__(self, role: str) -> Asker:
        """The asker of a role."""
        if role not in self._made:
            actor = await self._actor(role)
            self._made[role] = Asker(actor, await self._pool(role, actor))
        return self._made[role]

    async def _pool(self, role: str, actor: Actor | None) -> Pool:
        file = self.folder / f"{role}.json"
        with FileLock(file.with_suffix(".lock")).held():
            if not file.exists():
                (await harvested(self.client, self.sides, actor)).write(file)
        return Pool.read(file)

    async def _actor(self, role: str) -> Actor | None:
        entered = await ROLES[role][1](self.client)
        return await self.client.sign_in.authentication.actor(entered.token) if entered.token else None
