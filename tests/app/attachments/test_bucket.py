"""Files in a bucket of a real server, by a platform that is forked after the demo was loaded into it (A11)."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.support import reference
from domain.support.model import AgreementKind
from domain.support.objects import ObjectStore
from domain.tickets.uploads import sweep_uploads
from tenancy.database import Database as Connections
from tests.app.attachments.files import PIECE
from tests.app.attachments.sending import QUARANTINED, Sender
from tests.support.clamav import EICAR, NEEDS_CLAMAV, PROGRAM, clamav
from tests.support.platform import demo_platform
from tests.support.postgres import Database, Server, migrated_database
from tests.support.processes import ROOT
from tests.support.stores.azure import azure
from tests.support.stores.bucket import Bucket
from tests.support.stores.s3 import s3

pytestmark = pytest.mark.thorough
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
PRIVACY = max(version for kind, version, _ in reference.AGREEMENTS if kind is AgreementKind.PRIVACY)
LISTED = """{ tickets(first: 100, scope: ORGANIZATION) { nodes {
  attachments(first: 10) { nodes { fileName scanState download { url } } } } } }"""
CREATE = """mutation($file: Upload!) { attachmentCreate(input: {file: $file}) {
  attachment { id size sha256 scanState } userErrors { code } } }"""
REPLY = """mutation($id: ID!, $input: TicketReplyAddInput!) { ticketReplyAdd(ticketId: $id, input: $input) {
  message { attachments { id fileName download { url } } } userErrors { code field } } }"""


@pytest.fixture(scope="module", name="files", params=[s3, azure], ids=["s3", "azure"])
def _files(request: pytest.FixtureRequest) -> Iterator[Bucket]:
    with request.param() as made:
        yield made


@pytest.fixture(scope="module", name="database")
def _database(server: Server, files: Bucket) -> Iterator[Database]:
    with migrated_database(server, f"bucket_{WORKER}") as migrated:
        yield migrated


@pytest.fixture(scope="module", name="sender")
def _sender(database: Database, files: Bucket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sender]:
    """The owner of a demo that was started for the first time over an empty bucket, with a scanner if there is one."""
    settings = {"BAILIWICK_OBJECT_STORE_URL": files.url, **files.environment}
    with ExitStack() as running:
        if PROGRAM is not None:
            settings["BAILIWICK_SCANNER_URL"] = running.enter_context(clamav(StreamMaxLength="25M")).url
        folder = tmp_path_factory.mktemp("bucket")
        yield Sender.of(running.enter_context(demo_platform(folder, database, **settings)))


def places(files: Bucket, file: str) -> list[str]:
    """Where the bytes of a file are."""
    return [key for key in files.found() if file.partition("_")[2] in key]


def in_halves(sender: Sender, content: bytes, kind: str = "text/plain") -> tuple[str, httpx.Response]:
    """The id of a file that was sent in two pieces, and what the second was answered."""
    (file, url), half = sender.announced(len(content), kind), len(content) // 2
    first, second = (
        httpx.patch(url, content=piece, headers={**PIECE, "upload-offset": str(offset)})
        for offset, piece in ((0, content[:half]), (half, content[half:]))
    )
    assert first.status_code == 204, first.text
    return file, second


def attached(sender: Sender, file: str) -> dict[str, Any]:
    """The file as an attachment of a reply."""
    nodes = sender.ask("{ tickets(first: 1, filter: {statuses: [OPEN]}) { nodes { id } } }")["tickets"]["nodes"]
    given = {"body": "The log.", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY}
    payload = sender.ask(REPLY, id=nodes[0]["id"], input=given)["ticketReplyAdd"]
    assert payload["userErrors"] == []
    [found] = payload["message"]["attachments"]
    return dict(found)


def test_what_configures_it_is_in_the_readme(files: Bucket) -> None:
    text = (ROOT / "README.md").read_text()
    assert [name for name in files.environment if f"`{name}" not in text] == []


def test_A11_the_demo_is_served_from_a_bucket_at_its_first_start(sender: Sender) -> None:
    tickets = sender.ask(LISTED)["tickets"]["nodes"]
    files = [file for ticket in tickets for file in ticket["attachments"]["nodes"]]
    assert [file["download"] for file in files if file["scanState"] == "INFECTED"] == [None]
    clean = next(file for file in files if file["scanState"] == "CLEAN")
    assert sender.fetched(clean["download"]["url"]).startswith(b"02:00:11 job started\n")


def test_A11_a_file_that_comes_in_pieces_is_in_the_bucket_and_got_by_a_signed_address(
    sender: Sender, files: Bucket
) -> None:
    content = b"a line of a log\n" * 20_000
    file, answer = in_halves(sender, content)
    assert answer.status_code == 204, answer.text
    url = attached(sender, file)["download"]["url"]
    assert sender.fetched(url) == content
    assert sender.fetched(url, range="bytes=7-15") == b"of a log\n"
    assert sender.fetched(url, range="bytes=-4") == b"log\n"
    [place] = places(files, file)
    assert place.startswith("ours/attachments/")


def test_A11_a_file_larger_than_a_part_of_an_object_is_whole(sender: Sender) -> None:
    content = b"0123456789abcde\n" * 400_000
    operations = json.dumps({"query": CREATE, "variables": {"file": None}})
    answer = httpx.post(
        f"{sender.platform.url}/graphql",
        data={"operations": operations, "map": '{"0": ["variables.file"]}'},
        files={"0": ("large.log", content, "text/plain")},
        headers={"authorization": f"Bearer {sender.token}", "x-bailiwick-request": "1"},
        timeout=60,
    )
    file = answer.json()["data"]["attachmentCreate"]["attachment"]
    assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert sender.got(file["id"]) == content


def test_A11_a_file_that_is_not_what_it_was_announced_as_leaves_nothing(sender: Sender, files: Bucket) -> None:
    file, answer = in_halves(sender, b"<html><script>alert(1)</script>", "image/png")
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "MEDIA_TYPE_MISMATCH")
    assert places(files, file) == []


async def test_A11_a_file_that_nobody_attached_is_thrown_away_after_a_day(
    sender: Sender, files: Bucket, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in files.environment.items():
        monkeypatch.setenv(name, value)
    kept, left = (sender.sent(b"a log") for _ in range(2))
    attached(sender, kept)
    connections = Connections(database.worker_url)
    try:
        await sweep_uploads(connections, ObjectStore.from_url(files.url), datetime.now(UTC) + timedelta(days=2))
    finally:
        await connections.close()
    assert (len(places(files, kept)), places(files, left)) == (1, [])


@NEEDS_CLAMAV
def test_spec_3_12_an_infected_file_is_in_quarantine_and_nowhere_else(sender: Sender, files: Bucket) -> None:
    file = sender.sent(EICAR)
    assert sender.seen(file) == QUARANTINED
    [place] = places(files, file)
    assert place.startswith("ours/quarantine/attachments/")
