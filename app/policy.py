"""`bailiwick policy explain`: what an account may do in each of its tenants, and where that comes from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.errors import SetupError
from authz.enforcer import permissions_of
from authz.permissions import Permission
from authz.roles import PARTNER_ROLES, DerivedRole, Role
from domain.tenants.model import Membership, User, UserStatus
from domain.tenants.principals import counts, customization, places
from domain.tenants.sessions import local_account
from execution.ids import encode
from tenancy.database import Database
from tenancy.scope import SIGN_IN


async def explain(url: str, email: str) -> str:
    """Each place of the account with its role and acts, by the rules of a request; raises `SetupError` for nobody."""
    database = Database(url, pool_size=1)
    try:
        async with database.reading(SIGN_IN) as session:
            account = await local_account(session, email.strip().lower())
            if account is None:
                raise SetupError(f"there is no account {email}")
            mine = places().where(Membership.user_id == account.id).order_by(Membership.id)
            rows = (await session.execute(mine)).mappings().all()
    finally:
        await database.close()
    return "\n".join(_explained(account, rows))


def _explained(account: User, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{account.name} <{account.email}>, {account.status.value}"
    if account.status is not UserStatus.ACTIVE:
        yield "The account cannot sign in."
    if not rows:
        yield "It is an active member of no active tenant."
    for row in rows:
        yield ""
        yield f"{row['role'].value} of {row['tenant_name']} ({encode('tenant', row['tenant_id'])})"
        yield from _place(row)


def _place(row: Mapping[str, Any]) -> Iterator[str]:
    if not counts(row):
        yield f"  counts for nothing: no role of a tenant of the kind {row['tenant_kind'].value}"
        return
    if row["role"] is Role.APPLICATION_ADMINISTRATOR:
        yield f"  limited to {len(row['service_ids'])} of the services"
    if row["role"] is Role.PARTNER_USER and row["grouped"]:
        yield "  limited to the customers of its customer groups"
    granted, denied = customization(row)
    held = permissions_of((row["role"].value,), granted, denied)
    reach = _reach(held) if row["role"] in PARTNER_ROLES else {}
    for permission in Permission:
        origins = _origins(permission, row, granted)
        if permission in held:
            yield f"  {permission.value:26} by {' and '.join(origins)}{reach.get(permission, '')}"
        elif origins:
            yield f"  {permission.value:26} denied by {row['custom_role']}"


def _origins(permission: Permission, row: Mapping[str, Any], granted: tuple[str, ...]) -> list[str]:
    """What allows an act, were it not denied."""
    origins = ["the role"] if permission in permissions_of((row["role"].value,)) else []
    return origins + [f"{key} of {row['custom_role']}" for key in granted if permission in permissions_of((), (key,))]


def _reach(held: frozenset[Permission]) -> dict[Permission, str]:
    """How far each act of a partner goes at its customers (spec 4.4)."""
    managed = held & permissions_of((DerivedRole.PARTNER_MANAGED.value,))
    licensed = held & permissions_of((DerivedRole.PARTNER_LICENSING.value,))
    return dict.fromkeys(managed, "; at customers that it manages") | dict.fromkeys(licensed, "; at all its customers")
