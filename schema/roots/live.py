"""Root fields of subscriptions."""

import strawberry

from resolvers import live as resolvers
from schema.fields import live
from schema.ticket_parts import TicketMessage
from schema.tickets import Ticket


@strawberry.type
class TicketSubscriptions:
    """What can be followed of tickets."""

    ticket_updated: Ticket = live(
        resolvers.ticket_source,
        resolvers.ticket_updated,
        "One ticket, whenever something of it changes that you may see.",
    )
    ticket_conversation_updated: TicketMessage | None = live(
        resolvers.ticket_source,
        resolvers.conversation_updated,
        "Each message of one ticket as it is said, and as it is edited; null tells that some may have been missed, so "
        "that the conversation is to be read anew.",
    )
    viewer_notification_count: int = live(
        resolvers.notifications_source,
        resolvers.notification_count,
        "How many notifications wait for you (`viewer.notifications`): at once, and whenever it may have changed.",
    )
    viewer_tickets_updated: Ticket | None = live(
        resolvers.tickets_source,
        resolvers.tickets_updated,
        "Any ticket that you see, whenever it is raised or something of it changes that you may see; null tells that "
        "some may have been missed, so that lists are to be read anew.",
    )
