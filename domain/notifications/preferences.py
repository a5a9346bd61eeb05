"""Changing what one wants to be told, and how (spec 3, 23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.errors import ErrorCode, Problems, refuse
from domain.notifications.model import Channel, NotificationPreferences
from domain.notifications.wishes import switch
from domain.records.commands import audit
from domain.support.opening_hours import DAY_MINUTES, minute_of
from domain.support.zones import zones
from domain.tenants.model import User
from domain.tenants.signing_up import check_language
from domain.tickets.notifications import NotificationKind

MOST_SETTINGS = 100


@dataclass(frozen=True, slots=True)
class Setting:
    """Whether things of a kind are wanted by each channel that is given."""

    kind: NotificationKind
    channels: dict[Channel, bool]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, as `22:00`."""

    starts_at: str
    ends_at: str


class PreferenceChanges(TypedDict, total=False):
    """What is to change; what is not given stays. Without quiet hours one is told at any hour."""

    settings: Sequence[Setting]
    time_zone: str
    quiet_hours: QuietHours | None
    language: str | None


@requires(Permission.TENANT_READ)
async def update(grant: Grant, changes: PreferenceChanges, expected_version: int | None) -> UUID:
    """Save the actor's own, a person's: all of it, or, with every error at once, nothing. Returns the user's id."""
    if grant.actor.principal is not PrincipalKind.USER:
        raise ForbiddenError
    row = await _own(grant)
    if expected_version not in (None, row.version):
        message = "These preferences were changed in the meantime: read them again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=row.version)
    values = _checked(changes, row.switched_off)
    person = await grant.get(User, row.user_id)
    holders = {name: person if name == "language" else row for name in values}
    before = {name: getattr(holders[name], name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    for name, value in changed.items():
        setattr(holders[name], name, value)
    if changed:
        previous = {name: before[name] for name in changed}
        name = "notification_preferences"
        audit(grant, f"{name}.update", name, row.user_id, before=previous, after=changed)
    return row.user_id


async def _own(grant: Grant) -> NotificationPreferences:
    """The actor's, locked; made with the defaults where there are none, by whoever of several comes first."""
    grant.write(NotificationPreferences, _defaults(grant.actor.user_id), once=True)
    await grant.flush()
    own = grant.select(NotificationPreferences).with_for_update()
    row: NotificationPreferences = await grant.first(own)
    return row


def _defaults(user_id: UUID) -> dict[str, Any]:
    quiet = {"quiet_from_minute": None, "quiet_until_minute": None}
    return {"user_id": user_id, "switched_off": [], "time_zone": "UTC", "version": 1, **quiet}


def _checked(changes: PreferenceChanges, switched_off: list[str]) -> dict[str, Any]:
    """The columns that are to change."""
    problems, values = Problems(), dict[str, Any]()
    if "settings" in changes:
        values["switched_off"] = _switched(changes["settings"], switched_off, problems)
    if "time_zone" in changes:
        values["time_zone"] = changes["time_zone"]
        if changes["time_zone"] not in zones():
            problems.add(ErrorCode.OUT_OF_RANGE, "This is no IANA time zone.", "timeZone")
    if "quiet_hours" in changes:
        values |= _quiet(changes["quiet_hours"], problems)
    if "language" in changes:
        values["language"] = check_language(changes["language"], problems, "language")
    problems.refuse_if_any()
    return values


def _switched(settings: Sequence[Setting], before: list[str], problems: Problems) -> list[str]:
    """The switches that are off afterwards; of several settings of a kind the last counts."""
    if problems.too_many(settings, MOST_SETTINGS, "settings", "settings"):
        return before
    off = dict.fromkeys(before, False)
    for setting in settings:
        off |= {switch(setting.kind, channel): wanted for channel, wanted in setting.channels.items()}
    return sorted(name for name, wanted in off.items() if not wanted)


def _quiet(hours: QuietHours | None, problems: Problems) -> dict[str, int | None]:
    if hours is None:
        return {"quiet_from_minute": None, "quiet_until_minute": None}
    start = _minute(hours.starts_at, problems, "quietHours", "startsAt")
    end = _minute(hours.ends_at, problems, "quietHours", "endsAt")
    if start is not None and start == end:
        message = "Quiet hours end at another time than they begin: switch off what you never want."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "quietHours", "endsAt")
    return {"quiet_from_minute": start, "quiet_until_minute": end}


def _minute(text: str, problems: Problems, *path: str) -> int | None:
    """A time of the day; midnight is both its beginning and its end."""
    minute = minute_of(text)
    if minute is None:
        problems.add(ErrorCode.OUT_OF_RANGE, "Enter a time between 00:00 and 24:00, such as 22:00.", *path)
        return None
    return minute % DAY_MINUTES
