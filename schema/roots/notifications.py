"""Root fields of what somebody wants to be told."""

import strawberry

from resolvers import notifications
from schema.notifications import NotificationPreferencesUpdatePayload


@strawberry.type
class NotificationMutations:
    """What can be done."""

    notification_preferences_update: NotificationPreferencesUpdatePayload = strawberry.field(
        resolver=notifications.notification_preferences_update,
        description="Say what you want to be told by mail and in the app, and when no mail is to come.",
    )
