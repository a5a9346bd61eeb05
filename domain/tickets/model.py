"""Support requests: the ticket, who takes part in it, and what was said."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
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
    func,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.actor import Actor
from authz.permissions import Permission
from domain.base import Base, CustomerOwned, Identified, Timestamped, Versioned
from domain.support.clock import SlaClock
from domain.tenants.reach import own_tenant
from domain.tickets.reach import visible_tickets, with_ticket

TICKET_NUMBERS = Sequence("ticket_number", metadata=Base.metadata)


class TicketKind(StrEnum):
    """What is asked for; only an INCIDENT draws on a contract (D35)."""

    INCIDENT = "INCIDENT"
    ADVISORY = "ADVISORY"
    PROGRAM = "PROGRAM"


class TicketOrigin(StrEnum):
    """How a ticket came about (AMB-2)."""

    INVITE = "INVITE"
    PORTAL = "PORTAL"
    PARTNER_REQUEST = "PARTNER_REQUEST"
    ON_BEHALF = "ON_BEHALF"
    EMAIL = "EMAIL"


class TicketStatus(StrEnum):
    """Where a ticket stands (spec 4.2)."""

    OPEN = "OPEN"
    AWAITING_REPLY = "AWAITING_REPLY"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


class ClosureCode(StrEnum):
    """Why a ticket was closed, which decides whether its incident is credited (D25)."""

    DECREMENT = "DECREMENT"
    NON_DECREMENT = "NON_DECREMENT"
    DUPLICATE = "DUPLICATE"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"


class TicketVisibility(StrEnum):
    """Whether colleagues may see a ticket at all (E20)."""

    ORGANIZATION = "ORGANIZATION"
    REQUESTER_ONLY = "REQUESTER_ONLY"


class SupportIssueType(StrEnum):
    """What an invitation asks support for (A7)."""

    GENERAL_GUIDANCE = "GENERAL_GUIDANCE"
    TROUBLESHOOT = "TROUBLESHOOT"


class ParticipantKind(StrEnum):
    """As what someone takes part."""

    REQUESTER = "REQUESTER"
    CC = "CC"
    CONTACT = "CONTACT"


class Side(StrEnum):
    """For whom someone speaks in a ticket."""

    CUSTOMER = "CUSTOMER"
    PARTNER = "PARTNER"
    VENDOR = "VENDOR"


class MessageVisibility(StrEnum):
    """Who reads a message; INTERNAL is for the vendor's staff alone (spec 4.3, 12)."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"


class TemporaryAccountStatus(StrEnum):
    """Whether a temporary support account was ended early; EXPIRED is derived from its time and never stored."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


OPEN_STATUSES = (TicketStatus.OPEN, TicketStatus.AWAITING_REPLY)


class Ticket(Identified, CustomerOwned, Timestamped, Versioned, Base):
    """One support request. `tenant_id` is the tenant that it is about; names of people are kept as they were (spec 4.5)."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("severity BETWEEN 1 AND 5", name="severity"),
        CheckConstraint("(status = 'CLOSED') = (closure_code IS NOT NULL)", name="closure_code_when_closed"),
        CheckConstraint("(entitlement_id IS NULL) = (contract_id IS NULL)", name="entitlement_of_contract"),
        Index("ix_ticket_tenant_id_created_at", "tenant_id", "created_at", "id"),
        Index("ix_ticket_managing_partner_id_created_at", "managing_partner_id", "created_at", "id"),
        Index(
            "ix_ticket_open",
            "tenant_id",
            "created_at",
            "id",
            postgresql_where="status IN ('OPEN', 'AWAITING_REPLY')",
        ),
        Index("ix_ticket_requester_user_id", "requester_user_id", "created_at"),
        Index("ix_ticket_assignee_id", "assignee_id", "created_at"),
    )

    number: Mapped[str] = mapped_column(
        unique=True, server_default=func.to_char(TICKET_NUMBERS.next_value(), "FM00000000")
    )
    kind: Mapped[TicketKind] = mapped_column(default=TicketKind.ADVISORY)
    origin: Mapped[TicketOrigin]
    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.OPEN)
    visibility: Mapped[TicketVisibility] = mapped_column(default=TicketVisibility.ORGANIZATION)
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    issue_type: Mapped[SupportIssueType | None]
    severity: Mapped[int | None]
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
    assignee_id: Mapped[UUID | None]
    assignee_name: Mapped[str | None]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_region.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_contract.id"))
    entitlement_id: Mapped[UUID | None] = mapped_column(ForeignKey("entitlement.id"))
    entitlement_quantity: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    credited_at: Mapped[datetime | None]
    response_minutes: Mapped[int | None]
    response_clock: Mapped[SlaClock | None]
    response_due_at: Mapped[datetime | None]
    first_responded_at: Mapped[datetime | None]
    resolution_minutes: Mapped[int | None]
    resolution_due_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closure_code: Mapped[ClosureCode | None]
    reopened_count: Mapped[int] = mapped_column(default=0)
    last_public_activity_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """See `domain.tickets.reach`."""
        return visible_tickets(cls, TicketParticipant, actor)


