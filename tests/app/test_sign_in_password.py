"""Signing in with a password, carrying on, and signing out (OAuth 2.0's shapes)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from authz.roles import Role
from domain.tenants.credentials import SignInSession
from domain.tenants.model import MembershipStatus, TenantSecuritySettings, User, UserStatus
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

PASSWORD = "correct horse battery staple"
EMAIL = "owner@alder.example"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHEAP_HASH = CHEAP.hash(PASSWORD)
CURRENT_HASH = PasswordHasher().hash(PASSWORD)
TYPENAME = "{ __typename }"


@pytest.fixture
async def account(client: Running, world: World) -> str:
    """The address of an account with a password."""
    await give_password(client, world.alder.owner, CURRENT_HASH)
    return EMAIL


async def give_password(client: Running, user_id: Any, hashed: str | None, **values: Any) -> None:
    async with client.session() as session:
        await make.change(session, User, user_id, password_hash=hashed, **values)


async def sign_in(client: Running, username: str = EMAIL, password: str = PASSWORD, **more: str) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password, **more}
    return await client.http.post("/auth/token", data=form)


async def refresh(client: Running, token: str) -> httpx.Response:
    return await client.http.post("/auth/token", data={"grant_type": "refresh_token", "refresh_token": token})


async def works(client: Running, access_token: str) -> bool:
    return (await client.with_token(access_token).query(TYPENAME)).response.status_code == 200


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


async def test_a_password_gives_tokens(client: Running, account: str) -> None:
    response = await sign_in(client)

    body = response.json()
    assert (response.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 900)
    assert response.headers["cache-control"] == "no-store"
    assert await works(client, body["access_token"])


async def test_json_is_taken_as_well(client: Running, account: str) -> None:
    given = {"grant_type": "password", "username": account, "password": PASSWORD}

    assert (await client.http.post("/auth/token", json=given)).status_code == 200


async def test_the_address_is_taken_as_people_type_it(client: Running, account: str) -> None:
    assert (await sign_in(client, username="  Owner@ALDER.example ")).status_code == 200


async def test_the_wrong_password_and_an_unknown_address_get_the_same_answer(client: Running, account: str) -> None:
    wrong = await sign_in(client, password="wrong")
    unknown = await sign_in(client, username="nobody@alder.example")

    assert refusal(wrong) == (400, "invalid_grant")
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())


@pytest.mark.parametrize("username", ["nobody@alder.example", "user@alder.example"])
async def test_a_hash_is_verified_even_where_there_is_none(
    client: Running, account: str, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    original = PasswordHasher.verify

    def verify(self: PasswordHasher, hashed: str, password: str) -> bool:
        verified.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return original(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    await sign_in(client, password="wrong")
    await sign_in(client, username=username, password="wrong")

    assert len(verified) == 2
    assert verified[0] == verified[1]


@pytest.mark.parametrize("status", [status for status in UserStatus if status is not UserStatus.ACTIVE])
async def test_only_an_active_account_signs_in(client: Running, world: World, status: UserStatus) -> None:
    await give_password(client, world.alder.owner, CURRENT_HASH, status=status)

    assert refusal(await sign_in(client)) == (400, "invalid_grant")


async def test_an_account_of_another_identity_provider_has_no_password_here(client: Running, world: World) -> None:
    await give_password(client, world.alder.owner, CURRENT_HASH, identity_provider="contoso")

    assert refusal(await sign_in(client)) == (400, "invalid_grant")


async def test_an_outdated_hash_is_made_anew(client: Running, world: World) -> None:
    await give_password(client, world.alder.owner, CHEAP_HASH)

    assert (await sign_in(client)).status_code == 200

    async with client.session() as session:
        stored = (await session.execute(select(User.password_hash).where(User.id == world.alder.owner))).scalar_one()
    assert stored is not None
    assert not PasswordHasher().check_needs_rehash(stored)
    assert PasswordHasher().verify(stored, PASSWORD)


async def test_a_failed_sign_in_leaves_the_hash_alone(client: Running, world: World) -> None:
    await give_password(client, world.alder.owner, CHEAP_HASH)

    await sign_in(client, password="wrong")

    async with client.session() as session:
        stored = (await session.execute(select(User.password_hash).where(User.id == world.alder.owner))).scalar_one()
    assert stored == CHEAP_HASH


async def test_tokens_are_stored_hashed(client: Running, account: str) -> None:
    token = (await sign_in(client)).json()["refresh_token"]

    async with client.session() as session:
        stored = (await session.execute(select(SignInSession.refresh_hash))).scalars().all()
    assert [len(each or "") for each in stored] == [64]
    assert token not in stored


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "invalid_request"),
        ({"grant_type": "password", "username": EMAIL}, "invalid_request"),
        ({"grant_type": "password", "username": EMAIL, "password": ""}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "bwr_nonsense"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "ö"}, "invalid_grant"),
        ({"grant_type": "password", "username": "a\0b", "password": "x"}, "invalid_request"),
    ],
)
async def test_bad_requests_say_what_is_wrong(client: Running, form: dict[str, str], error: str) -> None:
    assert refusal(await client.http.post("/auth/token", data=form)) == (400, error)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"[]", "application/json", 400),
        (b'{"grant_type": 1}', "application/json", 400),
        (b'{"grant_type": "password", "username": "\\ud800", "password": "x"}', "application/json", 400),
        (b"[" * 10_000, "application/json", 400),
        (b"\xff=1", "application/x-www-form-urlencoded", 400),
        (b"a=%FF", "application/x-www-form-urlencoded", 400),
        (b"grant_type=password&grant_type=password", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(50)), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"grant_type=password", "text/plain", 415),
    ],
)
async def test_bad_bodies_are_refused(client: Running, body: bytes, media_type: str, status: int) -> None:
    response = await client.http.post("/auth/token", content=body, headers={"content-type": media_type})

    assert refusal(response) == (status, "invalid_request")


async def test_a_refresh_token_is_good_for_one_use(client: Running, account: str) -> None:
    first = (await sign_in(client)).json()

    second = await refresh(client, first["refresh_token"])

    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert await works(client, second.json()["access_token"])


async def test_a_refresh_token_used_twice_ends_the_session(client: Running, account: str) -> None:
    first = (await sign_in(client)).json()
    second = (await refresh(client, first["refresh_token"])).json()

    assert refusal(await refresh(client, first["refresh_token"])) == (400, "invalid_grant")

    assert refusal(await refresh(client, second["refresh_token"])) == (400, "invalid_grant")
    assert not await works(client, second["access_token"])


async def test_one_used_long_ago_ends_the_session_too(client: Running, account: str) -> None:
    first = token = (await sign_in(client)).json()["refresh_token"]
    for _ in range(3):
        token = (await refresh(client, token)).json()["refresh_token"]

    await refresh(client, first)

    assert refusal(await refresh(client, token)) == (400, "invalid_grant")


async def test_a_refresh_token_that_somebody_made_up_ends_nothing(client: Running, account: str) -> None:
    token = (await sign_in(client)).json()["refresh_token"]
    forged = token[:-2] + ("AA" if not token.endswith("AA") else "BB")

    assert refusal(await refresh(client, forged)) == (400, "invalid_grant")

    assert (await refresh(client, token)).status_code == 200


async def time_out(client: Running, tenant_id: Any, minutes: int) -> None:
    """Settings of a tenant by which sessions end after so many minutes."""
    async with client.session() as session:
        mine = TenantSecuritySettings.tenant_id == tenant_id
        await session.execute(update(TenantSecuritySettings).where(mine).values(session_timeout_minutes=minutes))


async def lasts(client: Running, token: str, minutes: float) -> None:
    """A session is carried on until so many minutes after signing in, and not from then on."""
    client.clock.advance(minutes=minutes, seconds=-1)
    renewed = await refresh(client, token)
    assert renewed.status_code == 200
    client.clock.advance(seconds=1)
    assert refusal(await refresh(client, renewed.json()["refresh_token"])) == (400, "invalid_grant")
    assert not await works(client, renewed.json()["access_token"])


@pytest.mark.parametrize("minutes", [5, 720, 30 * 24 * 60])
async def test_A31_a_session_ends_when_its_organization_says(
    client: Running, world: World, account: str, minutes: int
) -> None:
    await time_out(client, world.alder.tenant, minutes)
    await lasts(client, (await sign_in(client)).json()["refresh_token"], minutes)


async def test_A31_no_token_outlives_its_session(client: Running, world: World, account: str) -> None:
    await time_out(client, world.alder.tenant, 5)
    tokens = (await sign_in(client)).json()
    assert tokens["expires_in"] == 300
    client.clock.advance(minutes=2)
    assert (await refresh(client, tokens["refresh_token"])).json()["expires_in"] == 180


async def test_A31_a_session_ends_after_twelve_hours_where_nobody_said(client: Running, account: str) -> None:
    await lasts(client, (await sign_in(client)).json()["refresh_token"], 12 * 60)


async def test_A31_the_strictest_of_several_organizations_counts(client: Running, world: World, account: str) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.owner, Role.STANDARD_USER)
        disabled = MembershipStatus.DISABLED
        await make.membership(session, world.solstice.tenant, world.alder.owner, Role.STANDARD_USER, status=disabled)
    for tenant, minutes in ((world.alder.tenant, 60), (world.lone_pine.tenant, 30), (world.solstice.tenant, 10)):
        await time_out(client, tenant, minutes)
    await lasts(client, (await sign_in(client)).json()["refresh_token"], 30)


async def test_A31_a_session_that_is_open_keeps_its_end(client: Running, world: World, account: str) -> None:
    token = (await sign_in(client)).json()["refresh_token"]
    await time_out(client, world.alder.tenant, 5)
    await lasts(client, token, 720)


async def test_a_session_of_who_is_of_no_organization_ends_after_the_longest_time(client: Running) -> None:
    async with client.session() as session:
        await make.user(session, "consultant@elsewhere.example", password_hash=CURRENT_HASH)
    signed_in = await sign_in(client, username="consultant@elsewhere.example")
    client.clock.advance(days=30, seconds=-1)
    renewed = await refresh(client, signed_in.json()["refresh_token"])
    assert renewed.status_code == 200
    client.clock.advance(seconds=1)
    assert refusal(await refresh(client, renewed.json()["refresh_token"])) == (400, "invalid_grant")


async def test_a_disabled_account_carries_no_session_on(client: Running, world: World, account: str) -> None:
    token = (await sign_in(client)).json()["refresh_token"]
    await give_password(client, world.alder.owner, CURRENT_HASH, status=UserStatus.DISABLED)

    assert refusal(await refresh(client, token)) == (400, "invalid_grant")


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_signing_out_ends_everything_at_once(client: Running, account: str, kind: str) -> None:
    tokens = (await sign_in(client)).json()
    assert await works(client, tokens["access_token"])

    response = await client.http.post("/auth/revoke", data={"token": tokens[kind]})

    assert (response.status_code, response.json()) == (200, {})
    assert not await works(client, tokens["access_token"])
    assert refusal(await refresh(client, tokens["refresh_token"])) == (400, "invalid_grant")


async def test_signing_out_by_the_header(client: Running, account: str) -> None:
    tokens = (await sign_in(client)).json()

    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.http.post("/auth/revoke", headers=headers)).status_code == 200

    assert not await works(client, tokens["access_token"])


async def test_signing_out_leaves_other_sessions(client: Running, account: str) -> None:
    here, there = (await sign_in(client)).json(), (await sign_in(client)).json()

    await client.http.post("/auth/revoke", data={"token": here["refresh_token"]})

    assert await works(client, there["access_token"])


async def test_signing_out_with_nonsense_is_no_error(client: Running) -> None:
    assert (await client.http.post("/auth/revoke", data={"token": "nonsense"})).status_code == 200


async def test_signing_out_without_a_token_is_one(client: Running) -> None:
    assert refusal(await client.http.post("/auth/revoke")) == (400, "invalid_request")


async def test_an_access_token_is_good_for_its_lifetime(client: Running, account: str) -> None:
    token = (await sign_in(client)).json()["access_token"]

    client.clock.now += timedelta(seconds=898)
    assert await works(client, token)
    client.clock.now += timedelta(seconds=2)
    assert not await works(client, token)
