"""Endpoints, and the log of what was sent to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, Identified, TenantOwned, Timestamped, Versioned
from domain.tenants.reach import own_tenant
from domain.webhooks.states import (
    WebhookDeliveryStatus,
    WebhookDisabledReason,
    WebhookEventType,
    WebhookFailure,
    WebhookStatus,
)


def manages(powers: Powers) -> bool:
    """Whether webhooks are theirs to see and to change.

    An endpoint hears of every ticket that its organisation sees, so whoever sees fewer of them has nothing to do with
    it: a partner's user who is limited to groups of customers, whatever a custom role adds.
    """
    return powers.holds(Permission.WEBHOOK_MANAGE) and powers.holds(Permission.TICKET_READ) and not powers.grouped


def _visible_to(tenant_id: Mapped[UUID], powers: Powers) -> ColumnElement[bool]:
    return own_tenant(tenant_id) if manages(powers) and not powers.is_platform else false()


class WebhookEndpoint(Identified, TenantOwned, Timestamped, Versioned, Base):
    """Where an organisation wants to be told. It is the organisation's, and outlives whoever made it.

    `failing_since` is the first failure after which nothing arrived. The secret before the last one signs as well until
    `previous_secret_until`.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("(status = 'DISABLED') = (disabled_reason IS NOT NULL)", name="reason_when_disabled"),
        Index("ix_webhook_endpoint_tenant_id", "tenant_id", "created_at", "id"),
    )

    url: Mapped[str]
    description: Mapped[str | None]
    event_types: Mapped[list[str]]
    status: Mapped[WebhookStatus] = mapped_column(default=WebhookStatus.ENABLED)
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[WebhookDisabledReason | None]
    failing_since: Mapped[datetime | None]
    secret_encrypted: Mapped[str]
    previous_secret_encrypted: Mapped[str | None]
    previous_secret_until: Mapped[datetime | None]
    created_by_user_id: Mapped[UUID]
    created_by_name: Mapped[str]

    def enable(self) -> None:
        """Tell it again of what happens from now on."""
        self.status = WebhookStatus.ENABLED
        self.disabled_at = self.disabled_reason = self.failing_since = None

    def disable(self, reason: WebhookDisabledReason, at: datetime) -> None:
        """Tell it nothing any more."""
        if self.status is WebhookStatus.ENABLED:
            self.status, self.disabled_reason, self.disabled_at = WebhookStatus.DISABLED, reason, at

    def rotate(self, encrypted: str, previous_until: datetime | None) -> None:
        """Sign with a new secret; with the old one as well until then, if at all."""
        kept = self.secret_encrypted if previous_until else None
        self.previous_secret_encrypted, self.previous_secret_until = kept, previous_until
        self.secret_encrypted = encrypted

    def secrets(self, at: datetime) -> list[str]:
        """All that sign now, encrypted."""
        until, previous = self.previous_secret_until, self.previous_secret_encrypted
        return [self.secret_encrypted, *([previous] if previous and until and at < until else [])]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Those who manage the webhooks of their organisation."""
        return _visible_to(cls.tenant_id, powers)


class WebhookDelivery(Identified, TenantOwned, Base):
    """One event on its way to one endpoint; a replay is one of its own. `status_code` … are those of the last attempt.

    While an attempt goes on, `leased_until` keeps others from it. `ticket_id` is not shown: the ticket may be out of
    reach by now.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("(status = 'QUEUED') = (ended_at IS NULL)", name="ended"),
        Index("ix_webhook_delivery_endpoint_id", "endpoint_id", "created_at", "id"),
        Index("ix_webhook_delivery_event_id", "event_id"),
        Index("ix_webhook_delivery_ended_at", "ended_at", postgresql_where="ended_at IS NOT NULL"),
        Index("ix_webhook_delivery_due_at", "due_at", postgresql_where="status = 'QUEUED'"),
        Index(
            "uq_webhook_delivery_waiting", "endpoint_id", "event_id", unique=True, postgresql_where="status = 'QUEUED'"
        ),
    )

    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_event.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    event_type: Mapped[WebhookEventType]
    is_replay: Mapped[bool] = mapped_column(default=False, server_default="false")
    status: Mapped[WebhookDeliveryStatus] = mapped_column(default=WebhookDeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    status_code: Mapped[int | None]
    failure: Mapped[WebhookFailure | None]
    duration_ms: Mapped[int | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    enqueued_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def begin(self, at: datetime, leased_until: datetime) -> None:
        """An attempt begins: it counts, whatever becomes of it."""
        self.attempts += 1
        self.attempted_at, self.leased_until = at, leased_until

    def arrived(self, status_code: int, duration_ms: int | None, at: datetime) -> None:
        """The endpoint has taken it."""
        self.status_code, self.duration_ms, self.failure = status_code, duration_ms, None
        self._end(WebhookDeliveryStatus.DELIVERED, at)

    def failed(
        self,
        failure: WebhookFailure,
        status_code: int | None,
        duration_ms: int | None,
        again_at: datetime | None,
        at: datetime,
    ) -> None:
        """An attempt failed; without `again_at` it was the last."""
        self.failure, self.status_code, self.duration_ms = failure, status_code, duration_ms
        self.leased_until = None
        if again_at is None:
            self._end(WebhookDeliveryStatus.DEAD, at)
        else:
            self.due_at = again_at

    def suppress(self, reason: WebhookFailure, at: datetime) -> None:
        """It must not leave any more."""
        self.failure = reason
        self._end(WebhookDeliveryStatus.SUPPRESSED, at)

    def _end(self, status: WebhookDeliveryStatus, at: datetime) -> None:
        self.status, self.ended_at, self.leased_until = status, at, None

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the endpoint."""
        return _visible_to(cls.tenant_id, powers)
