"""Root fields of tickets and invitations."""

import strawberry

from resolvers import (
    appointments,
    attachments,
    case_invitations,
    invitations,
    ticket_changes,
    ticket_copies,
    ticket_create,
    ticket_merging,
    ticket_ratings,
    ticket_replies,
    tickets,
)
from schema.relay import Connection
from schema.support import SupportInviteForm
from schema.ticket_appointments import AppointmentSlot
from schema.ticket_lists import TicketQueues
from schema.ticket_payloads import (
    AttachmentCreatePayload,
    AttachmentUploadCreatePayload,
    SupportInviteExistingIssuePayload,
    SupportInviteNewIssuePayload,
    TemporarySupportAccountRevokePayload,
    TicketAppointmentBookPayload,
    TicketAppointmentCancelPayload,
    TicketAppointmentMarkNoShowPayload,
    TicketAppointmentReschedulePayload,
    TicketAssignPayload,
    TicketCcAddPayload,
    TicketCcRemovePayload,
    TicketClosePayload,
    TicketCreatePayload,
    TicketMarkReadPayload,
    TicketMergePayload,
    TicketNoteAddPayload,
    TicketRatingSetPayload,
    TicketReopenPayload,
    TicketReplyAddPayload,
    TicketResolvePayload,
    TicketSeveritySetPayload,
)
from schema.tickets import Ticket


@strawberry.type
class TicketQueries:
    """What can be asked."""

    ticket: Ticket | None = strawberry.field(resolver=tickets.ticket, description="One ticket by its id.")
    ticket_by_number: Ticket | None = strawberry.field(
        resolver=tickets.ticket_by_number,
        description="One ticket by its number. The number of one that has become part of another leads to that one, "
        "if you see both.",
    )
    ticket_queues: TicketQueues = strawberry.field(
        resolver=tickets.ticket_queues,
        description="How many tickets are in each queue of the support team, of those that you see: for its agents. "
        "`tickets(filter: {queue: …})` lists them.",
    )
    tickets: Connection[Ticket] = strawberry.field(
        resolver=tickets.tickets, description="Tickets that you may see, newest first where nothing else is asked for."
    )
    ticket_appointment_slots: list[AppointmentSlot] | None = strawberry.field(
        resolver=appointments.ticket_appointment_slots,
        description="When whoever looks after a ticket can be met: in the working time of its region (E17), and free.",
    )
    support_invite_form: SupportInviteForm | None = strawberry.field(
        resolver=invitations.support_invite_form,
        description="What the form of an invitation of support is to show for a tenant (A3).",
    )


@strawberry.type
class TicketMutations:
    """What can be done."""

    support_invite_new_issue: SupportInviteNewIssuePayload = strawberry.field(
        resolver=invitations.support_invite_new_issue,
        description="Invite the vendor's support team for a new issue (A1-A23). All errors of the form come at once.",
    )
    support_invite_existing_issue: SupportInviteExistingIssuePayload = strawberry.field(
        resolver=case_invitations.support_invite_existing_issue,
        description="Invite the vendor's support team for an existing issue, which is taken up again (A24-A28).",
    )
    ticket_create: TicketCreatePayload = strawberry.field(
        resolver=ticket_create.ticket_create,
        description="Raise an ordinary ticket (C6); an incident draws on a support contract (D23).",
    )
    ticket_reply_add: TicketReplyAddPayload = strawberry.field(
        resolver=ticket_replies.ticket_reply_add,
        description="Add to the conversation (C13). A reply to a resolved ticket opens it again for 14 days.",
    )
    ticket_note_add: TicketNoteAddPayload = strawberry.field(
        resolver=ticket_replies.ticket_note_add, description="Leave a note that the vendor's staff alone reads."
    )
    ticket_mark_read: TicketMarkReadPayload = strawberry.field(
        resolver=ticket_replies.ticket_mark_read,
        description="Say that you have read all that you were told of a ticket: nothing of it is unread then.",
    )
    ticket_cc_add: TicketCcAddPayload = strawberry.field(
        resolver=ticket_copies.ticket_cc_add,
        description="Copy people in: who has an account in the organisation, or at its partner, with this address "
        "proved, sees the ticket; the others get mail alone (C8).",
    )
    ticket_cc_remove: TicketCcRemovePayload = strawberry.field(
        resolver=ticket_copies.ticket_cc_remove,
        description="Copy people out, or let contacts go: mail to them ends, and what they follow live. Everybody may "
        "take their leave.",
    )
    ticket_resolve: TicketResolvePayload = strawberry.field(
        resolver=ticket_changes.ticket_resolve,
        description="Call a ticket solved: for the vendor's support team, and for whoever raised it.",
    )
    ticket_reopen: TicketReopenPayload = strawberry.field(
        resolver=ticket_changes.ticket_reopen,
        description="Open a resolved ticket again, without a word: for 14 days, and for the vendor until it is closed.",
    )
    ticket_close: TicketClosePayload = strawberry.field(
        resolver=ticket_changes.ticket_close,
        description="Close a ticket for good; some codes give its incident back, exactly once (D25).",
    )
    ticket_merge: TicketMergePayload = strawberry.field(
        resolver=ticket_merging.ticket_merge,
        description="End a ticket, as another one about the same goes on: what it drew is given back, and its number "
        "leads to the other one. Nobody is copied in there but whom you name.",
    )
    ticket_rating_set: TicketRatingSetPayload = strawberry.field(
        resolver=ticket_ratings.ticket_rating_set,
        description="Say how your ticket was looked after, once it is resolved or closed. You and the vendor see it.",
    )
    ticket_appointment_book: TicketAppointmentBookPayload = strawberry.field(
        resolver=appointments.ticket_appointment_book,
        description="Arrange a meeting with whoever looks after your ticket (E15); both get mail. One can be ahead.",
    )
    ticket_appointment_reschedule: TicketAppointmentReschedulePayload = strawberry.field(
        resolver=appointments.ticket_appointment_reschedule, description="Hold a meeting at another time."
    )
    ticket_appointment_cancel: TicketAppointmentCancelPayload = strawberry.field(
        resolver=appointments.ticket_appointment_cancel, description="Call a meeting off."
    )
    ticket_appointment_mark_no_show: TicketAppointmentMarkNoShowPayload = strawberry.field(
        resolver=appointments.ticket_appointment_mark_no_show,
        description="For the vendor's staff: say that nobody came to a meeting that has begun or is over. Both get "
        "mail, and another meeting can be arranged.",
    )
    ticket_assign: TicketAssignPayload = strawberry.field(
        resolver=ticket_changes.ticket_assign, description="Give a ticket to an agent, or back to the queue (E14)."
    )
    ticket_severity_set: TicketSeveritySetPayload = strawberry.field(
        resolver=ticket_changes.ticket_severity_set,
        description="Say how bad it is: what was promised is worked out anew from the beginning, pauses included.",
    )
    temporary_support_account_revoke: TemporarySupportAccountRevokePayload = strawberry.field(
        resolver=ticket_changes.temporary_support_account_revoke,
        description="End the vendor's temporary account before its time (AMB-17).",
    )
    attachment_upload_create: AttachmentUploadCreatePayload = strawberry.field(
        resolver=attachments.attachment_upload_create,
        description="Announce a file; its bytes are then sent to `attachment.upload.url` (A11).",
    )
    attachment_create: AttachmentCreatePayload = strawberry.field(
        resolver=attachments.attachment_create,
        description="Send a file with the request, by the GraphQL multipart request specification (A11).",
    )
