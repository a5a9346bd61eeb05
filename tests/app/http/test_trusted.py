"""Trusted documents: those of a manifest run, and no others."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.errors import SetupError
from app.http.manifest import Manifest
from app.http.negotiation import GRAPHQL_RESPONSE, JSON
from tests.app.http.client import client, code
from tests.app.http.server import Options

HELLO = "query Greet($name: String) { hello(name: $name) }"
VIEWER = "query Me { viewer }"
RENAME = 'mutation Rename { rename(name: "x") }'


def hashed(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def plain(algorithm: str, prefix: str = "") -> dict[str, str]:
    """A manifest as GraphQL Code Generator and Relay write it."""
    return {prefix + hashed(text, algorithm): text for text in (HELLO, VIEWER, RENAME)}


def apollo() -> dict[str, Any]:
    """A manifest as generate-persisted-query-manifest writes it."""
    operations = [{"id": name, "name": "-", "type": "query", "body": text} for name, text in plain("sha256").items()]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}


Write = Callable[[Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a manifest."""

    def written(manifest: Any) -> Path:
        file = tmp_path / "documents.json"
        file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
        return file

    return written


@pytest.fixture
def options(write: Write) -> Options:
    """A server with three documents."""
    return Options(trusted=Manifest.read(write(plain("sha256"))), max_batch=2, may_introspect=lambda _caller: True)


async def posted(options: Options, *, accept: str = GRAPHQL_RESPONSE, **body: Any) -> httpx.Response:
    async with client(options) as bailiwick:
        return await bailiwick.http.post("/graphql", json=body, headers={"accept": accept})


def persisted(name: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": name}}


@pytest.mark.parametrize(
    ("manifest", "name"),
    [
        (plain("sha256"), hashed(HELLO)),
        (plain("sha256", "sha256:"), hashed(HELLO)),
        (plain("sha1"), hashed(HELLO, "sha1")),
        (plain("sha1"), hashed(HELLO)),
        (plain("md5"), hashed(HELLO, "md5")),
        (apollo(), hashed(HELLO)),
    ],
)
async def test_the_manifests_of_all_tools_are_read(write: Write, manifest: Any, name: str) -> None:
    answer = await posted(Options(trusted=Manifest.read(write(manifest))), documentId=name)
    assert answer.json() == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize(
    "body",
    [
        {"extensions": persisted(hashed(HELLO))},
        {"documentId": hashed(HELLO)},
        {"documentId": f"sha256:{hashed(HELLO)}"},
        {"id": hashed(HELLO)},
        {"query": HELLO},
        {"query": HELLO, "extensions": persisted(hashed(HELLO))},
        {"query": HELLO, "documentId": hashed(HELLO)},
    ],
)
async def test_a_registered_document_runs_however_it_is_named(options: Options, body: dict[str, Any]) -> None:
    answer = await posted(options, **body, variables={"name": "Ada"})
    assert (answer.status_code, answer.json()) == (200, {"data": {"hello": "Hello Ada"}})


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ hello }"},
        {"query": HELLO + " "},
        {"query": "{"},
        {"query": "{ __schema { description } }"},
        {"query": ""},
        {"query": "{ hello }", "extensions": persisted(hashed("{ hello }"))},
        {"extensions": persisted(hashed("{ hello }"))},
        {"documentId": "unknown"},
        {"documentId": ""},
        {"id": "sha256:"},
        {"query": "{ hello }", "documentId": hashed(HELLO)},
        {"query": HELLO, "documentId": hashed(VIEWER)},
        {"query": HELLO, "extensions": persisted(hashed(VIEWER))},
        {"documentId": hashed(HELLO), "extensions": persisted(hashed(VIEWER))},
    ],
)
async def test_everything_else_is_refused_before_it_is_parsed(
    options: Options, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_arguments: Any, **_named: Any) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("app.http.documents.parse", parsed)
    modern = await posted(options, **body)
    legacy = await posted(options, accept=JSON, **body)
    assert (modern.status_code, legacy.status_code) == (403, 200)
    assert (code(modern), "data" in modern.json()) == ("DOCUMENT_NOT_TRUSTED", False)
    assert modern.json() == legacy.json()


async def test_a_request_that_names_no_document_is_400(options: Options) -> None:
    answer = await posted(options, variables={})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_get_runs_registered_queries_alone(options: Options) -> None:
    async with client(options) as bailiwick:
        query = await bailiwick.http.get("/graphql", params={"documentId": hashed(VIEWER)})
        mutation = await bailiwick.http.get("/graphql", params={"id": hashed(RENAME)})
        other = await bailiwick.http.get("/graphql", params={"query": "{ hello }"})
    assert query.status_code == 200
    assert (mutation.status_code, code(mutation), code(other)) == (405, "METHOD_NOT_ALLOWED", "DOCUMENT_NOT_TRUSTED")


async def test_a_batch_runs_what_is_registered_in_it(options: Options) -> None:
    async with client(options) as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=[{"id": hashed(HELLO)}, {"query": "{ hello }"}])
    first, second = answer.json()
    assert first == {"data": {"hello": "Hello world"}}
    assert second["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


async def test_a_registered_document_is_parsed_once(options: Options) -> None:
    async with client(options) as bailiwick:
        for body in ({"id": hashed(HELLO)}, {"query": HELLO}, {"extensions": persisted(hashed(HELLO))}):
            await bailiwick.http.post("/graphql", json=body)
    assert len({id(operation.document) for operation in bailiwick.executor.seen.operations}) == 1


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({hashed(HELLO): VIEWER}, f"{hashed(HELLO)} is not the SHA-256, SHA-1 or MD5 of its document"),
        ({"Greet": HELLO}, "Greet is not the SHA-256, SHA-1 or MD5 of its document"),
        ([HELLO], "is no manifest of documents"),
        ("{", "is no manifest of documents"),
        ({hashed(HELLO): 1}, "is no manifest of documents"),
        ({"operations": [{"id": hashed(HELLO)}]}, "is no manifest of documents"),
        ({"operations": [HELLO]}, "is no manifest of documents"),
    ],
)
def test_a_manifest_that_is_none_is_refused(write: Write, manifest: Any, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        Manifest.read(write(manifest))


def test_a_manifest_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file"):
        Manifest.read(tmp_path / "documents.json")
