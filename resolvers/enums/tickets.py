"""The enums of tickets and invitations."""

from domain.tickets.appointments import AppointmentStatus
from domain.tickets.criteria import TicketRelation, TicketScope
from domain.tickets.events import TicketEventKind
from domain.tickets.highlights import TicketTextField
from domain.tickets.orders import TicketOrder
from domain.tickets.queues import TicketQueue
from domain.tickets.states import (
    AttachmentScanState,
    AttachmentState,
    ClosureCode,
    MessageVisibility,
    ParticipantKind,
    PaymentOption,
    Side,
    SupportIssueType,
    SupportTicketType,
    TemporaryAccessChoice,
    TemporaryAccountStatus,
    TicketKind,
    TicketOrigin,
    TicketPortalStatus,
    TicketStatus,
)
from resolvers.enums.describe import describe

__all__ = [
    "AppointmentStatus",
    "AttachmentScanState",
    "AttachmentState",
    "ClosureCode",
    "MessageVisibility",
    "ParticipantKind",
    "PaymentOption",
    "Side",
    "SupportIssueType",
    "SupportTicketType",
    "TemporaryAccessChoice",
    "TemporaryAccountStatus",
    "TicketEventKind",
    "TicketKind",
    "TicketOrder",
    "TicketOrigin",
    "TicketPortalStatus",
    "TicketQueue",
    "TicketRelation",
    "TicketScope",
    "TicketStatus",
    "TicketTextField",
]

