"""Trusted documents of an installation: checked by a command and before serving, and the only ones that run."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from app.documents import check
from app.errors import SetupError
from app.settings import Settings
from tests.support.app import running
from tests.support.postgres import Database
from tests.support.processes import bailiwick, environment

ME = "query Me { viewer { id } }"
WRONG = "query Wrong { viewer { id shoeSize } }"

Write = Callable[..., Path]


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a manifest of these documents."""

    def written(*texts: str) -> Path:
        file = tmp_path / "persisted-documents.json"
        file.write_text(json.dumps({hashed(text): text for text in texts}))
        return file

    return written


def test_the_number_of_documents_that_fit_is_told(write: Write) -> None:
    assert check(write(ME, "{ __typename }"), Settings()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WRONG, "Cannot query field 'shoeSize' on type 'Viewer'."),
        ("query {", "Syntax Error: Expected Name, found <EOF>."),
        ("{ viewer { " + "id " * 10_000 + "} }", "The tokens of this request is 10,001; at most 10,000 is allowed."),
    ],
)
def test_each_document_that_cannot_run_is_named(write: Write, text: str, said: str) -> None:
    file = write(ME, text)
    with pytest.raises(SetupError) as refused:
        check(file, Settings())
    assert str(refused.value) == f"{file}: {hashed(text)}: {said}"


@pytest.mark.thorough
def test_the_command_fails_where_a_document_does_not_fit(write: Write, tmp_path: Path) -> None:
    env = environment(tmp_path)
    good = bailiwick("documents", "check", str(write(ME)), env=env)
    bad = bailiwick("documents", "check", str(write(ME, WRONG)), env=env)
    assert (good.returncode, good.stdout) == (0, f"1 document of {write(ME)}: all fit the schema\n")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert hashed(WRONG) in bad.stderr


@pytest.mark.thorough
def test_a_server_does_not_start_with_a_document_that_does_not_fit(write: Write, tmp_path: Path) -> None:
    env = environment(tmp_path / "data", BAILIWICK_TRUSTED_DOCUMENTS=str(write(WRONG)))
    started = bailiwick("serve", "--port", "0", env=env)
    assert (started.returncode, started.stdout) == (1, "")
    assert started.stderr.startswith(f"bailiwick: {write(WRONG)}: {hashed(WRONG)}: Cannot query field 'shoeSize'")


async def test_only_the_documents_of_the_manifest_run(write: Write, database: Database) -> None:
    async with running(database, trusted_documents=write(ME)) as app:
        registered = await app.nobody.query(ME)
        other = await app.nobody.query("{ __typename }")
    assert registered.codes == ["UNAUTHENTICATED"]
    assert (other.response.status_code, other.codes) == (403, ["DOCUMENT_NOT_TRUSTED"])
