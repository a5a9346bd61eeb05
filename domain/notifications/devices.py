"""Registering devices for push, and taking them out (spec 3, 23)."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.base import new_id
from domain.errors import ErrorCode, Problems
from domain.notifications.model import Device, DevicePlatform
from domain.notifications.secrets import DeviceSecrets
from domain.records.commands import audit
from domain.support.text import check_text
from domain.tenants.credentials import SignInSession

LONGEST_TOKEN = 4096
LONGEST_NAME = 100
MOST_DEVICES = 20
"""Of one user: the one that was registered longest ago makes room."""
APP_ID = re.compile("[A-Za-z0-9._-]{1,64}")
TOKEN = re.compile("[!-~]+")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a device says of itself."""

    platform: DevicePlatform
    app_id: str
    token: str
    name: str | None


@requires(Permission.TENANT_READ)
async def register(grant: Grant, secrets: DeviceSecrets, given: Registration) -> UUID:
    """Register a device of the actor, a person, for as long as its session goes on; anew, where it was before.

    A token that somebody else has registered is theirs no longer: the database sees to that.
    """
    actor = grant.actor
    if actor.principal is not PrincipalKind.USER or actor.session_id is None:
        raise ForbiddenError
    values = _checked(given)
    session: SignInSession = await grant.get(SignInSession, actor.session_id)
    values |= {"session_id": session.id, "expires_at": session.expires_at, "registered_at": grant.now}
    values |= {"user_id": actor.user_id, "token_encrypted": secrets.encrypt(given.token)}
    new = insert(Device).values(id=new_id(), token_hash=secrets.hash(given.token), **values)
    saved = new.on_conflict_do_update(index_elements=[Device.token_hash], set_=values).returning(Device.id)
    key: UUID = (await grant.run(saved)).scalar_one()
    await grant.run(_beyond_most(actor.user_id))
    audit(grant, "device.register", "device", key, after={"platform": given.platform.value, "app_id": given.app_id})
    return key


@requires(Permission.TENANT_READ)
async def unregister(grant: Grant, key: UUID) -> UUID:
    """Take one of the actor's devices out."""
    device: Device = await grant.get(Device, key, lock=True)
    before = {"platform": device.platform.value, "app_id": device.app_id}
    await grant.delete(device)
    audit(grant, "device.unregister", "device", key, before=before)
    return key


def _checked(given: Registration) -> dict[str, Any]:
    """The columns, or everything that is wrong."""
    problems = Problems()
    if not APP_ID.fullmatch(given.app_id):
        message = "An app's id has 1-64 letters, digits, dots, hyphens and underscores."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "appId")
    if len(given.token) > LONGEST_TOKEN:
        message = f"A token has at most {LONGEST_TOKEN} characters."
        problems.add(ErrorCode.TOO_LONG, message, "token", limit=LONGEST_TOKEN, actual=len(given.token))
    elif not TOKEN.fullmatch(given.token):
        problems.add(ErrorCode.INVALID_TEXT, "A token is printable ASCII, without spaces.", "token")
    name = check_text(given.name, problems, "name", most=LONGEST_NAME)
    problems.refuse_if_any()
    return {"platform": given.platform, "app_id": given.app_id, "name": name or None}


def _beyond_most(user_id: UUID) -> Any:
    kept = select(Device.id).where(Device.user_id == user_id).order_by(Device.registered_at.desc(), Device.id.desc())
    return (
        delete(Device)
        .where(Device.user_id == user_id, Device.id.not_in(kept.limit(MOST_DEVICES)))
        .execution_options(synchronize_session=False)
    )
