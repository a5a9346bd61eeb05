"""The root of subscriptions: each noun brings its own fields."""

import strawberry

from schema.roots.bulk_operations import BulkOperationSubscriptions
from schema.roots.live import TicketSubscriptions


@strawberry.type(
    description="What can be followed, over WebSocket (graphql-transport-ws) or as server-sent events. Each event is "
    "answered by what you may see at that instant; a subscription ends when you cannot see its subject any more."
)
class Subscription(TicketSubscriptions, BulkOperationSubscriptions):
    """Each field has a source of events, and answers each event as a query would."""
