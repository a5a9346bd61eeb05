"""Making a migrated database into an installation: what is published, the platform's tenant, its first operator."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import utc_now
from app.demo.accounts import PASSWORD
from app.errors import SetupError
from app.startup_checks import check_revision
from authz.roles import Role
from domain.base import new_id
from domain.errors import Problems, RefusedError
from domain.services import catalogue
from domain.support.contact import check_email, check_name
from domain.support.reference import insert_missing
from domain.tenants.model import Membership, Tenant, TenantKind, TenantSecuritySettings, User
from domain.tenants.passwords import LONGEST, Passwords
from domain.tenants.sessions import local_account
from tenancy.database import Database
from tenancy.scope import WORKER

SHORTEST = 12
ONE_AT_A_TIME = 0x696E7374616C6C  # "install": two commands do not both make a platform


@dataclass(frozen=True, slots=True)
class Founding:
    """The platform's name and who operates it first."""

    name: str
    email: str
    first_name: str
    last_name: str

    @classmethod
    def checked(cls, name: str, email: str, first_name: str, last_name: str) -> Self:
        """What was given, normalised; raises `SetupError` with everything that is wrong."""
        problems = Problems()
        founding = cls(
            check_name(name, problems, "--name"),
            check_email(email, problems, "--email").lower(),
            check_name(first_name, problems, "--first-name"),
            check_name(last_name, problems, "--last-name"),
        )
        try:
            problems.refuse_if_any()
        except RefusedError as error:
            raise SetupError("; ".join(f"{found.field[0]}: {found.message}" for found in error.problems)) from None
        return founding


async def publish(url: str) -> None:
    """Insert the reference data that is missing; what an operator changed stays."""
    async with _transaction(url) as session:
        await insert_missing(session, catalogue.published())


async def check_vacant(url: str) -> None:
    """Raise `SetupError` unless the tables are current and there is no platform yet."""
    await check_revision(url)
    async with _transaction(url) as session:
        await _refuse_second(session)


async def install(url: str, founding: Founding, password: str) -> None:
    """Make the platform's tenant and its first operator; raises `SetupError` where there is one already."""
    check_password(password)
    hashed = await Passwords().hash(password)
    async with _transaction(url) as session:
        await session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        await _refuse_second(session)
        if await local_account(session, founding.email) is not None:
            raise SetupError(f"there is an account {founding.email} already")
        await _found(session, founding, hashed)


def check_password(password: str) -> None:
    """Raise `SetupError` for a password that is easily found out, or that nobody could sign in with."""
    if len(password) < SHORTEST:
        raise SetupError(f"the password needs at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise SetupError(f"the password may have at most {LONGEST} characters")
    if password == PASSWORD:
        raise SetupError("this is the demo's password, which everybody knows")


@asynccontextmanager
async def _transaction(url: str) -> AsyncIterator[AsyncSession]:
    database = Database(url, pool_size=1)
    try:
        async with database.writing(WORKER) as session:
            yield session
    finally:
        await database.close()


async def _refuse_second(session: AsyncSession) -> None:
    if (await session.execute(select(exists().where(Tenant.kind == TenantKind.PLATFORM)))).scalar():
        raise SetupError("the platform is installed already: this database has its tenant")


async def _found(session: AsyncSession, founding: Founding, password_hash: str) -> None:
    slug = re.sub("[^a-z0-9]+", "-", founding.name.lower()).strip("-") or "platform"
    tenant = Tenant(id=new_id(), kind=TenantKind.PLATFORM, name=founding.name, slug=slug)
    operator = User(
        id=new_id(),
        email=founding.email,
        first_name=founding.first_name,
        last_name=founding.last_name,
        password_hash=password_hash,
        email_verified_at=utc_now(),  # whoever has the installation's secrets vouches for it
    )
    session.add_all([tenant, operator])
    await session.flush()
    membership = Membership(tenant_id=tenant.id, user_id=operator.id, role=Role.OPERATOR)
    session.add_all([TenantSecuritySettings(tenant_id=tenant.id), membership])
