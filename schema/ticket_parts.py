"""What belongs to a ticket, as clients see it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain.support.permits import Purpose
from domain.support.targets import at_risk_at_of, breached_at_of, remaining_of, state_of
from domain.tenants import queries as tenants
from domain.tickets import queries
from domain.tickets.downloads import is_harmless
from resolvers.context import Info
from resolvers.enums.errors import ErrorCode
from resolvers.enums.support import SlaClock, SlaState
from resolvers.enums.tickets import (
    AttachmentScanState,
    AttachmentState,
    MessageVisibility,
    ParticipantKind,
    Side,
    TemporaryAccountStatus,
)
from schema.addresses import address_of
from schema.fields import computed, global_id, many, one, plain
from schema.relay import Node

if TYPE_CHECKING:
    from schema.tenants import User

TARGET_COLUMNS = ("minutes", "clock", "due_at", "met_at", "paused_at", "calendar", "now")


@strawberry.type(description="Where the bytes of a file go: with one PUT, or in pieces by tus 1.0 (HEAD and PATCH).")
class AttachmentUpload:
    """Made by `Attachment.upload`."""

    url: str = plain("The address: signed, for you and this file alone; where it is relative, of this server.")
    expires_at: datetime = plain("Until when it is good; what has come by then stays, for the next address.")
    received: int = plain("How many bytes have come: where the next piece begins.")


@strawberry.type(description="Where the bytes of a file come from, with GET.")
class AttachmentDownload:
    """Made by `Attachment.download`."""

    url: str = plain(
        "The address: signed, for you and this file alone; where it is relative, of this server. It gives the file as "
        "long as you may see it."
    )
    expires_at: datetime = plain("Until when it is good.")


def _upload(root: Any, info: Info) -> AttachmentUpload | None:
    """Only its uploader learns where an announced file goes."""
    actor, awaited = info.context.actor, root["state"] == AttachmentState.AWAITING_UPLOAD
    if not awaited or root["uploader_user_id"] != actor.user_id:
        return None
    address = address_of(Purpose.UPLOAD, root["id"], info)
    return address | {"received": root["received"]}  # type: ignore[return-value]  # rows are dictionaries


def _download(root: Any, info: Info) -> AttachmentDownload | None:
    scanned = info.context.facilities.uploads.scanner is not None
    if root["sha256"] is None or not is_harmless(root["scan_state"], scanned=scanned):
        return None
    return address_of(Purpose.DOWNLOAD, root["id"], info)  # type: ignore[return-value]  # as above


@strawberry.type(description="A file that belongs to a ticket, or that you have uploaded.")
class Attachment(Node):
    """Rows of `domain.tickets.model.Attachment`."""

    id: strawberry.ID = global_id("attachment")
    file_name: str = plain("The file's name.")
    media_type: str = plain("The media type: as its content shows; as its uploader gave it until that has arrived.")
    size: int = plain("Bytes.")
    sha256: str | None = plain("SHA-256 of the bytes in hexadecimal digits; null until they have arrived.")
    state: AttachmentState = plain("How far it has come.")
    privacy_agreement_version: str | None = plain(
        "The version of the privacy agreement that its uploader accepted; null until it is attached (A12)."
    )
    scan_state: AttachmentScanState = plain("What the scanner says of it; UNSCANNED where there is none.")
    created_at: datetime = plain("When the upload was announced.")
    upload: AttachmentUpload | None = computed(
        _upload,
        needs=("id", "received", "state", "uploader_user_id"),
        description="Where its bytes go; null once they have arrived, and for everybody but its uploader.",
    )
    download: AttachmentDownload | None = computed(
        _download,
        needs=("id", "sha256", "scan_state"),
        description="Where its bytes come from; null until they have arrived and, where there is a scanner, until it "
        "has found them clean; null for good where it found them infected.",
    )


@strawberry.type(description="A file that came with a mail and was not taken in.")
class RefusedFile:
    """Made of `domain.tickets.model.TicketMessage.refused_files`."""

    file_name: str = plain("What it was called, as far as that is a harmless name.")
    code: ErrorCode = plain("Why, for programs: `PRIVACY_AGREEMENT_REQUIRED`, `LIMIT_EXCEEDED`, `FILE_QUARANTINED` …")
    message: str = plain("Why, in a sentence.")


def _refused_files(root: Any) -> list[RefusedFile]:
    return [file | {"code": ErrorCode(file["code"])} for file in root["refused_files"]]


@strawberry.type(description="One message of a ticket's conversation.")
class TicketMessage(Node):
    """Rows of `domain.tickets.model.TicketMessage`."""

    id: strawberry.ID = global_id("message")
    body: str = plain("What was said.")
    author_name: str = plain("Who said it.")
    author_side: Side = plain("For whom the author speaks.")
    visibility: MessageVisibility = plain("Who reads it; only the vendor's staff ever sees INTERNAL ones.")
    created_at: datetime = plain("When it was said.")
    attachments: list[Attachment] = many(
        queries.attachments_of_messages, key="id", description="The files that came with it (C14)."
    )
    refused_files: list[RefusedFile] = computed(
        _refused_files,
        needs=("refused_files",),
        description="The files that came with it by mail and were not taken in; its sender was told so by mail.",
    )


@strawberry.type(description="Somebody who takes part in a ticket.")
class TicketParticipant(Node):
    """Rows of `domain.tickets.model.TicketParticipant`."""

    id: strawberry.ID = global_id("participant")
    kind: ParticipantKind = plain("As what.")
    name: str | None = plain("The name, where it is known.")
    email: str = plain("The e-mail address.")
    has_account: bool = plain(
        "Whether they can open the ticket here. You are told so of whoever raised it, of yourself, and of members of "
        "your organization or of a customer that you manage; of anybody else's account only the vendor's staff knows."
    )
    can_reply: bool = plain(
        "Whether their part in it lets them reply, as soon as they have an account; their role may, besides (C17)."
    )


def _account_status(root: Any) -> TemporaryAccountStatus:
    ended = root["status"] is TemporaryAccountStatus.ACTIVE and root["now"] >= root["expires_at"]
    return TemporaryAccountStatus.EXPIRED if ended else TemporaryAccountStatus(root["status"])


@strawberry.type(description="The vendor's limited, read-only view of one tenant and one service (A18).")
class TemporarySupportAccount(Node):
    """Rows of `domain.tickets.model.TemporarySupportAccount`."""

    id: strawberry.ID = global_id("temporary_account")
    status: TemporaryAccountStatus = computed(
        _account_status, needs=("status", "expires_at", "now"), description="Whether it can be used now."
    )
    granted_at: datetime = plain("When it was last granted.")
    expires_at: datetime = plain("The first instant at which it cannot be used any more: 15 days later (A19).")
    revoked_at: datetime | None = plain("When it was ended early; null when it was not.")


def _state(root: Any) -> SlaState:
    return state_of(root)


def _remaining_minutes(root: Any) -> int:
    return remaining_of(root)


def _at_risk_at(root: Any) -> datetime | None:
    return at_risk_at_of(root)


def _breached_at(root: Any) -> datetime | None:
    return breached_at_of(root)


@strawberry.type(description="Within what time something is to happen, and how that stands now.")
class SlaTarget:
    """Rows of `domain.tickets.queries.response_targets_of` and its like."""

    minutes: int = plain("What was promised, in minutes of the clock.")
    clock: SlaClock = plain("By which time it is counted.")
    due_at: datetime = plain("When it is due.")
    state: SlaState = computed(_state, needs=TARGET_COLUMNS, description="How it stands now.")
    remaining_minutes: int = computed(
        _remaining_minutes,
        needs=TARGET_COLUMNS,
        description="Whole minutes of the clock that are left: negative when overdue, "
        "what was left when the clock stopped.",
    )
    at_risk_at: datetime | None = computed(
        _at_risk_at,
        needs=TARGET_COLUMNS,
        description="From when on it is AT_RISK: three quarters of the time are used up. Null while the clock stands "
        "still, and once it has been met.",
    )
    breached_at: datetime | None = computed(
        _breached_at, needs=TARGET_COLUMNS, description="Since when it has been missed; null where it has not."
    )


@strawberry.type(description="Whom to answer.")
class TicketContact:
    """Made by `schema.tickets`."""

    name: str = plain("The name.")
    email: str = plain("The e-mail address.")
    phone: str | None = plain("The telephone number in E.164, such as +4930901820.")


@strawberry.type(description="Somebody by name, as it was when they acted.")
class TicketOwner:
    """Made by `schema.tickets`."""

    name: str = plain("The name.")
    email: str = plain("The e-mail address.")


@strawberry.type(description="Who raised a ticket.")
class TicketRequester:
    """Made by `schema.tickets`."""

    name: str = plain("The name, as it was.")
    side: Side = plain("For whom they spoke.")
    user: Annotated["User", strawberry.lazy("schema.tenants")] | None = one(
        tenants.users_by_ids, key="user_id", description="The account; null where you cannot see it."
    )


@strawberry.type(description="The vendor's agent who looks after a ticket.")
class TicketAssignee:
    """Made by `schema.tickets`."""

    name: str = plain("The name.")
    user: Annotated["User", strawberry.lazy("schema.tenants")] | None = one(
        tenants.users_by_ids, key="user_id", description="The account; null where you cannot see it."
    )


@strawberry.type(description="What you can do with a ticket at this instant (C17).")
class TicketCapabilities:
    """`domain.tickets.rights.Rights`."""

    reply: bool = plain("`ticketReplyAdd`.")
    manage_cc: bool = plain("`ticketCcRemove`, of others than you; `ticketCcAdd` until it is closed.")
    resolve: bool = plain("`ticketResolve`.")
    reopen: bool = plain("`ticketReopen`.")
    rate: bool = plain("`ticketRatingSet`; once it is rated, one change within seven days.")
    close: bool = plain("`ticketClose` with a code that gives no incident back.")
    close_nondecrement: bool = plain("`ticketClose` with NON_DECREMENT, or another code that gives its incident back.")
    assign: bool = plain("`ticketAssign`.")
    set_severity: bool = plain("`ticketSeveritySet`.")
    merge: bool = plain("`ticketMerge`, as the one that ends or the one that goes on.")
    note_internal: bool = plain("`ticketNoteAdd`.")
    revoke_temporary_account: bool = plain("`temporarySupportAccountRevoke`, where there is a live one.")
    book_appointment: bool = plain("`ticketAppointmentBook`, `ticketAppointmentReschedule`, `ticketAppointmentCancel`.")
