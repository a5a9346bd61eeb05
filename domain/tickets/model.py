"""Support requests: the ticket, who takes part in it, and what was said."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    Sequence,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified, Timestamped, Versioned
from domain.errors import ErrorCode, refuse
from domain.tenants.reach import own_tenant
from domain.tickets.lifecycle import Lifecycle
from domain.tickets.reach import visible_tickets, where_held, with_ticket
from domain.tickets.states import (
    OPEN_STATUSES,
    AttachmentScanState,
    AttachmentState,
    ClosureCode,
    MessageVisibility,
    ParticipantKind,
    Side,
    SupportIssueType,
    TemporaryAccountStatus,
    TicketKind,
    TicketOrigin,
    TicketStatus,
    TicketVisibility,
)

__all__ = [
    "OPEN_STATUSES",
    "Attachment",
    "AttachmentScanState",
    "AttachmentState",
    "ClosureCode",
    "MessageVisibility",
    "ParticipantKind",
    "Side",
    "SupportIssueType",
    "TemporaryAccountStatus",
    "TemporarySupportAccount",
    "Ticket",
    "TicketKind",
    "TicketMessage",
    "TicketOrigin",
    "TicketParticipant",
    "TicketStatus",
    "TicketVisibility",
]

TICKET_NUMBERS = Sequence("ticket_number", metadata=Base.metadata)
DUE = ("status", "first_responded_at", "response_due_at", "resolution_stopped_at", "resolution_due_at")
"""What the database's `next_due_at` makes of a ticket the instant for which something is promised next."""
NEXT_NUMBER = func.to_char(TICKET_NUMBERS.next_value(), "FM00000000")


