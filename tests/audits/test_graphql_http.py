"""All 61 audits of the npm package graphql-http pass: what a server MUST, SHOULD and MAY do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.http.served import Served, served
from tests.support.node import install, node

pytestmark = pytest.mark.thorough
HERE = Path(__file__).parent


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "log") as running:
        yield running


def test_every_audit_passes(server: Served) -> None:
    install(HERE)
    results = json.loads(node(HERE, "run.mjs", f"{server.url}/graphql"))
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61
