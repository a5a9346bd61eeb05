"""Whether somebody wants to be told of something, and when: pure functions of their preferences.

What is not about tickets, such as mail about one's account, is of no kind here: nobody switches it off, and it does not
wait for the morning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func

from domain.notifications.model import Channel, NotificationPreferences
from domain.support.opening_hours import from_ticks, wall_ticks
from domain.tickets.notifications import NotificationKind

KIND_OF_MAIL: Mapping[str, NotificationKind] = MappingProxyType(
    {
        "ticket_created": NotificationKind.RAISED,
        "ticket_reply": NotificationKind.REPLY,
        "ticket_resolved": NotificationKind.STATUS,
        "ticket_reopened": NotificationKind.STATUS,
        "ticket_closed": NotificationKind.STATUS,
        "ticket_merged": NotificationKind.STATUS,
        "ticket_severity_set": NotificationKind.STATUS,
        "ticket_cc_added": NotificationKind.CC_ADDED,
        "ticket_at_risk": NotificationKind.SLA_WARNING,
    }
)
"""By the mail's template; what is not here cannot be switched off."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Somebody's preferences."""

    switched_off: frozenset[str] = frozenset()
    time_zone: str = "UTC"
    quiet_hours: tuple[int, int] | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any] | None) -> "Wishes":
        """Those of a row of `as_json`; without one everything is wanted."""
        if row is None:
            return cls()
        quiet = None if row["quiet_from"] is None else (row["quiet_from"], row["quiet_until"])
        return cls(frozenset(row["switched_off"]), row["time_zone"], quiet)

    def wants(self, kind: NotificationKind, channel: Channel) -> bool:
        """Whether things of this kind are wanted this way."""
        return switch(kind, channel) not in self.switched_off

    def quiet_until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that `now` is in (UTC); None where it is in none.

        They are hours on the wall: a night in which the clocks change is as much longer or shorter.
        """
        if self.quiet_hours is None:
            return None
        zone, (start, end) = ZoneInfo(self.time_zone), self.quiet_hours
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            last = day if start < end else day + timedelta(days=1)
            begins, ends = (from_ticks(wall_ticks(zone, *wall)) for wall in ((day, start), (last, end)))
            if begins <= now < ends:
                return ends
        return None


def switch(kind: NotificationKind, channel: Channel) -> str:
    """A kind by a channel, as it is kept."""
    return f"{kind.value}:{channel.value}"


def as_json() -> ColumnElement[Any]:
    """A row of `NotificationPreferences` for `Wishes.of`."""
    row = NotificationPreferences
    return func.jsonb_build_object(
        "switched_off",
        func.to_jsonb(row.switched_off),
        "time_zone",
        row.time_zone,
        "quiet_from",
        row.quiet_from_minute,
        "quiet_until",
        row.quiet_until_minute,
    )
