"""Devices for push: each is its user's own, belongs to a session, and is on nobody else's list (spec 3, 23)."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.notifications.devices import MOST_DEVICES
from domain.notifications.model import Device
from domain.notifications.secrets import DeviceSecrets
from domain.tenants.credentials import SignInSession
from tests.schema.asking import ERRORS, done, problems
from tests.support.app import SECRET, Client, Running
from tests.support.world import World

SHOWN = "id platform appId name registeredAt"
REGISTER = f"""mutation($input: DeviceRegisterInput!) {{
  deviceRegister(input: $input) {{ device {{ {SHOWN} }} {ERRORS} }}
}}"""
UNREGISTER = f"""mutation($id: ID!) {{
  deviceUnregister(deviceId: $id, input: {{}}) {{ devices {{ {SHOWN} }} {ERRORS} }}
}}"""
MINE = f"{{ viewer {{ devices {{ {SHOWN} }} }} }}"
TOKEN = "7f3a9c" * 10


@pytest.fixture
async def user(client: Running, world: World) -> Client:
    return await client.as_("user@alder.example")


async def registered(who: Client, token: str = TOKEN, **more: Any) -> Any:
    return await done(who, REGISTER, input={"platform": "IOS", "appId": "com.alder.app", "token": token} | more)


async def devices(who: Client) -> Any:
    return (await who.query(MINE)).data["viewer"]["devices"]


async def test_a_device_is_registered_and_listed_and_taken_out(user: Client) -> None:
    device = (await registered(user, name="My phone"))["device"]
    assert (device["platform"], device["appId"], device["name"]) == ("IOS", "com.alder.app", "My phone")
    assert await devices(user) == [device]
    assert await done(user, UNREGISTER, id=device["id"]) == {"devices": [], "userErrors": []}


async def test_its_token_is_kept_hashed_and_encrypted(client: Running, user: Client) -> None:
    await registered(user)
    async with client.session() as session:
        kept = (await session.execute(select(Device))).scalar_one()
    secrets = DeviceSecrets(SECRET)
    assert TOKEN not in (kept.token_hash, kept.token_encrypted)
    assert kept.token_hash == secrets.hash(TOKEN)
    assert secrets.decrypt(kept.token_encrypted) == TOKEN


async def test_a_device_that_registers_again_stays_one(user: Client) -> None:
    first = (await registered(user))["device"]
    assert (await registered(user, name="Renamed"))["device"]["id"] == first["id"]
    assert [device["name"] for device in await devices(user)] == ["Renamed"]


async def test_a_token_moves_to_who_registers_it_last(client: Running, user: Client) -> None:
    await registered(user)
    owner = await client.as_("owner@alder.example")
    assert (await registered(owner))["userErrors"] == []
    assert await devices(user) == []
    assert len(await devices(owner)) == 1


async def test_devices_of_others_are_not_found(client: Running, user: Client) -> None:
    device = (await registered(user))["device"]
    owner = await client.as_("owner@alder.example")
    assert problems(await done(owner, UNREGISTER, id=device["id"])) == [("NOT_FOUND", "deviceId")]
    assert await devices(user) == [device]


async def test_a_device_goes_with_the_session_in_which_it_was_registered(client: Running, user: Client) -> None:
    await registered(user)
    other = await client.as_("user@alder.example")
    async with client.session() as session:
        mine = select(Device.session_id).scalar_subquery()
        await session.execute(update(SignInSession).where(SignInSession.id == mine).values(revoked_at=client.clock()))
    assert await devices(other) == []
    async with client.session() as session:
        assert (await session.execute(select(func.count()).select_from(Device))).scalar() == 0


async def test_a_device_is_none_when_its_session_has_ended_by_itself(client: Running, user: Client) -> None:
    await registered(user)
    client.clock.advance(days=31)
    assert await devices(await client.as_("user@alder.example")) == []


async def test_of_too_many_devices_the_oldest_makes_room(client: Running, user: Client) -> None:
    for number in range(MOST_DEVICES + 1):
        client.clock.advance(seconds=1)
        await registered(user, f"token-{number}", name=str(number))
    assert [device["name"] for device in await devices(user)] == [str(n) for n in range(MOST_DEVICES, 0, -1)]


async def test_all_that_is_wrong_is_told_at_once(user: Client) -> None:
    payload = await registered(user, "x" * 4097, appId="../app", name="x" * 101)
    assert problems(payload) == [("OUT_OF_RANGE", "appId"), ("TOO_LONG", "name"), ("TOO_LONG", "token")]
    assert problems(await registered(user, "a b")) == [("INVALID_TEXT", "token")]
    assert await devices(user) == []