describe(
    TicketStatus,
    "Where a ticket stands.",
    OPEN="The vendor's support team is to act.",
    AWAITING_REPLY="The vendor's support team waits for an answer.",
    RESOLVED="Solved; a reply within the reopen window opens it again.",
    CLOSED="Over for good; what remains is a new ticket.",
)
describe(
    Side,
    "For whom someone speaks in a ticket.",
    CUSTOMER="For the organisation that the ticket is about.",
    PARTNER="For the partner that manages this organisation.",
    VENDOR="For the vendor's support team.",
)
describe(
    TicketOrder,
    "In which order tickets are listed.",
    NEWEST="The newest first.",
    DUE_SOONEST="What is due next first, missed ones before all; what rests or was never promised comes last.",
    RELEVANCE="What fits the search best first: found in the number, then the summary, then job ids and contact, then "
    "the details; equal ones newest first. It reads all that the search finds.",
)
describe(
    TicketQueue,
    "A queue of whoever looks after tickets: open tickets, by what they ask. A ticket may be in several.",
    UNASSIGNED="Nobody looks after it yet.",
    MINE="You look after it.",
    AWAITING_REPLY="The vendor's support team waits for an answer.",
    AT_RISK="Less than a quarter of the time is left that was promised for its answer or its solution.",
    BREACHED="A promise that is still owed was missed.",
)
describe(
    TicketTextField,
    "The part of a ticket in which a search has found something.",
    NUMBER="The number.",
    SUMMARY="The summary.",
    DETAILS="The details.",
    CONTACT_NAME="The contact's name.",
    CONTACT_EMAIL="The contact's e-mail address.",
    JOB_ID="A job id.",
)
describe(
    TicketScope,
    'The sections of "My tickets".',
    REQUESTED="Those that you raised yourself.",
    CC="Those in which you are copied.",
    ORGANIZATION="Those about the organisation for which you act.",
    ALL="All that you may see.",
)
describe(
    TicketKind,
    "What is asked for.",
    INCIDENT="Something is broken; it draws on a support contract where the service's channel takes one.",
    ADVISORY="Advice or help in using a service.",
    PROGRAM="A question about a partner programme.",
)
describe(
    TicketOrigin,
    "How a ticket came about.",
    INVITE="An administrator invited the vendor's support team.",
    PORTAL="An ordinary request of a user.",
    PARTNER_REQUEST="A partner asked for itself; only its requester sees it among the partner's people.",
    ON_BEHALF="A partner asked on behalf of its customer.",
    EMAIL="By mail.",
)
describe(
    TicketPortalStatus,
    "Where a ticket stands, in the words of the portal.",
    OPEN="The vendor's support team is to act.",
    AWAITING_REPLY="The vendor's support team waits for an answer.",
    RESOLVED="Solved or closed.",
)
describe(
    ClosureCode,
    "Why a ticket was closed, which decides whether its incident is given back.",
    DECREMENT="It was an incident and counts as one.",
    NON_DECREMENT="It does not count: the incident is given back.",
    DUPLICATE="There is another ticket about the same: the incident is given back.",
    MERGED="It became part of another ticket: the incident is given back.",
    WITHDRAWN="It was taken back; before the first answer, the incident is given back.",
)
describe(
    SupportIssueType,
    "What an invitation asks support for.",
    GENERAL_GUIDANCE="General help.",
    TROUBLESHOOT="Help with a problem of the selected service.",
)
describe(
    SupportTicketType,
    "What an invitation can be about.",
    NEW_ISSUE="A new issue.",
    EXISTING_ISSUE="An issue for which there is a case number.",
)
describe(
    TemporaryAccessChoice,
    "Whether the vendor's support team may look into the environment.",
    CREATE_ACCOUNT="Yes: a temporary account with a limited view is made, and ends after 15 days.",
    NOTIFY_ONLY="No: the vendor is only told of the issue.",
)
describe(
    TemporaryAccountStatus,
    "Whether a temporary support account can be used.",
    ACTIVE="Until its expiry.",
    EXPIRED="Its time is over.",
    REVOKED="It was ended before its time.",
)
describe(
    ParticipantKind,
    "As what somebody takes part in a ticket.",
    REQUESTER="Raised it.",
    CC="Is copied in.",
    CONTACT="Is to be contacted about it.",
)
describe(
    MessageVisibility,
    "Who reads a message.",
    PUBLIC="Everybody who sees the ticket.",
    INTERNAL="The vendor's staff alone.",
)
describe(
    TicketRelation,
    "What a ticket is to you; several are possible.",
    REQUESTER="You raised it.",
    CC="You are copied in.",
    ORGANIZATION="It is about the organisation for which you act.",
)
describe(
    TicketEventKind,
    "What happened in a ticket, and what `before` and `after` say of it.",
    CREATED="It was raised; `relatedTicket` is the one that it follows up.",
    STATUS_CHANGED="It went from one state to another: `before` and `after` are of TicketStatus.",
    ASSIGNED="Another agent, by name, looks after it; none is the queue.",
    SEVERITY_CHANGED="It is more or less severe, on the scale of 1 to 5.",
    REPLIED="Somebody replied: see `message`.",
    NOTED="The vendor's staff left a note: see `message`.",
    FIRST_RESPONDED="The vendor answered for the first time: what was promised for that is met or missed.",
    INCIDENT_DEBITED="It drew on a support contract: `after` is how much.",
    INCIDENT_CREDITED="What it drew was given back: `after` is how much.",
    TEMPORARY_ACCESS_GRANTED="The vendor may look into the environment, until `after` (ISO 8601); only for those who "
    "see `Ticket.temporarySupportAccount`.",
    TEMPORARY_ACCESS_REVOKED="The vendor may do so no longer; for the same.",
    CC_ADDED="The e-mail address `after` was copied in.",
    CC_REMOVED="The e-mail address `before` was copied out.",
    MERGED_INTO="It became part of another ticket: see `relatedTicket`.",
    MERGED_FROM="Another ticket became part of it: see `relatedTicket`.",
    FOLLOW_UP_RAISED="Another ticket follows it up: see `relatedTicket`.",
    RATED="Its requester rated it: `after` is the score, `before` the former one.",
)
describe(
    AppointmentStatus,
    "Where a meeting stands.",
    BOOKED="It is arranged.",
    CANCELLED="It is not held: somebody said so, the ticket is over, or somebody else looks after it.",
    COMPLETED="Its time is over.",
    NO_SHOW="Nobody came, as the vendor's staff says.",
)
describe(
    PaymentOption,
    "What pays for an incident.",
    EXISTING_CONTRACT="A support contract that you have linked before.",
    OTHER_CONTRACT="Another support contract, which you have linked for this request.",
)
describe(
    AttachmentScanState,
    "What the scanner says of a file.",
    UNSCANNED="Nothing yet; where there is a scanner, nobody gets it before it does.",
    CLEAN="It has found nothing.",
    INFECTED="It has found malware: the file is in quarantine, and nobody gets it.",
)
describe(
    AttachmentState,
    "How far a file has come.",
    AWAITING_UPLOAD="It has not arrived yet, or not whole.",
    UPLOADED="It is here and can be attached.",
    ATTACHED="It is part of a ticket.",
)