class TicketParticipant(Identified, CustomerOwned, Base):
    """Someone who takes part in a ticket; without an account of their own they get mail only (spec 4.3, 13)."""

    __tablename__ = "ticket_participant"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "email"),
        Index("ix_ticket_participant_user_id", "user_id", "ticket_id"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    email: Mapped[str]
    name: Mapped[str | None]
    kind: Mapped[ParticipantKind]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """As the ticket."""
        return with_ticket(cls, Ticket, actor)


class TicketMessage(Identified, CustomerOwned, Base):
    """One message of a ticket's conversation (C12)."""

    __tablename__ = "ticket_message"
    __table_args__ = (Index("ix_ticket_message_ticket_id", "ticket_id", "created_at", "id"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    author_user_id: Mapped[UUID | None]
    author_name: Mapped[str]
    author_side: Mapped[Side]
    visibility: Mapped[MessageVisibility] = mapped_column(default=MessageVisibility.PUBLIC)
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """As the ticket; internal notes only for the vendor's staff."""
        seen = with_ticket(cls, Ticket, actor)
        return (
            seen
            if actor.holds(Permission.TICKET_NOTE_INTERNAL)
            else seen & (cls.visibility == MessageVisibility.PUBLIC)
        )


class TemporarySupportAccount(Identified, CustomerOwned, Timestamped, Base):
    """A read-only principal of the vendor's support team in one tenant and one service, for 15 days at most (A18, A19, A32)."""

    __tablename__ = "temporary_support_account"
    __table_args__ = (
        Index(
            "uq_temporary_support_account_live",
            "ticket_id",
            unique=True,
            postgresql_where="status = 'ACTIVE'",
        ),
        CheckConstraint("expires_at <= granted_at + interval '15 days'", name="fifteen_days"),
        CheckConstraint("status <> 'EXPIRED'", name="expiry_is_derived"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    status: Mapped[TemporaryAccountStatus] = mapped_column(default=TemporaryAccountStatus.ACTIVE)
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """As the ticket."""
        return with_ticket(cls, Ticket, actor)


class AttachmentState(StrEnum):
    """How far an upload has come."""

    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    UPLOADED = "UPLOADED"
    ATTACHED = "ATTACHED"


class Attachment(Identified, CustomerOwned, Timestamped, Base):
    """A file, first uploaded by someone, then attached to a ticket once its uploader accepted the privacy agreement (A11, A12)."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(state = 'ATTACHED') = (ticket_id IS NOT NULL)", name="attached_to_ticket"),
        CheckConstraint(
            "ticket_id IS NULL OR privacy_agreement_version IS NOT NULL",
            name="privacy_agreement_when_attached",
        ),
        Index("ix_attachment_ticket_id", "ticket_id"),
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

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Its uploader; once attached to a ticket, whoever sees the ticket."""
        own = and_(own_tenant(cls.tenant_id), cls.uploader_user_id == binds.USER)
        return or_(own, with_ticket(cls, Ticket, actor))
