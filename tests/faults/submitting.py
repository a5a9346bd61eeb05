"""A client as it should be: it sends each request under a key of its own, and again until it is answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from execution.ids import encode
from tests.faults.installation import Installation

CREATE = """mutation($input: TicketCreateInput!) { ticketCreate(input: $input) {
  ticket { id number } userErrors { code field message } } }"""
PATIENCE = 60.0
AGAIN = 0.05


@dataclass
class Client:
    """Somebody at an installation; `answered` are the tickets that the server has acknowledged, by their keys."""

    installation: Installation
    token: str
    answered: dict[str, str] = field(default_factory=dict)
    tries: int = 0

    async def ask(self, http: httpx.AsyncClient, document: str, **variables: Any) -> dict[str, Any] | None:
        """The data of the answer; None where there is none, or the server says that it failed."""
        self.tries += 1
        try:
            answer = await http.post(
                f"{self.installation.url}/graphql",
                json={"query": document, "variables": variables},
                headers={"Authorization": f"Bearer {self.token}"},
            )
            body = answer.json()
        except (httpx.TransportError, ValueError):
            return None
        return None if "errors" in body else dict(body["data"])

    async def submit(self, http: httpx.AsyncClient, key: str, given: dict[str, Any]) -> None:
        """Raise one ticket, however often that has to be tried."""
        deadline = time.monotonic() + PATIENCE
        while (data := await self.ask(http, CREATE, input=given | {"idempotencyKey": key})) is None:
            assert time.monotonic() < deadline, f"{key} is not answered"
            await asyncio.sleep(AGAIN)
        payload = data["ticketCreate"]
        assert payload["userErrors"] == [], payload
        self.answered[key] = payload["ticket"]["number"]

    async def submit_all(self, number: int, at_once: int = 10, then: Callable[[], None] | None = None) -> None:
        """So many tickets, each with a contact of its own; `then` is done once half of them are answered."""
        half = asyncio.Event()
        turns = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(timeout=10, limits=httpx.Limits(max_connections=at_once)) as http:

            async def one(key: str) -> None:
                async with turns:
                    await self.submit(http, key, self.form(key))
                if len(self.answered) >= number // 2:
                    half.set()

            work = asyncio.gather(*(one(f"key-{n}") for n in range(number)))
            if then is not None:
                await half.wait()
                await asyncio.to_thread(then)
            await work

    def form(self, key: str) -> dict[str, Any]:
        """A request that nothing is wrong with."""
        return {
            "summary": key,
            "serviceId": encode("service", self.installation.world.catalogue.backup),
            "details": "Every night at two.",
            "contact": {"name": "Ada Finch", "email": f"{key}@elsewhere.example"},
        }
