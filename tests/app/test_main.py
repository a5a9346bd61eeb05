"""The composition root: everything that is served, and that it says when it cannot serve."""

import inspect

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.types import ASGIApp

from app.errors import SetupError
from app.main import application, create
from app.settings import Settings
from app.settings import settings as configuration
from domain.tenants.attempts import ADDRESS
from domain.tenants.credentials import SignInAttempt
from tests.support.app import SECRET, Running, running
from tests.support.postgres import Database, Server
from tests.support.world import World


async def test_it_is_ready_when_the_database_answers(client: Running) -> None:
    assert (await client.http.get("/readyz")).status_code == 200


async def test_it_is_not_ready_without_its_database(server: Server) -> None:
    nowhere = server.url("no_such_database", "bailiwick_app")
    async with running(Database("none", nowhere, nowhere, nowhere, nowhere)) as app:
        assert (await app.http.get("/readyz")).status_code == 503
        assert (await app.http.get("/healthz")).status_code == 200


def test_it_needs_a_database() -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        application(Settings().model_copy(update={"database_url": None, "secret_key": SecretStr(SECRET)}))


def test_it_needs_a_secret_outside_demo_mode(database: Database) -> None:
    given = {"database_url": SecretStr(database.application_url), "secret_key": None, "demo": False}
    with pytest.raises(SetupError, match="BAILIWICK_SECRET_KEY"):
        application(Settings().model_copy(update=given))


def asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch, database: Database, **environment: str) -> ASGIApp:
    given = {"DATABASE_URL": database.application_url, "BAILIWICK_SECRET_KEY": SECRET, **environment}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    configuration.cache_clear()
    monkeypatch.setattr("app.main.configure_logs", lambda _level: None)
    try:
        return create()
    finally:
        configuration.cache_clear()


async def addresses_counted(client: Running, app: ASGIApp) -> set[str]:
    """The subjects counted when somebody fails to sign in behind a proxy."""
    headers = {"x-forwarded-for": "203.0.113.7"}
    form = {"grant_type": "password", "username": "nobody@alder.example", "password": "wrong"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bailiwick.example") as http:
        assert (await http.post("/auth/token", data=form, headers=headers)).status_code == 400
    await inspect.unwrap(app).state.database.close()
    async with client.session() as session:
        return set((await session.execute(select(SignInAttempt.subject))).scalars())


async def test_a_trusted_proxy_says_where_a_request_comes_from(
    client: Running, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = asked_through_a_proxy(monkeypatch, database, BAILIWICK_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")

    assert ADDRESS.subject("203.0.113.7") in await addresses_counted(client, app)


async def test_anybody_else_does_not(client: Running, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    app = asked_through_a_proxy(monkeypatch, database)

    assert ADDRESS.subject("127.0.0.1") in await addresses_counted(client, app)


async def test_the_schema_is_read_by_whoever_is_signed_in(client: Running, world: World) -> None:
    answer = await (await client.as_("user@alder.example")).query("{ __schema { queryType { name } } }")

    assert answer.data == {"__schema": {"queryType": {"name": "Query"}}}


async def test_the_schema_is_read_by_nobody_else(client: Running) -> None:
    assert (await client.nobody.query("{ __schema { queryType { name } } }")).codes == ["INTROSPECTION_DISABLED"]


async def test_introspection_can_be_turned_off(client: Running, database: Database, world: World) -> None:
    async with running(database, introspection=False) as app:
        answer = await (await app.as_("owner@alder.example")).query("{ __schema { queryType { name } } }")

    assert answer.codes == ["INTROSPECTION_DISABLED"]