class Ticket(Lifecycle, Identified, CustomerOwned, Timestamped, Versioned, Base):
    """One support request. `tenant_id` is the tenant that it is about.

    Names of people are kept as they were (spec 4.5). The database keeps two columns true: `desk_id` is the partner of
    the live relationship in either mode, else the tenant itself; `search_text` has the words that a search finds,
    without case and accents, and never those of messages, since internal notes are among them.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("severity BETWEEN 1 AND 5", name="severity"),
        CheckConstraint("(status = 'CLOSED') = (closure_code IS NOT NULL)", name="closure_code_when_closed"),
        CheckConstraint(
            "merged_into_id IS NULL OR (closure_code = 'MERGED' AND merged_into_id <> id)", name="merged_when_closed"
        ),
        CheckConstraint("(entitlement_id IS NULL) = (contract_id IS NULL)", name="entitlement_of_contract"),
        Index("ix_ticket_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_ticket_desk_id_created_at", "desk_id", "created_at", "id"),
        Index("ix_ticket_created_at", "created_at", "id"),
        Index(
            "ix_ticket_open",
            "tenant_id",
            "created_at",
            "id",
            postgresql_where="status IN ('OPEN', 'AWAITING_REPLY')",
        ),
        Index("ix_ticket_requester_user_id", "requester_user_id", "created_at"),
        Index("ix_ticket_assignee_id", "assignee_id", "created_at"),
        Index("ix_ticket_next_due_at", text(f"next_due_at({', '.join(DUE)})"), "id"),
        Index("ix_ticket_resolved_at", "resolved_at", postgresql_where="status = 'RESOLVED'"),
        Index("ix_ticket_response_due_at", "response_due_at", postgresql_where="first_responded_at IS NULL"),
        Index("ix_ticket_resolution_due_at", "resolution_due_at", postgresql_where="resolution_stopped_at IS NULL"),
        Index(
            "ix_ticket_merged_into_id",
            "merged_into_id",
            "created_at",
            "id",
            postgresql_where="merged_into_id IS NOT NULL",
        ),
        Index(
            "ix_ticket_follow_up_of_id",
            "follow_up_of_id",
            "created_at",
            "id",
            postgresql_where="follow_up_of_id IS NOT NULL",
        ),
    )

    number: Mapped[str] = mapped_column(unique=True, server_default=NEXT_NUMBER)
    kind: Mapped[TicketKind] = mapped_column(default=TicketKind.ADVISORY)
    origin: Mapped[TicketOrigin]
    visibility: Mapped[TicketVisibility] = mapped_column(default=TicketVisibility.ORGANIZATION)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    issue_type: Mapped[SupportIssueType | None]
    summary: Mapped[str]
    details: Mapped[str]
    job_ids: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    contact_name: Mapped[str]
    contact_email: Mapped[str]
    contact_phone: Mapped[str | None]
    requester_user_id: Mapped[UUID]
    requester_tenant_id: Mapped[UUID]
    requester_name: Mapped[str]
    requester_side: Mapped[Side]
    tenant_owner_user_id: Mapped[UUID | None]
    tenant_owner_name: Mapped[str | None]
    tenant_owner_email: Mapped[str | None]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_region.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_contract.id"))
    entitlement_id: Mapped[UUID | None] = mapped_column(ForeignKey("entitlement.id"))
    entitlement_quantity: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    credited_at: Mapped[datetime | None]
    follow_up_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    desk_id: Mapped[UUID]
    search_text: Mapped[str] = mapped_column(deferred=True)

    @property
    def private_to(self) -> UUID | None:
        """Who alone of the organisation sees it (E20); None where roles decide."""
        return self.requester_user_id if self.visibility is TicketVisibility.REQUESTER_ONLY else None

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """See `domain.tickets.reach`."""
        return visible_tickets(cls, TicketParticipant, powers)


class TicketParticipant(Identified, CustomerOwned, Base):
    """Someone who takes part in a ticket; without an account of their own they get mail only (spec 4.3, 13)."""

    __tablename__ = "ticket_participant"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "email"),
        Index("ix_ticket_participant_user_id", "user_id", "ticket_id"),
        Index("ix_ticket_participant_copied", "user_id", "ticket_id", postgresql_where="kind = 'CC'"),
        Index("ix_ticket_participant_unknown", "email", postgresql_where="user_id IS NULL"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    email: Mapped[str]
    name: Mapped[str | None]
    kind: Mapped[ParticipantKind]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    added_by_tenant_id: Mapped[UUID | None]
    can_reply: Mapped[bool] = mapped_column(default=True, server_default="true")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the ticket."""
        return with_ticket(cls, Ticket, powers)


