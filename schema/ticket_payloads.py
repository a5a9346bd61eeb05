"""What the mutations of tickets answer with."""

import strawberry

from domain.tickets import appointments, queries
from schema.errors import MutationPayload
from schema.fields import one
from schema.ticket_appointments import TicketAppointment
from schema.ticket_parts import Attachment, TemporarySupportAccount, TicketMessage
from schema.tickets import Ticket


@strawberry.type(description="What mutations of a ticket answer with.")
class TicketPayload(MutationPayload):
    """Base of their payloads: no type of the schema, but fields of each."""

    ticket: Ticket | None = one(
        queries.by_ids,
        key="ticket_id",
        description="The ticket as it is now; null if nothing happened, or if you cannot see it any more.",
    )


@strawberry.type(description="What `supportInviteNewIssue` answers with.")
class SupportInviteNewIssuePayload(TicketPayload):
    """A29."""


@strawberry.type(description="What `supportInviteExistingIssue` answers with.")
class SupportInviteExistingIssuePayload(TicketPayload):
    """AMB-5."""


@strawberry.type(description="What `ticketCreate` answers with.")
class TicketCreatePayload(TicketPayload):
    """D24."""


@strawberry.type(description="What `ticketMarkRead` answers with.")
class TicketMarkReadPayload(TicketPayload):
    """Spec 3, 7."""


@strawberry.type(description="What `ticketReplyAdd` answers with.")
class TicketReplyAddPayload(TicketPayload):
    """C13."""

    message: TicketMessage | None = one(queries.messages_by_ids, key="message_id", description="What was said.")


@strawberry.type(description="What `ticketNoteAdd` answers with.")
class TicketNoteAddPayload(TicketPayload):
    """Spec 4.3, 12."""

    message: TicketMessage | None = one(queries.messages_by_ids, key="message_id", description="The note.")


@strawberry.type(description="What `ticketCcAdd` answers with.")
class TicketCcAddPayload(TicketPayload):
    """C8."""


@strawberry.type(description="What `ticketCcRemove` answers with.")
class TicketCcRemovePayload(TicketPayload):
    """C8."""


@strawberry.type(description="What `ticketReopen` answers with.")
class TicketReopenPayload(TicketPayload):
    """Spec 4.2."""


@strawberry.type(description="What `ticketResolve` answers with.")
class TicketResolvePayload(TicketPayload):
    """Spec 4.2."""


@strawberry.type(description="What `ticketClose` answers with.")
class TicketClosePayload(TicketPayload):
    """D25."""


@strawberry.type(description="What `ticketMerge` answers with.")
class TicketMergePayload(MutationPayload):
    """Spec 3, 17."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description="The ticket that goes on.")
    merged_ticket: Ticket | None = one(
        queries.by_ids, key="merged_ticket_id", description="The ticket that has ended as part of it."
    )


@strawberry.type(description="What `ticketRatingSet` answers with.")
class TicketRatingSetPayload(TicketPayload):
    """Spec 3, 31."""


@strawberry.type(description="What mutations of a meeting answer with.")
class AppointmentPayload(TicketPayload):
    """Base of their payloads: no type of the schema, but fields of each."""

    appointment: TicketAppointment | None = one(
        appointments.by_ids, key="appointment_id", description="The meeting as it is now; null if nothing happened."
    )


@strawberry.type(description="What `ticketAppointmentBook` answers with.")
class TicketAppointmentBookPayload(AppointmentPayload):
    """E15."""


@strawberry.type(description="What `ticketAppointmentReschedule` answers with.")
class TicketAppointmentReschedulePayload(AppointmentPayload):
    """E15."""


@strawberry.type(description="What `ticketAppointmentCancel` answers with.")
class TicketAppointmentCancelPayload(AppointmentPayload):
    """E15."""


@strawberry.type(description="What `ticketAppointmentMarkNoShow` answers with.")
class TicketAppointmentMarkNoShowPayload(AppointmentPayload):
    """E15."""


@strawberry.type(description="What `ticketAssign` answers with.")
class TicketAssignPayload(TicketPayload):
    """E14."""


@strawberry.type(description="What `ticketSeveritySet` answers with.")
class TicketSeveritySetPayload(TicketPayload):
    """Spec 7."""


@strawberry.type(description="What `temporarySupportAccountRevoke` answers with.")
class TemporarySupportAccountRevokePayload(MutationPayload):
    """AMB-17."""

    temporary_support_account: TemporarySupportAccount | None = one(
        queries.temporary_accounts_by_ids, key="temporary_support_account_id", description="The account, ended."
    )


@strawberry.type(description="What `attachmentCreate` answers with.")
class AttachmentCreatePayload(MutationPayload):
    """A11."""

    attachment: Attachment | None = one(
        queries.attachments_by_ids, key="attachment_id", description="The file, which can be attached now."
    )


@strawberry.type(description="What `attachmentUploadCreate` answers with.")
class AttachmentUploadCreatePayload(MutationPayload):
    """A11."""

    attachment: Attachment | None = one(
        queries.attachments_by_ids, key="attachment_id", description="The file, with the address of its upload."
    )
