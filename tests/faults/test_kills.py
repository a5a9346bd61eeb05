"""Parts killed in the middle of 200 submissions: nothing acknowledged is lost or done twice, and all mail arrives."""

import asyncio
import time
from collections.abc import Callable, Sized

import httpx
import pytest

from tests.faults.installation import Installation
from tests.faults.submitting import Client

SUBMISSIONS = 200
SECONDS = 60.0
IN_FLIGHT = 10
"""Mails that one worker has with the mail server at once: what SMTP cannot know of when it dies (docs/adr/0012)."""


def is_ready(installation: Installation) -> bool:
    try:
        return httpx.get(f"{installation.url}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def await_mail(installation: Installation) -> None:
    """Until the worker works."""
    deadline = time.monotonic() + SECONDS
    while not installation.box.mails:
        assert time.monotonic() < deadline
        time.sleep(0.005)


async def until(condition: Callable[[], bool], what: str, seen: Callable[[], Sized] = list) -> None:
    deadline = time.monotonic() + SECONDS
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline, f"{what}: it takes too long, {len(seen())} are there"
        await asyncio.sleep(0.05)


async def check(installation: Installation, client: Client, *, mails_twice: int = 0) -> None:
    """Every ticket once, as it was acknowledged, with everything that belongs to it; every mail arrived."""
    tickets = dict(await installation.rows("SELECT summary, number FROM ticket WHERE summary LIKE 'key-%'"))
    assert tickets == client.answered
    assert await installation.value("SELECT count(*) FROM ticket WHERE summary LIKE 'key-%'") == SUBMISSIONS
    created = "SELECT count(*) FROM audit_event WHERE action = 'ticket.create'"
    assert await installation.value(created) == SUBMISSIONS
    await until(lambda: len(installation.delivered()) >= SUBMISSIONS, "mail", installation.delivered)
    arrived = installation.delivered()
    assert {str(mail["To"]) for mail in installation.box.mails} == {f"{key}@elsewhere.example" for key in tickets}
    assert len(arrived) == SUBMISSIONS
    assert sum(arrived.values()) - SUBMISSIONS <= mails_twice


@pytest.fixture(name="client")
async def _client(installation: Installation) -> Client:
    installation.start_server(WORKERS="2")
    installation.start_worker()
    return Client(installation, (await installation.client.as_("owner@alder.example")).token or "")


async def test_a_killed_server_loses_no_ticket_and_doubles_none(installation: Installation, client: Client) -> None:
    def kill() -> None:
        installation.kill_server()
        installation.start_server(WORKERS="2")

    await client.submit_all(SUBMISSIONS, then=kill)
    assert client.tries > SUBMISSIONS
    await check(installation, client)


async def test_a_killed_worker_loses_no_mail(installation: Installation, client: Client) -> None:
    installation.box.seconds = 0.05

    def kill() -> None:
        await_mail(installation)
        installation.kill_worker()
        installation.start_worker()

    await client.submit_all(SUBMISSIONS, then=kill)
    await check(installation, client, mails_twice=IN_FLIGHT)


async def test_a_killed_postgres_loses_nothing_and_everybody_comes_back(
    installation: Installation, client: Client
) -> None:
    said: list[bool] = []

    def kill() -> None:
        await_mail(installation)
        installation.kill_postgres()
        said.append(is_ready(installation))
        time.sleep(2)
        said.append(is_ready(installation))
        installation.start_postgres()

    assert installation.server is not None
    server, [worker] = installation.server.process, installation.workers
    await client.submit_all(SUBMISSIONS, then=kill)
    assert said == [False, False]
    await until(lambda: is_ready(installation), "readiness")
    await check(installation, client, mails_twice=IN_FLIGHT)
    assert (server.poll(), worker.poll()) == (None, None)
