"""Every SELECT of preferences and devices: each user's own."""

from typing import Any

from sqlalchemy import Select, and_, func

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.notifications.model import Device, NotificationPreferences
from domain.tenants.model import User
from execution.relation import Parents

SHOWN = (Device.id, Device.user_id, Device.platform, Device.app_id, Device.name, Device.registered_at)
"""Without the token, which nobody is shown."""


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
        User.language,
    )
    own = and_(row.user_id == User.id, row.visible_to(grant.powers))
    found = grant.select(User, *columns).outerjoin(row, own)
    return found.where(parents.match(User.id), User.id == binds.USER)


@requires(Permission.TENANT_READ)
def devices_of_users(grant: Grant, parents: Parents) -> Select[Any]:
    """The devices of these users that get push, the last registered first: nobody's but the actor's own."""
    devices = grant.select(Device, *SHOWN).where(parents.match(Device.user_id), Device.expires_at > binds.NOW)
    return devices.order_by(Device.registered_at.desc(), Device.id)


@requires(Permission.TENANT_READ)
def devices_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Devices by their ids."""
    return grant.select(Device, *SHOWN).where(parents.match(Device.id), Device.expires_at > binds.NOW)
