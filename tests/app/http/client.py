"""Asks the application of these tests without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from app.http.app import create_app
from app.http.negotiation import GRAPHQL_RESPONSE
from tests.app.http.server import Executor, Options, authenticate, entitled, schema


class Client:
    """An HTTP client of one application, and what its executor saw."""

    def __init__(self, http: httpx.AsyncClient, executor: Executor) -> None:
        self.http = http
        self.executor = executor

    async def ask(self, query: str, *, as_: str = "", accept: str = GRAPHQL_RESPONSE, **rest: Any) -> httpx.Response:
        """POST a query; `rest` are the other parameters of the request."""
        headers = {"accept": accept}
        if as_:
            headers["authorization"] = f"Bearer {as_}"
        return await self.http.post("/graphql", json={"query": query, **rest}, headers=headers)


@asynccontextmanager
async def client(options: Options | None = None, **how: Any) -> AsyncIterator[Client]:
    """An application with these options, asked over ASGI."""
    made = schema()
    executor = Executor(made)
    app = create_app(
        schema=made,
        execute=executor,
        authenticate=authenticate,
        options=options or Options(may_introspect=entitled, may_see_suggestions=entitled),
        **how,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bailiwick.example") as http:
        yield Client(http, executor)


def code(response: httpx.Response) -> Any:
    """The code of the first error."""
    return response.json()["errors"][0]["extensions"]["code"]
