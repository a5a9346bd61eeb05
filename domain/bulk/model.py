"""Many changes asked for at once: the operation, and one item for each object that it concerns (spec 3, 9; 4.1)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, and_, exists, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, Identified, TenantOwned, Timestamped
from domain.errors import ErrorCode, refuse
from domain.tenants.asking import AskedFor
from domain.tenants.reach import own_tenant


class BulkOperationKind(StrEnum):
    """What is done to each object."""

    TICKET_UPDATE = "TICKET_UPDATE"


class BulkOperationStatus(StrEnum):
    """How far an operation has come (spec 4.2)."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    COMPLETED_WITH_ERRORS = "COMPLETED_WITH_ERRORS"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class BulkOperationItemStatus(StrEnum):
    """What became of one item; none is ever seen running, as each is one transaction."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"


class BulkErrorPolicy(StrEnum):
    """What follows when an item fails."""

    IGNORE_FAILED = "IGNORE_FAILED"
    STOP = "STOP"


UNFINISHED = (BulkOperationStatus.PENDING, BulkOperationStatus.RUNNING)


class BulkOperation(Identified, AskedFor, Timestamped, Base):
    """Who asked for what, and how far it has come; their rights are looked up anew for each item."""

    __tablename__ = "bulk_operation"
    __table_args__ = (
        Index("ix_bulk_operation_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_bulk_operation_unfinished", "user_id", postgresql_where="status IN ('PENDING', 'RUNNING')"),
        CheckConstraint("(status IN ('PENDING', 'RUNNING')) = (ended_at IS NULL)", name="ended"),
    )

    kind: Mapped[BulkOperationKind]
    status: Mapped[BulkOperationStatus] = mapped_column(default=BulkOperationStatus.PENDING)
    error_policy: Mapped[BulkErrorPolicy]
    change: Mapped[dict[str, Any]]
    total: Mapped[int]
    succeeded: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]

    @property
    def waiting(self) -> int:
        """How many items nothing has become of yet."""
        return self.total - self.succeeded - self.failed - self.skipped - self.cancelled

    def succeed(self, at: datetime) -> None:
        """One item more went well."""
        self.succeeded += 1
        self._go_on(at)

    def fail(self, at: datetime) -> None:
        """One item more was refused."""
        self.failed += 1
        self._go_on(at)

    def stop(self, at: datetime) -> None:
        """What waits is left out, because an item failed."""
        self.skipped += self.waiting
        self._end(BulkOperationStatus.FAILED, at)

    def cancel(self, at: datetime) -> None:
        """What waits is left undone, because somebody wants it so (AMB-9); what is over already is refused."""
        if self.status not in UNFINISHED:
            states: dict[str, Any] = {
                "from_": self.status.value,
                "to": BulkOperationStatus.CANCELLED.value,
                "allowed": [],
            }
            refuse(ErrorCode.INVALID_TRANSITION, "This operation is over already.", **states)
        self.cancelled += self.waiting
        self._end(BulkOperationStatus.CANCELLED, at)

    def _go_on(self, at: datetime) -> None:
        self.status = BulkOperationStatus.RUNNING
        if self.waiting == 0:
            status = BulkOperationStatus.COMPLETED_WITH_ERRORS if self.failed else BulkOperationStatus.COMPLETED
            self._end(status, at)

    def _end(self, status: BulkOperationStatus, at: datetime) -> None:
        self.status, self.ended_at = status, at

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Who asked for it; a lead sees those of all agents and machines."""
        if not powers.holds(Permission.TICKET_BULK_UPDATE):
            return false()
        own = own_tenant(cls.tenant_id)
        return own if powers.role is Role.AGENT_LEAD else and_(own, cls.user_id == binds.USER)


class BulkOperationItem(Identified, TenantOwned, Base):
    """What is to be done to one ticket, and what became of it; `errors` are the problems for which it was refused.

    Its ticket need not be there: that is found out as it runs, by the rights of then. `attempts` are those that came to
    nothing by a fault of ours.
    """

    __tablename__ = "bulk_operation_item"
    __table_args__ = (UniqueConstraint("operation_id", "position"), UniqueConstraint("operation_id", "ticket_id"))

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_operation.id"))
    position: Mapped[int]
    ticket_id: Mapped[UUID]
    status: Mapped[BulkOperationItemStatus] = mapped_column(default=BulkOperationItemStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    errors: Mapped[list[Any]] = mapped_column(JSONB(), server_default="[]")
    ended_at: Mapped[datetime | None]

    def end(self, status: BulkOperationItemStatus, at: datetime, errors: list[Any] | None = None) -> None:
        """It has become this."""
        self.status, self.ended_at, self.errors = status, at, errors or []

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the operation."""
        return exists().where(BulkOperation.id == cls.operation_id, BulkOperation.visible_to(powers))
