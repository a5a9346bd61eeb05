"""Files in a bucket of a real S3 server, by a server that is forked after the demo was loaded into it (A11)."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from domain.support import reference
from domain.support.model import AgreementKind
from tests.app.attachments.files import PIECE
from tests.support.bucket import Bucket, bucket
from tests.support.clamd import EICAR, clamd
from tests.support.platform import Platform, demo_platform
from tests.support.postgres import Server, migrated_database

pytestmark = pytest.mark.thorough
OWNER = "owner@alder.example"
PRIVACY = max(version for kind, version, _ in reference.AGREEMENTS if kind is AgreementKind.PRIVACY)
LISTED = """{ tickets(first: 100, scope: ORGANIZATION) { nodes {
  attachments(first: 10) { nodes { fileName scanState download { url } } } } } }"""
ANNOUNCE = """mutation($input: AttachmentUploadCreateInput!) { attachmentUploadCreate(input: $input) {
  attachment { id upload { url } } userErrors { code } } }"""
CREATE = """mutation($file: Upload!) { attachmentCreate(input: {file: $file}) {
  attachment { id size sha256 scanState } userErrors { code } } }"""
REPLY = """mutation($id: ID!, $input: TicketReplyAddInput!) { ticketReplyAdd(ticketId: $id, input: $input) {
  message { attachments { id fileName download { url } } } userErrors { code field } } }"""
SEEN = """query($id: ID!) { node(id: $id) { ... on Attachment { state scanState download { url } } } }"""


@pytest.fixture(scope="module", name="files")
def _files() -> Iterator[Bucket]:
    with bucket() as made:
        yield made


@contextmanager
def scanner() -> Iterator[str]:
    """A scanner beside this process's own loop, for a block."""
    loop = asyncio.new_event_loop()
    running = threading.Thread(target=loop.run_forever, daemon=True)
    running.start()
    daemon = clamd()
    try:
        yield asyncio.run_coroutine_threadsafe(daemon.__aenter__(), loop).result().url
    finally:
        asyncio.run_coroutine_threadsafe(daemon.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        loop.close()


@pytest.fixture(scope="module", name="platform")
def _platform(server: Server, files: Bucket, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The demo, started for the first time over an empty bucket."""
    settings = {"BAILIWICK_OBJECT_STORE_URL": files.url, **files.environment}
    with migrated_database(server, "bucket") as database, scanner() as url:
        folder = tmp_path_factory.mktemp("bucket")
        with demo_platform(folder, database, BAILIWICK_SCANNER_URL=url, **settings) as served:
            yield served


@pytest.fixture(name="owner")
def _owner(platform: Platform) -> str:
    return platform.token(OWNER)


def got(platform: Platform, url: str) -> bytes:
    answer = httpx.get(platform.url + url)
    assert answer.status_code == 200, answer.text
    return answer.content


def announced(platform: Platform, owner: str, size: int) -> dict[str, Any]:
    given = {"fileName": "night.log", "mediaType": "text/plain", "size": size}
    payload = platform.ask(owner, ANNOUNCE, input=given)["attachmentUploadCreate"]
    assert payload["userErrors"] == []
    return {"id": payload["attachment"]["id"], "url": platform.url + payload["attachment"]["upload"]["url"]}


def a_ticket(platform: Platform, owner: str) -> str:
    nodes = platform.ask(owner, "{ tickets(first: 1, filter: {statuses: [OPEN]}) { nodes { id } } }")
    return str(nodes["tickets"]["nodes"][0]["id"])


def test_A11_the_demo_is_served_from_a_bucket_at_its_first_start(platform: Platform, owner: str) -> None:
    tickets = platform.ask(owner, LISTED)["tickets"]["nodes"]
    files = [file for ticket in tickets for file in ticket["attachments"]["nodes"]]
    assert [file["download"] for file in files if file["scanState"] == "INFECTED"] == [None]
    clean = next(file for file in files if file["scanState"] == "CLEAN")
    assert got(platform, clean["download"]["url"]).startswith(b"02:00:11 job started\n")


def test_A11_a_file_that_comes_in_pieces_is_in_the_bucket_and_got_by_a_signed_address(
    platform: Platform, owner: str, files: Bucket
) -> None:
    content = b"a line of a log\n" * 20_000
    file, half = announced(platform, owner, len(content)), len(content) // 2
    for offset, piece in ((0, content[:half]), (half, content[half:])):
        answer = httpx.patch(file["url"], content=piece, headers={**PIECE, "upload-offset": str(offset)})
        assert answer.status_code == 204, answer.text
    given = {"body": "The log.", "attachmentIds": [file["id"]], "privacyAgreementVersion": PRIVACY}
    payload = platform.ask(owner, REPLY, id=a_ticket(platform, owner), input=given)["ticketReplyAdd"]
    assert payload["userErrors"] == []
    [attached] = payload["message"]["attachments"]
    assert got(platform, attached["download"]["url"]) == content
    [place] = [key for key in files.found() if file["id"].partition("_")[2] in key]
    assert place.startswith("ours/attachments/")


def test_A11_a_file_larger_than_a_part_of_an_object_is_whole(platform: Platform, owner: str) -> None:
    content = b"0123456789abcde\n" * 400_000
    operations = json.dumps({"query": CREATE, "variables": {"file": None}})
    answer = httpx.post(
        f"{platform.url}/graphql",
        data={"operations": operations, "map": '{"0": ["variables.file"]}'},
        files={"0": ("large.log", content, "text/plain")},
        headers={"authorization": f"Bearer {owner}", "x-bailiwick-request": "1"},
        timeout=60,
    )
    file = answer.json()["data"]["attachmentCreate"]["attachment"]
    assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    seen = platform.ask(owner, SEEN, id=file["id"])["node"]
    assert got(platform, seen["download"]["url"]) == content


def test_spec_3_12_an_infected_file_is_in_quarantine_and_nowhere_else(
    platform: Platform, owner: str, files: Bucket
) -> None:
    file = announced(platform, owner, len(EICAR))
    assert httpx.put(file["url"], content=EICAR).status_code == 204
    assert platform.ask(owner, SEEN, id=file["id"])["node"] == {
        "state": "UPLOADED",
        "scanState": "INFECTED",
        "download": None,
    }
    [place] = [key for key in files.found() if file["id"].partition("_")[2] in key]
    assert place.startswith("ours/quarantine/attachments/")
