"""What one wants to be told, and how; and on which devices."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from authz.gate import Gate
from domain.notifications.devices import Registration, register, unregister
from domain.notifications.model import Channel
from domain.notifications.preferences import PreferenceChanges, QuietHours, Setting, update
from resolvers.arguments import INPUT, Id, Version
from resolvers.context import Info
from resolvers.enums.notifications import DevicePlatform, NotificationKind
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="By which ways you want to be told of one kind of thing: what is not given stays.")
class NotificationSettingInput:
    """`domain.notifications.preferences.Setting` as clients give it."""

    kind: NotificationKind = strawberry.field(description="Of what.")
    mail: bool | None = strawberry.field(default=None, description="Whether by mail.")
    push: bool | None = strawberry.field(default=None, description="Whether on your devices.")
    in_app: bool | None = strawberry.field(default=None, description="Whether among `viewer.notifications`.")

    def setting(self) -> Setting:
        """As the domain has it."""
        given = {Channel.MAIL: self.mail, Channel.PUSH: self.push, Channel.IN_APP: self.in_app}
        return Setting(self.kind, {channel: wanted for channel, wanted in given.items() if wanted is not None})


@strawberry.input(description="Hours in which nothing rings: what comes in them is told when they end.")
class QuietHoursInput:
    """`domain.notifications.preferences.QuietHours` as clients give it."""

    starts_at: str = strawberry.field(description="From when on, in your time zone, such as 22:00.")
    ends_at: str = strawberry.field(description="Until when, such as 07:00; earlier than `startsAt` is the next day.")


@strawberry.input(description="Input of `notificationPreferencesUpdate`: what is not given stays as it is.")
class NotificationPreferencesUpdateInput(MutationInput):
    """Spec 3, 23."""

    settings: list[NotificationSettingInput] | None = strawberry.field(
        default=None, description="The kinds that are to change, up to 100 settings."
    )
    time_zone: str | None = strawberry.field(
        default=None, description="The IANA name of your time zone, such as Europe/Berlin."
    )
    quiet_hours: QuietHoursInput | None = strawberry.field(
        default=UNSET, description="When nothing may ring; null takes quiet hours away."
    )
    language: str | None = strawberry.field(
        default=UNSET, description="The language of your mail, as a tag such as `en` or `de`; null is English."
    )

    def changes(self) -> PreferenceChanges:
        """What is given, as the domain has it."""
        changes = PreferenceChanges()
        if self.settings is not None:
            changes["settings"] = tuple(setting.setting() for setting in self.settings)
        if self.time_zone is not None:
            changes["time_zone"] = self.time_zone
        if self.quiet_hours is not UNSET:
            hours = self.quiet_hours
            changes["quiet_hours"] = QuietHours(hours.starts_at, hours.ends_at) if hours else None
        if self.language is not UNSET:
            changes["language"] = self.language
        return changes


@strawberry.input(description="Input of `deviceRegister`.")
class DeviceRegisterInput(MutationInput):
    """Spec 3, 23."""

    platform: DevicePlatform = strawberry.field(description="What the device runs.")
    app_id: str = strawberry.field(description="The id by which the push gateway knows your app, such as com.you.app.")
    token: str = strawberry.field(
        description="What the device got from its platform, or a push endpoint; up to 4,096 characters. It is never "
        "returned."
    )
    name: str | None = strawberry.field(
        default=None, description="What you call the device, up to 100 characters, to tell it from others."
    )


@strawberry.input(description="Input of `deviceUnregister`.")
class DeviceUnregisterInput(MutationInput):
    """Nothing but what every mutation takes."""


async def notification_preferences_update(
    info: Info, input: Annotated[NotificationPreferencesUpdateInput, INPUT], expected_version: Version = None
) -> Any:
    """Save one's own preferences."""

    async def command(gate: Gate) -> Changed:
        return {"user_id": await update(gate, input.changes(), expected_version)}

    return await mutate(info, input, command, expected_version=expected_version)


async def device_register(info: Info, input: Annotated[DeviceRegisterInput, INPUT]) -> Any:
    """Register a device for push."""
    secrets = info.context.facilities.device_secrets
    given = Registration(input.platform, input.app_id, input.token, input.name)

    async def command(gate: Gate) -> Changed:
        return {"device_id": await register(gate, secrets, given)}

    return await mutate(info, input, command)


async def device_unregister(info: Info, device_id: Id, input: Annotated[DeviceUnregisterInput, INPUT]) -> Any:
    """Take a device out."""

    async def command(gate: Gate) -> Changed:
        await unregister(gate, key_of("device", device_id, "deviceId"))
        return {"viewer_id": gate.actor.user_id}

    return await mutate(info, input, command, device_id=device_id)
