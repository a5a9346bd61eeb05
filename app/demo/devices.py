"""Devices of one person, who stays signed in on each: none of their tokens leads anywhere."""

from app.demo.ids import Ids
from app.demo.world import DAY, Person, World
from domain.notifications.model import Device, DevicePlatform
from domain.tenants.credentials import SignInSession

_NAMES = {DevicePlatform.IOS: "Phone", DevicePlatform.ANDROID: "Tablet", DevicePlatform.WEB: "Browser at work"}


def register(world: World, ids: Ids, person: Person) -> None:
    """One device of each platform."""
    for days, (platform, name) in enumerate(_NAMES.items(), 1):
        began, session_id = world.now - days * DAY, ids()
        ends, token = began + 30 * DAY, f"demo-{person.email}-{platform.value.lower()}"
        times = {"created_at": began, "updated_at": began, "expires_at": ends}
        world.batch.add(SignInSession, id=session_id, user_id=person.id, **times)
        world.batch.add(
            Device,
            id=ids(),
            user_id=person.id,
            session_id=session_id,
            platform=platform,
            app_id="example.northstar.support",
            name=name,
            token_hash=world.device_secrets.hash(token),
            token_encrypted=world.device_secrets.encrypt(token),
            registered_at=began,
            expires_at=ends,
        )
