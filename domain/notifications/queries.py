"""Every SELECT of preferences: each user's own."""

from typing import Any

from sqlalchemy import Select, and_, func

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.notifications.model import NotificationPreferences
from domain.tenants.model import User
from execution.relation import Parents


@requires(Permission.TENANT_READ)
def preferences_of_users(grant: Grant, parents: Parents) -> Select[Any]:
    """The preferences of these users, of whom the actor sees itself alone; the defaults where there are none."""
    row = NotificationPreferences
    columns = (
        User.id.label("user_id"),
        func.coalesce(row.switched_off, []).label("switched_off"),
        func.coalesce(row.time_zone, "UTC").label("time_zone"),
        row.quiet_from_minute,
        row.quiet_until_minute,
        func.coalesce(row.version, 1).label("version"),
    )
    own = and_(row.user_id == User.id, row.visible_to(grant.powers))
    found = grant.select(User, *columns).outerjoin(row, own)
    return found.where(parents.match(User.id), User.id == binds.USER)
