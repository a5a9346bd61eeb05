"""The composition root: everything that is served, and that it says when it cannot serve."""

import pytest
from pydantic import SecretStr

from app.errors import SetupError
from app.main import application
from app.settings import Settings
from tests.support.app import SECRET, Running, running
from tests.support.postgres import Database, Server
from tests.support.world import World


async def test_it_is_ready_when_the_database_answers(client: Running) -> None:
    assert (await client.http.get("/readyz")).status_code == 200


async def test_it_is_not_ready_without_its_database(server: Server) -> None:
    nowhere = server.url("no_such_database", "bailiwick_app")
    async with running(Database("none", nowhere, nowhere, nowhere)) as app:
        assert (await app.http.get("/readyz")).status_code == 503
        assert (await app.http.get("/healthz")).status_code == 200


def test_it_needs_a_database() -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        application(Settings().model_copy(update={"database_url": None, "secret_key": SecretStr(SECRET)}))


def test_it_needs_a_secret_outside_demo_mode(database: Database) -> None:
    given = {"database_url": SecretStr(database.application_url), "secret_key": None, "demo": False}
    with pytest.raises(SetupError, match="BAILIWICK_SECRET_KEY"):
        application(Settings().model_copy(update=given))


async def test_the_schema_is_read_by_whoever_is_signed_in(client: Running, world: World) -> None:
    answer = await (await client.as_("user@alder.example")).query("{ __schema { queryType { name } } }")

    assert answer.data == {"__schema": {"queryType": {"name": "Query"}}}


async def test_the_schema_is_read_by_nobody_else(client: Running) -> None:
    assert (await client.nobody.query("{ __schema { queryType { name } } }")).codes == ["INTROSPECTION_DISABLED"]


async def test_introspection_can_be_turned_off(client: Running, database: Database, world: World) -> None:
    async with running(database, introspection=False) as app:
        answer = await (await app.as_("owner@alder.example")).query("{ __schema { queryType { name } } }")

    assert answer.codes == ["INTROSPECTION_DISABLED"]
