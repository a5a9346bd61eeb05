"""Root fields of what somebody wants to be told."""

import strawberry

from resolvers import notifications
from schema.notifications import (
    DeviceRegisterPayload,
    DeviceUnregisterPayload,
    NotificationPreferencesUpdatePayload,
)


@strawberry.type
class NotificationMutations:
    """What can be done."""

    notification_preferences_update: NotificationPreferencesUpdatePayload = strawberry.field(
        resolver=notifications.notification_preferences_update,
        description="Say what you want to be told by mail, on your devices and in the app, and when nothing may ring.",
    )
    device_register: DeviceRegisterPayload = strawberry.field(
        resolver=notifications.device_register,
        description="Get push on a device until you sign out on it; whoever had it registered before does no more.",
    )
    device_unregister: DeviceUnregisterPayload = strawberry.field(
        resolver=notifications.device_unregister, description="Get no more push on a device."
    )
