"""Exports as tests ask for them, make them, and read what came of them."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from domain.exports.running import run
from execution.ids import decode
from tenancy.database import Database
from tests.schema.asking import ERRORS, done
from tests.support.app import Client, Running
from tests.support.world import World

JOB: Final = """{
  id kind format status fileName requestedBy rowCount size sha256 failure { code message }
  createdAt startedAt endedAt expiresAt download { url expiresAt }
}"""
CREATE: Final = f"""mutation Create($input: TicketExportCreateInput!) {{
  ticketExportCreate(input: $input) {{ exportJob {JOB} {ERRORS} }}
}}"""
READ: Final = f"query Read($id: ID!) {{ exportJob(id: $id) {JOB} }}"
LIST: Final = "{ exportJobs(first: 100) { totalCount nodes { id } } }"


@dataclass(frozen=True, slots=True)
class Exporting:
    """Everybody, and a worker's way to make files."""

    client: Running
    world: World
    worker: Database

    async def ask(self, who: Client, **given: Any) -> dict[str, Any]:
        """The payload of `ticketExportCreate`."""
        return await done(who, CREATE, input={"format": "CSV"} | given)

    async def asked(self, who: Client, **given: Any) -> str:
        """The id of an export that nothing was wrong with."""
        payload = await self.ask(who, **given)
        assert payload["userErrors"] == []
        return str(payload["exportJob"]["id"])

    async def work(self, job: str) -> None:
        """Make its file as a worker does."""
        await run(self.worker, self.client.facilities.uploads.store, decode(job)[1], self.client.clock)

    async def read(self, who: Client, job: str) -> dict[str, Any]:
        """The export as somebody sees it."""
        return dict((await who.query(READ, id=job)).data["exportJob"])

    async def exported(self, who: Client, **given: Any) -> dict[str, Any]:
        """An export that is over."""
        job = await self.asked(who, **given)
        await self.work(job)
        return await self.read(who, job)

    async def got(self, job: dict[str, Any]) -> httpx.Response:
        """What its address gives."""
        return await self.client.http.get(job["download"]["url"])

    async def rows(self, who: Client, **given: Any) -> list[dict[str, str]]:
        """The rows of a file of comma-separated values."""
        answer = await self.got(await self.exported(who, **given))
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))

    async def objects(self) -> list[str]:
        """The keys of all files of exports."""
        return [key async for key in self.client.facilities.uploads.store.keys("exports")]


async def opened(client: Running, world: World) -> AsyncIterator[Exporting]:
    """For a fixture."""
    worker = Database(client.addresses.worker_url, pool_size=3)
    yield Exporting(client, world, worker)
    await worker.close()
