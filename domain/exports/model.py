"""Exports: what somebody wants as a file, and the file once it is there (spec 3, 16; 4.1, 4.2)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, and_, false
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, Identified, Timestamped
from domain.errors import ErrorCode
from domain.tenants.asking import AskedFor
from domain.tenants.reach import own_tenant

KEPT: Final = timedelta(days=7)
"""How long a file is there."""
ADMINISTRATORS: Final = frozenset({Role.TENANT_OWNER, Role.SERVICE_ADMINISTRATOR, Role.PARTNER_ADMIN, Role.AGENT_LEAD})
"""Who sees what others of their organisation have exported (spec 4.1)."""


class ExportKind(StrEnum):
    """What is exported."""

    TICKETS = "TICKETS"


class ExportFormat(StrEnum):
    """What kind of file it becomes."""

    CSV = "CSV"
    XLSX = "XLSX"
    JSON = "JSON"


class ExportStatus(StrEnum):
    """How far an export has come (spec 4.2)."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


UNFINISHED: Final = (ExportStatus.QUEUED, ExportStatus.RUNNING)


class ExportJob(Identified, AskedFor, Timestamped, Base):
    """Who wants what as a file, and how far that has come.

    `wanted` is what `domain.exports.wanted.Wanted` has kept. `ticket_ids` are those of the file, by which it is decided
    at each use who may have it. `attempts` are runs that were begun. EXPIRED is never stored: time alone decides.
    """

    __tablename__ = "export_job"
    __table_args__ = (
        Index("ix_export_job_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_export_job_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_export_job_unfinished", "tenant_id", postgresql_where="status IN ('QUEUED', 'RUNNING')"),
        Index("ix_export_job_stored", "expires_at", postgresql_where="object_key IS NOT NULL"),
        CheckConstraint("status <> 'EXPIRED'", name="expiry_is_derived"),
        CheckConstraint("(status IN ('QUEUED', 'RUNNING')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'READY') = (expires_at IS NOT NULL)", name="expires_when_ready"),
        CheckConstraint("(status = 'FAILED') = (failure_code IS NOT NULL)", name="failed_for_a_reason"),
    )

    kind: Mapped[ExportKind]
    format: Mapped[ExportFormat]
    status: Mapped[ExportStatus] = mapped_column(default=ExportStatus.QUEUED)
    wanted: Mapped[dict[str, Any]]
    file_name: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    row_count: Mapped[int | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    object_key: Mapped[str | None]
    ticket_ids: Mapped[list[UUID] | None] = mapped_column(deferred=True)
    failure_code: Mapped[str | None]
    failure_message: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    def state(self, at: datetime) -> ExportStatus:
        """The status, with EXPIRED from the very instant of the expiry on."""
        return state_of(self.status, self.expires_at, at)

    def begin(self, at: datetime) -> None:
        """Somebody works on it, for the first time or once more."""
        self.status, self.started_at = ExportStatus.RUNNING, self.started_at or at
        self.attempts += 1

    def finish(self, at: datetime) -> None:
        """Its file is there, for a while."""
        self.status, self.ended_at, self.expires_at = ExportStatus.READY, at, at + KEPT

    def fail(self, code: ErrorCode, message: str, at: datetime) -> None:
        """There will be no file."""
        self.status, self.ended_at = ExportStatus.FAILED, at
        self.failure_code, self.failure_message = code.value, message

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Who asked for it, and who administers their organisation (spec 4.1)."""
        if not powers.holds(Permission.EXPORT_CREATE):
            return false()
        own = own_tenant(cls.tenant_id)
        return own if powers.role in ADMINISTRATORS else and_(own, cls.user_id == binds.USER)


def state_of(status: ExportStatus, expires_at: datetime | None, at: datetime) -> ExportStatus:
    """The status of a row, with EXPIRED from the very instant of the expiry on."""
    return ExportStatus.EXPIRED if expires_at is not None and at >= expires_at else status
