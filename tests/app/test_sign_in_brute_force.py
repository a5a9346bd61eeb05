"""Guessing is slowed down, for each account and each address, and tells nobody whether there is an account."""

import asyncio

import pytest
from sqlalchemy import select

from domain.tenants.attempts import ACCOUNT, ADDRESS
from domain.tenants.credentials import SignInAttempt
from tests.app.test_sign_in_password import CHEAP_HASH, EMAIL, PASSWORD, give_password, sign_in
from tests.support.app import Running
from tests.support.world import World

UNKNOWN = "nobody@alder.example"


@pytest.fixture(autouse=True)
async def _account(client: Running, world: World) -> None:
    """The account that is attacked."""
    await give_password(client, world.alder.owner, CHEAP_HASH)


async def fail(client: Running, times: int, username: str = EMAIL) -> None:
    for _ in range(times):
        assert (await sign_in(client, username, "wrong")).status_code == 400


@pytest.mark.parametrize("username", [EMAIL, UNKNOWN])
async def test_an_account_waits_after_five_failures_whether_it_exists_or_not(client: Running, username: str) -> None:
    await fail(client, 5, username)

    response = await sign_in(client, username)

    assert response.status_code == 429
    assert response.headers["retry-after"] == "1"
    assert response.json()["error"] == "temporarily_unavailable"


async def test_the_wait_doubles_up_to_its_longest(client: Running) -> None:
    await fail(client, 5)
    waits = []
    for _ in range(7):
        wait = int((await sign_in(client)).headers["retry-after"])
        waits.append(wait)
        client.clock.advance(seconds=wait)
        await fail(client, 1)

    assert waits == [1, 2, 4, 8, 16, 30, 30]


async def test_the_right_password_is_let_in_after_the_wait(client: Running) -> None:
    await fail(client, 5)
    assert (await sign_in(client)).status_code == 429

    client.clock.advance(seconds=1)

    assert (await sign_in(client)).status_code == 200


async def test_what_is_refused_meanwhile_does_not_prolong_the_wait(client: Running) -> None:
    await fail(client, 5)
    client.clock.advance(milliseconds=600)
    assert (await sign_in(client, password="wrong")).status_code == 429

    client.clock.advance(milliseconds=400)

    assert (await sign_in(client)).status_code == 200


async def test_a_success_starts_the_account_afresh(client: Running) -> None:
    await fail(client, 4)
    assert (await sign_in(client)).status_code == 200

    await fail(client, 5)

    assert (await sign_in(client)).status_code == 429


async def test_failures_of_one_account_do_not_slow_another(client: Running, world: World) -> None:
    await give_password(client, world.alder.user, CHEAP_HASH)
    await fail(client, 5)

    assert (await sign_in(client, "user@alder.example")).status_code == 200


async def test_an_address_that_tries_many_accounts_waits(client: Running) -> None:
    for number in range(20):
        await fail(client, 1, f"nobody{number}@alder.example")

    assert (await sign_in(client)).status_code == 429


async def test_a_success_does_not_clear_an_addresss_other_failures(client: Running) -> None:
    for number in range(19):
        await fail(client, 1, f"nobody{number}@alder.example")
    assert (await sign_in(client)).status_code == 200

    await fail(client, 1, UNKNOWN)

    assert (await sign_in(client)).status_code == 429


async def test_failures_are_forgotten_after_an_hour(client: Running) -> None:
    await fail(client, 5)
    client.clock.advance(hours=1)

    await fail(client, 4)

    assert (await sign_in(client)).status_code == 200


async def test_many_at_once_are_no_way_around(client: Running) -> None:
    answers = await asyncio.gather(*(sign_in(client, password="wrong") for _ in range(12)))

    assert sorted(answer.status_code for answer in answers) == [400] * 5 + [429] * 7


async def test_what_was_typed_is_not_stored(client: Running) -> None:
    await fail(client, 1, PASSWORD)

    async with client.session() as session:
        subjects = (await session.execute(select(SignInAttempt.subject))).scalars().all()
    assert sorted(subjects) == sorted([ACCOUNT.subject(PASSWORD), ADDRESS.subject("127.0.0.1")])
    assert not any("horse" in subject for subject in subjects)