class TicketMessage(Identified, CustomerOwned, Base):
    """One message of a ticket's conversation (C12); `refused_files` are those of a mail that were not taken in."""

    __tablename__ = "ticket_message"
    __table_args__ = (Index("ix_ticket_message_ticket_id", "ticket_id", "created_at", "id"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    author_user_id: Mapped[UUID | None]
    author_name: Mapped[str]
    author_side: Mapped[Side]
    visibility: Mapped[MessageVisibility] = mapped_column(default=MessageVisibility.PUBLIC)
    body: Mapped[str]
    refused_files: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the ticket; internal notes only for the vendor's staff."""
        seen = with_ticket(cls, Ticket, powers)
        return (
            seen
            if powers.holds(Permission.TICKET_NOTE_INTERNAL)
            else seen & (cls.visibility == MessageVisibility.PUBLIC)
        )


class TemporarySupportAccount(Identified, CustomerOwned, Timestamped, Base):
    """A read-only principal of the vendor's support team in one tenant and service, for 15 days (A18, A19, A32)."""

    __tablename__ = "temporary_support_account"
    __table_args__ = (
        Index(
            "uq_temporary_support_account_live",
            "ticket_id",
            unique=True,
            postgresql_where="status = 'ACTIVE'",
        ),
        Index("ix_temporary_support_account_ticket_id", "ticket_id"),
        Index("ix_temporary_support_account_over", "expires_at", postgresql_where="deleted_at IS NULL"),
        CheckConstraint("expires_at <= granted_at + interval '360 hours'", name="fifteen_days"),
        CheckConstraint("status <> 'EXPIRED'", name="expiry_is_derived"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    status: Mapped[TemporaryAccountStatus] = mapped_column(default=TemporaryAccountStatus.ACTIVE)
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]

    def state(self, at: datetime) -> TemporaryAccountStatus:
        """The status, with EXPIRED from the very instant of the expiry on (A19)."""
        over = self.status is TemporaryAccountStatus.ACTIVE and at >= self.expires_at
        return TemporaryAccountStatus.EXPIRED if over else self.status

    def revoke(self, by: UUID, at: datetime) -> None:
        """End it before its time; what is over already is refused."""
        state = self.state(at)
        if state is not TemporaryAccountStatus.ACTIVE:
            states = {"from_": state.value, "to": TemporaryAccountStatus.REVOKED.value, "allowed": []}
            refuse(ErrorCode.INVALID_TRANSITION, "This temporary support account has ended already.", **states)
        self.status, self.revoked_by, self.revoked_at = TemporaryAccountStatus.REVOKED, by, at

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Who sees the ticket, and may read of such accounts where it is: to see the ticket is not enough."""
        seen = with_ticket(cls, Ticket, powers)
        return seen & where_held(cls, Permission.TEMP_ACCOUNT_READ, powers)


class Attachment(Identified, CustomerOwned, Timestamped, Base):
    """A file: uploaded by someone, attached to a ticket once its uploader accepts the privacy agreement (A11, A12).

    While it arrives, `parts` are the keys of the objects that have, `received` bytes in all; then `object_key` is where
    it is. `media_type` is what its uploader said until its content could be asked. `scanned_at` is the last attempt.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(state = 'ATTACHED') = (ticket_id IS NOT NULL)", name="attached_to_ticket"),
        CheckConstraint(
            "ticket_id IS NULL OR privacy_agreement_version IS NOT NULL",
            name="privacy_agreement_when_attached",
        ),
        Index("ix_attachment_ticket_id", "ticket_id"),
        Index("ix_attachment_unattached", "tenant_id", postgresql_where="ticket_id IS NULL"),
        Index("ix_attachment_unscanned", "scanned_at", postgresql_where="scan_state = 'UNSCANNED'"),
    )

    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket_message.id"))
    uploader_user_id: Mapped[UUID]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str | None]
    state: Mapped[AttachmentState] = mapped_column(default=AttachmentState.AWAITING_UPLOAD)
    privacy_agreement_version: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    object_key: Mapped[str | None]
    received: Mapped[int] = mapped_column(default=0, server_default="0")
    parts: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    scan_state: Mapped[AttachmentScanState] = mapped_column(
        default=AttachmentScanState.UNSCANNED, server_default="UNSCANNED"
    )
    scanned_at: Mapped[datetime | None]
    threat: Mapped[str | None]

    def attach(self, ticket: Ticket, agreement_version: str, at: datetime, message_id: UUID | None = None) -> None:
        """Make an upload part of a ticket, and of a message of it; its uploader has accepted the agreement (A12)."""
        if self.state is not AttachmentState.UPLOADED:
            raise ValueError("only what has been uploaded, and is attached nowhere, can be attached")
        self.state = AttachmentState.ATTACHED
        self.ticket_id, self.message_id, self.tenant_id = ticket.id, message_id, ticket.tenant_id
        self.privacy_agreement_version, self.accepted_at = agreement_version, at

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Its uploader; once attached, whoever sees the ticket, and the message that it came with (spec 4.3, 12)."""
        own = and_(cls.ticket_id.is_(None), own_tenant(cls.tenant_id), cls.uploader_user_id == binds.USER)
        seen = with_ticket(cls, Ticket, powers)
        if not powers.holds(Permission.TICKET_NOTE_INTERNAL):
            internal = TicketMessage.visibility == MessageVisibility.INTERNAL
            seen = and_(seen, ~exists().where(TicketMessage.id == cls.message_id, internal))
        return or_(own, seen)
