"""Schedules: exports that come round by themselves, as long as their owner may export (spec 3, 16; 4.1)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, false
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, Identified, Timestamped, Versioned
from domain.exports.model import ADMINISTRATORS, ExportFormat, ExportKind
from domain.exports.recurrence import ExportFrequency, Recurrence
from domain.tenants.asking import AskedFor
from domain.tenants.reach import own_tenant


class ExportSchedule(Identified, AskedFor, Timestamped, Versioned, Base):
    """Who wants what as a file, and how often.

    `wanted` is as in `ExportJob`; without `file_name` each file is named after its day. What has stopped has no next
    time. Runs do not count as changes: `version` is of what people decide.
    """

    __tablename__ = "export_schedule"
    __table_args__ = (
        Index("ix_export_schedule_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_export_schedule_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_export_schedule_next_run_at", "next_run_at", postgresql_where="next_run_at IS NOT NULL"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute_of_a_day"),
        CheckConstraint(
            "(frequency = 'WEEKLY') = (weekday IS NOT NULL) AND weekday BETWEEN 0 AND 6", name="weekday_of_weeks"
        ),
        CheckConstraint(
            "(frequency = 'MONTHLY') = (day_of_month IS NOT NULL) AND day_of_month BETWEEN 1 AND 31",
            name="day_of_months",
        ),
        CheckConstraint("(stopped_at IS NULL) = (next_run_at IS NOT NULL)", name="next_unless_stopped"),
        CheckConstraint(
            "(stopped_at IS NULL) = (stop_code IS NULL) AND (stop_code IS NULL) = (stop_message IS NULL)",
            name="stopped_for_a_reason",
        ),
    )

    kind: Mapped[ExportKind]
    format: Mapped[ExportFormat]
    wanted: Mapped[dict[str, Any]]
    file_name: Mapped[str | None]
    frequency: Mapped[ExportFrequency]
    minute: Mapped[int]
    time_zone: Mapped[str]
    weekday: Mapped[int | None]
    day_of_month: Mapped[int | None]
    next_run_at: Mapped[datetime | None]
    last_job_id: Mapped[UUID | None] = mapped_column(ForeignKey("export_job.id"))
    stopped_at: Mapped[datetime | None]
    stop_code: Mapped[str | None]
    stop_message: Mapped[str | None]

    @property
    def recurrence(self) -> Recurrence:
        """When it comes round."""
        return Recurrence(self.frequency, self.minute, self.time_zone, self.weekday, self.day_of_month)

    def come_round(self, recurrence: Recurrence, at: datetime) -> None:
        """Go on from here, by these times; what had stopped begins anew."""
        for name, value in asdict(recurrence).items():
            setattr(self, name, value)
        self.next_run_at = recurrence.next_after(at)
        self.stopped_at = self.stop_code = self.stop_message = None

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As its files: its owner, and who administers their organisation (spec 4.1)."""
        if not powers.holds(Permission.EXPORT_SCHEDULE):
            return false()
        own = own_tenant(cls.tenant_id)
        return own if powers.role in ADMINISTRATORS else and_(own, cls.user_id == binds.USER)
