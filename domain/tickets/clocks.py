"""The two clocks of a ticket: what was promised, and how long the solution's has stood still (spec 7)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from domain.support.clock import SlaClock, SlaTarget, at_risk_at
from domain.support.targets import RESPONSE, later_by, targets
from domain.support.working_time import Calendar, open_time

NO_TIME = timedelta()


class Clocks:
    """The part of a ticket that says when something is due.

    `resolution_stopped_at` is since when the resolution clock stands still: while the vendor waits for an answer, and
    from resolution or closing on. When it runs on, `resolution_due_at` moves by the time that it stood, which is kept
    by either clock (`paused_for`, `paused_open_for`): it counts also when the promise is another one by then.
    The response clock never stands still. A ticket without `resolution_clock` has the response's for both. From
    `…_at_risk_at` on a promise is at risk: that follows from when it is due, and is kept for lists.
    """

    @declared_attr
    @classmethod
    def sla_policy_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("sla_policy.id"))

    sla_policy_version: Mapped[int | None]
    response_minutes: Mapped[int | None]
    response_clock: Mapped[SlaClock | None]
    response_due_at: Mapped[datetime | None]
    response_at_risk_at: Mapped[datetime | None]
    first_responded_at: Mapped[datetime | None]
    resolution_minutes: Mapped[int | None]
    resolution_clock: Mapped[SlaClock | None]
    resolution_due_at: Mapped[datetime | None]
    resolution_at_risk_at: Mapped[datetime | None]
    resolution_stopped_at: Mapped[datetime | None]
    paused_for: Mapped[timedelta] = mapped_column(default=NO_TIME, server_default="0")
    paused_open_for: Mapped[timedelta] = mapped_column(default=NO_TIME, server_default="0")

    def promise(self, start: datetime, promised: dict[str, Any], calendar: Calendar) -> None:
        """Promise something else, from `start` on, pauses included; an answer that was given stays as it was due."""
        made = targets(start, promised, calendar)
        kept = RESPONSE if self.first_responded_at else ()
        for column, value in made.items():
            if column not in kept:
                setattr(self, column, value)
        self._delay(self.paused_for, self.paused_open_for, calendar)

    def stop(self, at: datetime) -> None:
        """Stop the resolution clock, unless it stands still already."""
        self.resolution_stopped_at = self.resolution_stopped_at or at

    def run_on(self, at: datetime, calendar: Calendar | None) -> None:
        """Start the resolution clock again."""
        stopped, self.resolution_stopped_at = self.resolution_stopped_at, None
        if stopped is None:
            return
        paused, open_paused = at - stopped, open_time(stopped, at, calendar) if calendar else NO_TIME
        self.paused_for += paused
        self.paused_open_for += open_paused
        if calendar:
            self._delay(paused, open_paused, calendar)

    def _delay(self, paused: timedelta, open_paused: timedelta, calendar: Calendar) -> None:
        clock = self.resolution_clock or self.response_clock
        if self.resolution_due_at and clock:
            pause = open_paused if clock is SlaClock.BUSINESS else paused
            self.resolution_due_at = later_by(self.resolution_due_at, pause, clock, calendar)
            if self.resolution_minutes:
                target = SlaTarget(self.resolution_minutes, clock)
                self.resolution_at_risk_at = at_risk_at(self.resolution_due_at, target, calendar)
