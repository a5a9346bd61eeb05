"""`bailiwick policy explain`: what an account may do in each of its tenants, and where that comes from."""

from collections.abc import Iterator, Sequence

from sqlalchemy import RowMapping

from app.errors import SetupError
from authz.enforcer import permissions_of
from authz.permissions import Permission
from authz.roles import PARTNER_ROLES, DerivedRole, Role
from domain.tenants.model import User, UserStatus
from domain.tenants.principals import acts, counts, customization, places
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
        rows = await places(database, account.id)
    finally:
        await database.close()
    return "\n".join(_explained(account, rows))


def _explained(account: User, rows: Sequence[RowMapping]) -> Iterator[str]:
    yield f"{account.name} <{account.email}>, {account.status.value}"
    if account.status is not UserStatus.ACTIVE:
        yield "The account cannot sign in."
    if not rows:
        yield "It is an active member of no active tenant."
    for row in rows:
        yield ""
        yield f"{row['role']} of {row['tenant_name']} ({encode('tenant', row['tenant_id'])})"
        yield from _place(row)


def _place(row: RowMapping) -> Iterator[str]:
    if not counts(row):
        yield f"  counts for nothing: no role of a tenant of the kind {row['tenant_kind']}"
        return
    role = Role(row["role"])
    if role is Role.APPLICATION_ADMINISTRATOR:
        yield f"  limited to {len(row['service_ids'])} of the services"
    if row["grouped"]:
        yield "  limited to the customers of its customer groups"
    granted, denied = customization(role, row["permissions"] or (), row["denied_permissions"] or ())
    held = acts(role, granted, denied)
    reach = _reach(held) if role in PARTNER_ROLES else {}
    for permission in Permission:
        origins = _origins(permission, row, granted)
        if permission in held:
            yield f"  {permission.value:26} by {' and '.join(origins)}{reach.get(permission, '')}"
        elif origins:
            limit = f"denied by {row['custom_role']}" if permission in denied else "more than the role can be given"
            yield f"  {permission.value:26} {limit}"


def _origins(permission: Permission, row: RowMapping, granted: tuple[str, ...]) -> list[str]:
    """What allows an act, were it not denied."""
    origins = ["the role"] if permission in permissions_of((row["role"],)) else []
    return origins + [f"{key} of {row['custom_role']}" for key in granted if permission in permissions_of((), (key,))]


def _reach(held: frozenset[Permission]) -> dict[Permission, str]:
    """How far each act of a partner goes at its customers (spec 4.4)."""
    managed = held & permissions_of((DerivedRole.PARTNER_MANAGED.value,))
    licensed = held & permissions_of((DerivedRole.PARTNER_LICENSING.value,))
    return dict.fromkeys(managed, "; at customers that it manages") | dict.fromkeys(licensed, "; at all its customers")
