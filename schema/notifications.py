"""What somebody is told, wants to be told, and on which devices, as clients see it (spec 3, 7 and 23)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain.notifications import queries
from domain.notifications.model import Channel
from domain.notifications.wishes import switch
from domain.support.opening_hours import clock_time
from domain.tickets import queries as tickets
from resolvers.enums.notifications import DevicePlatform, NotificationKind
from schema.errors import MutationPayload
from schema.fields import computed, global_id, many, one, plain
from schema.relay import Node
from schema.ticket_parts import TicketMessage

if TYPE_CHECKING:
    from schema.tickets import Ticket

NOTIFICATION_ARGUMENTS: dict[str, Any] = {"unread_only": (bool | None, "Whether only what you have not read yet.")}


@strawberry.type(description="Something that happened in a ticket in which you take part, or that you look after.")
class Notification(Node):
    """Rows of `domain.tickets.notifications.Notification`."""

    id: strawberry.ID = global_id("notification")
    kind: NotificationKind = plain("What happened.")
    created_at: datetime = plain("When.")
    read_at: datetime | None = plain("When you said that you have read it (`ticketMarkRead`); null until then.")
    ticket: Annotated["Ticket", strawberry.lazy("schema.tickets")] | None = one(
        tickets.by_ids, key="ticket_id", description="Where it happened."
    )
    message: TicketMessage | None = one(
        tickets.messages_by_ids, key="message_id", description="What was said; null for what is no reply."
    )


@strawberry.type(description="By which ways you are told of one kind of thing.")
class NotificationSetting:
    """Made by `NotificationPreferences`."""

    kind: NotificationKind = plain("Of what.")
    mail: bool = plain("Whether by mail.")
    push: bool = plain("Whether on your devices.")
    in_app: bool = plain("Whether among `viewer.notifications`.")


@strawberry.type(description="Hours in which nothing rings: what comes in them is told when they end.")
class QuietHours:
    """Made by `NotificationPreferences`."""

    starts_at: str = plain("From when on, in your time zone, such as 22:00.")
    ends_at: str = plain("Until when, such as 07:00; earlier than `startsAt` is the next day.")


def _settings(root: Any) -> list[NotificationSetting]:
    off = frozenset(root["switched_off"])
    settings: list[Any] = [
        {"kind": kind} | {channel.value.lower(): switch(kind, channel) not in off for channel in Channel}
        for kind in NotificationKind
    ]
    return settings


def _quiet_hours(root: Any) -> QuietHours | None:
    start, end = root["quiet_from_minute"], root["quiet_until_minute"]
    hours: Any = None if start is None else {"starts_at": clock_time(start), "ends_at": clock_time(end)}
    return hours  # type: ignore[no-any-return]  # a row is a dictionary


@strawberry.type(
    description="What you want to be told, and how. Mail about your account and its security comes in any case."
)
class NotificationPreferences:
    """Rows of `domain.notifications.queries.preferences_of_users`."""

    settings: list[NotificationSetting] = computed(
        _settings, needs=("switched_off",), description="Each kind of thing; everything is on until you switch it off."
    )
    time_zone: str = plain("The IANA name of the time zone of your quiet hours.")
    quiet_hours: QuietHours | None = computed(
        _quiet_hours,
        needs=("quiet_from_minute", "quiet_until_minute"),
        description="When mail and push wait; null where they never do.",
    )
    language: str | None = plain("The language of your mail, as a tag such as `en` or `de`; null is English.")
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")


@strawberry.type(description="A device on which you get push, as long as you stay signed in on it.")
class Device(Node):
    """Rows of `domain.notifications.model.Device`."""

    id: strawberry.ID = global_id("device")
    platform: DevicePlatform = plain("What it runs.")
    app_id: str = plain("The id by which the push gateway knows the app.")
    name: str | None = plain("What you call it.")
    registered_at: datetime = plain("When it was last registered.")


@strawberry.type(description="What `notificationPreferencesUpdate` answers with.")
class NotificationPreferencesUpdatePayload(MutationPayload):
    """Spec 3, 23."""

    preferences: NotificationPreferences | None = one(
        queries.preferences_of_users, key="user_id", description="Your preferences as they are now."
    )


@strawberry.type(description="What `deviceRegister` answers with.")
class DeviceRegisterPayload(MutationPayload):
    """Spec 3, 23."""

    device: Device | None = one(queries.devices_by_ids, key="device_id", description="The device, registered.")


@strawberry.type(description="What `deviceUnregister` answers with.")
class DeviceUnregisterPayload(MutationPayload):
    """Spec 3, 23."""

    devices: list[Device] | None = many(
        queries.devices_of_users, key="viewer_id", description="The devices that you have left."
    )
