"""What every domain leaves behind: the audit log, the outbox, and the answers to retried mutations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_, false, func, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, Identified, TenantOwned


class AuditEvent(Identified, TenantOwned, Base):
    """Who did what to whom; append-only, one row for each tenant that it concerns (spec 3, 2)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_tenant_id_occurred_at", "tenant_id", "occurred_at", "id"),
        Index("ix_audit_event_object", "tenant_id", "object_type", "object_id"),
    )

    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str]
    actor_user_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    acting_tenant_id: Mapped[UUID]
    acting_tenant_name: Mapped[str]
    session_id: Mapped[UUID | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    ip_address: Mapped[str | None]
    request_id: Mapped[str | None]
    private_to: Mapped[UUID | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Holders of `audit:read`, in their own tenant's log; platform staff in every log.

        What is `private_to` somebody is nobody else's in the log, either (E20).
        """
        if not powers.holds(Permission.AUDIT_READ):
            return false()
        if powers.is_platform:
            return true()
        return and_(cls.tenant_id == binds.TENANT, or_(cls.private_to.is_(None), cls.private_to == binds.USER))


class OutboxEvent(Identified, TenantOwned, Base):
    """Something that leaves the platform (mail, webhook, live update), written in the transaction that caused it."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index("ix_outbox_event_pending", "topic", "created_at", postgresql_where="delivered_at IS NULL"),
        Index("ix_outbox_event_delivered_at", "delivered_at", postgresql_where="delivered_at IS NOT NULL"),
    )

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    delivered_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Nobody: jobs read it in the worker's scope."""
        return false()


class IdempotencyRecord(Identified, TenantOwned, Base):
    """The answer that a mutation gave under a key (spec 3, 5): the same key and body get it again."""

    __tablename__ = "idempotency_record"
    __table_args__ = (
        UniqueConstraint("tenant_id", "principal_id", "key"),
        Index("ix_idempotency_record_created_at", "created_at"),
    )

    principal_id: Mapped[UUID]
    key: Mapped[str]
    operation: Mapped[str]
    body_hash: Mapped[str]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The principal who used the key, in the tenant in which it did."""
        return and_(cls.tenant_id == binds.TENANT, cls.principal_id == binds.USER)
