"""ariadne-codegen: the schema gives a typed Python client that mypy accepts in strict mode."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import HERE, ROOT
from tests.clients.story import assert_mutations
from tests.support.tools import tool

pytestmark = pytest.mark.thorough

CONFIGURATION = """
[tool.ariadne-codegen]
schema_path = "{schema}"
queries_path = "{operations}"
target_package_path = "{folder}"
target_package_name = "bailiwick_client"
async_client = false

[tool.ariadne-codegen.scalars.DateTime]
type = "datetime.datetime"
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated package."""
    folder = tmp_path_factory.mktemp("ariadne")
    names = {"schema": ROOT / "schema" / "schema.graphql", "operations": HERE / "ariadne.graphql", "folder": folder}
    (folder / "ariadne.toml").write_text(CONFIGURATION.format_map(names))
    generated = tool("ariadne-codegen", "--config", "ariadne.toml", folder=folder)
    assert generated.returncode == 0, generated.stdout + generated.stderr
    return folder / "bailiwick_client"


def test_the_generated_client_type_checks(package: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=.mypy_cache", package.name]
    checked = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_generated_client_reads_writes_and_is_refused(
    package: Path, staff: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(package.parent)
    made: Any = importlib.import_module(package.name)
    names: list[str] = []
    after = None
    with made.Client(staff.url, {"Authorization": f"Bearer {staff.token}"}) as client:
        for _page in range(3):
            page = client.customers(first=3, after=after).customers
            names += [node.organization_name for node in page.nodes]
            after = page.page_info.end_cursor
        given = made.CustomerPinInput(clientMutationId="ariadne")
        pinned, unseen = (client.pin(each, given).customer_pin for each in (staff.ids[0], "customer_of-nobody"))
    assert names == staff.names
    told = {"pinned": pinned, "unseen": unseen}
    assert_mutations({name: one.model_dump(mode="json", by_alias=True) for name, one in told.items()}, staff, "ariadne")
    with made.Client(staff.url, {"Authorization": "Bearer forged"}) as client, pytest.raises(made.GraphQLClientError):
        client.customers(first=3)
