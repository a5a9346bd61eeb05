"""The states and kinds of tickets and of what belongs to them (spec 4.1, 4.2)."""

from enum import StrEnum


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


class TicketPortalStatus(StrEnum):
    """Where a ticket stands in the words of the portal (C11)."""

    OPEN = "OPEN"
    AWAITING_REPLY = "AWAITING_REPLY"
    RESOLVED = "RESOLVED"


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


class TemporaryAccessChoice(StrEnum):
    """The answer to whether the vendor may look into the environment (A17, A20)."""

    CREATE_ACCOUNT = "CREATE_ACCOUNT"
    NOTIFY_ONLY = "NOTIFY_ONLY"


class SupportTicketType(StrEnum):
    """Whether an invitation is about something new or about a ticket that there is already (A4)."""

    NEW_ISSUE = "NEW_ISSUE"
    EXISTING_ISSUE = "EXISTING_ISSUE"


class PaymentOption(StrEnum):
    """What pays for an incident (D15)."""

    EXISTING_CONTRACT = "EXISTING_CONTRACT"
    OTHER_CONTRACT = "OTHER_CONTRACT"


class TemporaryAccountStatus(StrEnum):
    """Whether a temporary support account was ended early; EXPIRED is derived from its time and never stored."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class AttachmentState(StrEnum):
    """How far an upload has come."""

    AWAITING_UPLOAD = "AWAITING_UPLOAD"
    UPLOADED = "UPLOADED"
    ATTACHED = "ATTACHED"


class AttachmentScanState(StrEnum):
    """What the scanner says of a file; an INFECTED one is in quarantine."""

    UNSCANNED = "UNSCANNED"
    CLEAN = "CLEAN"
    INFECTED = "INFECTED"


SEVERITIES = {1: "Trivial", 2: "Minor", 3: "Moderate", 4: "Major", 5: "Critical"}
"""What the severities are called; the scale has its direction from A8, the names are presentation alone (AMB-4)."""

OPEN_STATUSES = (TicketStatus.OPEN, TicketStatus.AWAITING_REPLY)
