"""Files that a real ClamAV looks at: clean ones are handed out, infected ones go into quarantine (spec 3, 12)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from app.attachments.parts import uploads_of
from domain.support.permits import Purpose
from domain.support.uploads import Uploads
from domain.tickets.model import AttachmentScanState
from domain.tickets.uploads import scan_uploads
from tests.app.attachments.files import actor, address, announced, forged, objects, piece, seen, sent
from tests.schema.asking import counted, invited, made, problems, stored
from tests.support.app import SECRET, Client, Running, running
from tests.support.clamav import EICAR, LIMIT, NEEDS_CLAMAV, THREAT, ClamAV, clamav
from tests.support.postgres import Database
from tests.support.sending import File
from tests.support.world import PRIVACY_VERSION, World

pytestmark = [pytest.mark.thorough, NEEDS_CLAMAV]
OWNER = "owner@alder.example"
CREATE = """mutation Create($file: Upload!) { attachmentCreate(input: {file: $file}) {
  attachment { id scanState download { url } } userErrors { code field } } }"""


@dataclass
class Scanned:
    """The application with a scanner, and the scanner."""

    app: Running
    daemon: ClamAV

    @property
    def uploads(self) -> Uploads:
        """What a job has."""
        return uploads_of(f"file://{self.app.objects}", SECRET, self.daemon.url)

    async def scan(self) -> int:
        """Run the job."""
        return await scan_uploads(self.app.database, self.uploads, self.app.clock.now)


@pytest.fixture(name="daemon")
def _daemon() -> Iterator[ClamAV]:
    with clamav() as running:
        yield running


@pytest.fixture(name="scanned")
async def _scanned(client: Running, world: World, database: Database, daemon: ClamAV) -> AsyncIterator[Scanned]:
    async with running(database, scanner_url=daemon.url) as app:
        yield Scanned(app, daemon)


async def attach(who: Client, world: World, file: str) -> dict[str, object]:
    return await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION)


async def test_spec_3_12_a_clean_file_is_handed_out(scanned: Scanned) -> None:
    who = await scanned.app.as_(OWNER)
    file = await sent(who, b"a log")
    assert (await seen(who, file))["scanState"] == "CLEAN"
    assert (await scanned.app.http.get(await address(who, file))).content == b"a log"


async def test_spec_3_12_a_file_in_pieces_is_scanned_whole(scanned: Scanned) -> None:
    who = await scanned.app.as_(OWNER)
    file = await announced(who, len(EICAR))
    await piece(who, file["url"], 0, EICAR[:20])
    await piece(who, file["url"], 20, EICAR[20:])
    assert (await seen(who, file["id"]))["scanState"] == "INFECTED"


async def test_spec_3_12_an_infected_file_goes_into_quarantine(scanned: Scanned) -> None:
    who = await scanned.app.as_(OWNER)
    file = await sent(who, EICAR)
    found = await seen(who, file)
    assert (found["scanState"], found["download"]) == ("INFECTED", None)
    row = await stored(scanned.app, file)
    assert (row.threat, objects(scanned.app)) == (THREAT, [row.object_key])
    assert str(row.object_key).startswith("quarantine/")
    url = forged(Purpose.DOWNLOAD, file, await actor(scanned.app, who))
    assert (await scanned.app.http.get(url)).status_code == 404


async def test_spec_3_12_an_infected_file_is_attached_to_nothing(scanned: Scanned, world: World) -> None:
    who = await scanned.app.as_(OWNER)
    file = await sent(who, EICAR)
    before = await counted(scanned.app)
    assert problems(await attach(who, world, file)) == [("FILE_QUARANTINED", "attachmentIds.0")]
    assert await counted(scanned.app) == before


async def test_spec_3_12_an_infected_file_that_comes_with_a_request(scanned: Scanned) -> None:
    who = await scanned.app.as_(OWNER)
    payload = (await who.query(CREATE, file=File(EICAR))).data["attachmentCreate"]
    assert (payload["attachment"]["scanState"], payload["attachment"]["download"]) == ("INFECTED", None)


async def test_spec_3_12_without_a_verdict_nothing_is_handed_out(scanned: Scanned) -> None:
    scanned.daemon.kill()
    who = await scanned.app.as_(OWNER)
    file = await sent(who, b"a log")
    found = await seen(who, file)
    assert (found["state"], found["scanState"], found["download"]) == ("UPLOADED", "UNSCANNED", None)
    url = forged(Purpose.DOWNLOAD, file, await actor(scanned.app, who))
    assert (await scanned.app.http.get(url)).status_code == 404
    scanned.daemon.start()
    assert await scanned.scan() == 1
    assert (await scanned.app.http.get(url)).content == b"a log"
    assert await scanned.scan() == 0


async def test_spec_3_12_a_file_that_is_found_infected_later_is_gone_from_its_ticket(
    scanned: Scanned, world: World
) -> None:
    scanned.daemon.kill()
    who = await scanned.app.as_(OWNER)
    file = await sent(who, EICAR)
    ticket = made(dict(await attach(who, world, file)))
    scanned.daemon.start()
    await scanned.scan()
    query = """query($id: ID!) { ticket(id: $id) { attachments(first: 5) {
      nodes { fileName scanState download { url } } } } }"""
    nodes = (await who.query(query, id=ticket["id"])).data["ticket"]["attachments"]["nodes"]
    assert nodes == [{"fileName": "night.log", "scanState": "INFECTED", "download": None}]


async def test_spec_3_12_a_file_that_is_scanned_by_several_at_once_is_in_quarantine_once(scanned: Scanned) -> None:
    scanned.daemon.kill()
    file = await sent(await scanned.app.as_(OWNER), EICAR)
    scanned.daemon.start()
    await asyncio.gather(*(scanned.scan() for _ in range(6)))
    row = await stored(scanned.app, file)
    assert (row.scan_state, row.threat, objects(scanned.app)) == ("INFECTED", THREAT, [row.object_key])


async def test_spec_3_12_what_came_before_the_scanner_waits_for_it(
    scanned: Scanned, client: Running, world: World
) -> None:
    before = await client.as_(OWNER)
    file = await sent(before, b"a log")
    assert (await seen(before, file))["download"] is not None
    assert (await seen(await scanned.app.as_(OWNER), file))["download"] is None


async def test_spec_3_12_without_a_scanner_what_was_found_infected_stays_in_quarantine(
    scanned: Scanned, client: Running
) -> None:
    file = await sent(await scanned.app.as_(OWNER), EICAR)
    assert (await stored(client, file)).scan_state is AttachmentScanState.INFECTED
    assert (await seen(await client.as_(OWNER), file))["download"] is None


async def test_spec_3_12_who_cannot_be_judged_holds_nobody_up(scanned: Scanned) -> None:
    who = await scanned.app.as_(OWNER)
    large = await sent(who, b"x" * 2 * LIMIT)
    scanned.app.clock.advance(seconds=1)
    scanned.daemon.kill()
    small = await sent(who, b"a log")
    scanned.daemon.start()
    scanned.app.clock.advance(seconds=1)
    await scanned.scan()
    assert [(await seen(who, file))["scanState"] for file in (large, small)] == ["UNSCANNED", "CLEAN"]
    assert (await seen(who, large))["download"] is None
