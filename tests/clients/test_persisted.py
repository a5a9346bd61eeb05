"""Documents by their hashes: as Apollo Client and urql ask for them, and as compilers write them into manifests."""

import json
from pathlib import Path

import pytest

from app.documents import check
from app.settings import Settings
from tests.clients.conftest import Signed
from tests.clients.programs import HERE, emptied, package, run

pytestmark = pytest.mark.thorough


def test_apollo_client_sends_a_document_once(staff: Signed) -> None:
    seen = run("apollo_persisted.mjs", staff)
    assert seen["byPost"] == {"names": staff.names, "requests": ["POST hash", "POST text", "POST hash", "POST hash"]}
    assert seen["byGet"] == {"names": staff.names, "requests": ["GET hash"] * 3}


def test_urql_sends_a_document_once(staff: Signed) -> None:
    seen = run("urql_persisted.mjs", staff)
    assert seen == {"names": staff.names, "requests": ["GET hash", "GET text", "GET hash", "GET hash"]}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_the_manifest_of_graphql_codegen_is_accepted(tmp_path: Path, algorithm: str) -> None:
    config = json.dumps(
        {
            "schema": str(HERE.parents[1] / "schema" / "schema.graphql"),
            "documents": [str(HERE / "codegen" / "run.ts")],
            "generates": {
                f"{tmp_path}/": {
                    "preset": "client",
                    "presetConfig": {"persistedDocuments": {"hashAlgorithm": algorithm}},
                }
            },
        }
    )
    (tmp_path / "codegen.json").write_text(config)
    package("@graphql-codegen/cli/cjs/bin.js", "--config", tmp_path / "codegen.json", folder=HERE / "codegen")
    assert check(tmp_path / "persisted-documents.json", Settings()) == 2


def test_the_manifest_of_the_relay_compiler_is_accepted() -> None:
    folder = emptied(HERE / "relay" / "persisted")
    config = json.loads((HERE / "relay" / "relay.config.json").read_text())
    config |= {"artifactDirectory": "./persisted", "persistConfig": {"file": "./persisted/documents.json"}}
    config["excludes"] = ["**/generated/**", "**/persisted/**"]
    (folder / "documents.json").write_text("{}")
    (folder / "relay.config.json").write_text(json.dumps(config))
    package("relay-compiler/cli.js", "persisted/relay.config.json", folder=HERE / "relay")
    assert check(folder / "documents.json", Settings()) == 4
