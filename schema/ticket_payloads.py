"""What the mutations of tickets answer with."""

import strawberry

from domain.tickets import queries
from schema.errors import MutationPayload
from schema.fields import one
from schema.ticket_parts import Attachment, TemporarySupportAccount, TicketMessage
from schema.tickets import Ticket

TICKET = "The ticket as it is now; null if nothing happened, or if you cannot see it any more."


@strawberry.type(description="What `supportInviteNewIssue` answers with.")
class SupportInviteNewIssuePayload(MutationPayload):
    """A29."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `supportInviteExistingIssue` answers with.")
class SupportInviteExistingIssuePayload(MutationPayload):
    """AMB-5."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketCreate` answers with.")
class TicketCreatePayload(MutationPayload):
    """D24."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketMarkRead` answers with.")
class TicketMarkReadPayload(MutationPayload):
    """Spec 3, 7."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketReplyAdd` answers with.")
class TicketReplyAddPayload(MutationPayload):
    """C13."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)
    message: TicketMessage | None = one(queries.messages_by_ids, key="message_id", description="What was said.")


@strawberry.type(description="What `ticketNoteAdd` answers with.")
class TicketNoteAddPayload(MutationPayload):
    """Spec 4.3, 12."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)
    message: TicketMessage | None = one(queries.messages_by_ids, key="message_id", description="The note.")


@strawberry.type(description="What `ticketCcAdd` answers with.")
class TicketCcAddPayload(MutationPayload):
    """C8."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketCcRemove` answers with.")
class TicketCcRemovePayload(MutationPayload):
    """C8."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketReopen` answers with.")
class TicketReopenPayload(MutationPayload):
    """Spec 4.2."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketResolve` answers with.")
class TicketResolvePayload(MutationPayload):
    """Spec 4.2."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketClose` answers with.")
class TicketClosePayload(MutationPayload):
    """D25."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketMerge` answers with.")
class TicketMergePayload(MutationPayload):
    """Spec 3, 17."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description="The ticket that goes on.")
    merged_ticket: Ticket | None = one(
        queries.by_ids, key="merged_ticket_id", description="The ticket that has ended as part of it."
    )


@strawberry.type(description="What `ticketRatingSet` answers with.")
class TicketRatingSetPayload(MutationPayload):
    """Spec 3, 31."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketAssign` answers with.")
class TicketAssignPayload(MutationPayload):
    """E14."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


@strawberry.type(description="What `ticketSeveritySet` answers with.")
class TicketSeveritySetPayload(MutationPayload):
    """Spec 7."""

    ticket: Ticket | None = one(queries.by_ids, key="ticket_id", description=TICKET)


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
