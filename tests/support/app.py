"""The application as it is served, asked over ASGI, with a clock that tests set and everybody one call away."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from app.http.negotiation import GRAPHQL_RESPONSE
from app.main import application
from app.settings import Settings
from app.sign_in.access_tokens import Claims
from app.sign_in.parts import SignIn
from domain.tenants.model import User
from domain.tickets.model import TemporarySupportAccount
from execution.ids import encode
from resolvers.facilities import Facilities
from tenancy.database import Database
from tenancy.scope import WORKER
from tests.support import factories, postgres
from tests.support.sending import found, multipart
from tests.support.snapshots import Snapshots

SECRET = "a secret key of the tests, long enough"
T = TypeVar("T")


class Clock:
    """The application's clock: it stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Turn it forward by a timedelta's arguments; the new time."""
        self.now += timedelta(**by)
        return self.now


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    response: httpx.Response

    @property
    def body(self) -> Any:
        """All of it."""
        return self.response.json()

    @property
    def data(self) -> Any:
        """The data of an operation that went well in all its parts."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[str]:
        """The codes of the errors, in their order."""
        return [error["extensions"]["code"] for error in self.body.get("errors", [])]

    @property
    def error_paths(self) -> list[Any]:
        """Where the errors are."""
        return [error.get("path") for error in self.body.get("errors", [])]


class Client:
    """Somebody who asks: with a token, in a tenant, or as nobody."""

    def __init__(self, http: httpx.AsyncClient, token: str | None = None, tenant: UUID | str | None = None) -> None:
        self.http = http
        self.token = token
        self._tenant = encode("tenant", tenant) if isinstance(tenant, UUID) else tenant

    @property
    def headers(self) -> dict[str, str]:
        """What every request of theirs has."""
        headers = {"accept": GRAPHQL_RESPONSE}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        if self._tenant is not None:
            headers["bailiwick-tenant"] = self._tenant
        return headers

    async def query(self, document: str, /, **variables: Any) -> Answer:
        """Run an operation, a query or a mutation."""
        body = {"query": document, "variables": variables}
        if any(found(variables)):
            headers = self.headers | {"x-bailiwick-request": "1"}
            return Answer(await self.http.post("/graphql", **multipart(body), headers=headers))
        return Answer(await self.http.post("/graphql", json=body, headers=self.headers))


class Running:
    """The application and the ways to it."""

    def __init__(
        self, app: Starlette, http: httpx.AsyncClient, clock: Clock, database: postgres.Database, objects: str
    ) -> None:
        self.app = app
        self.http = http
        self.clock = clock
        self.addresses = database
        self.objects = objects
        self.snapshots = Snapshots(database.administrator_url)
        self.database: Database = app.state.database
        self.sign_in: SignIn = app.state.sign_in
        self.facilities: Facilities = app.state.facilities

    def session(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction that reaches every tenant: for factories, and for looking at what was written."""
        return self.database.writing(WORKER)

    @property
    def nobody(self) -> Client:
        """Somebody who is not signed in."""
        return Client(self.http)

    async def as_(self, who: str | UUID, tenant: UUID | str | None = None) -> Client:
        """A user by address or id, signed in, acting in `tenant` where it has several."""
        user_id = who if isinstance(who, UUID) else await self.user_id(who)
        async with self.session() as session:
            session_id = await factories.signed_in(session, user_id, expires_at=self.clock() + timedelta(days=30))
        token, _ = await self.sign_in.tokens.issue(Claims(user_id, session_id))
        return Client(self.http, token, tenant)

    async def as_temporary(self, account_id: UUID, agent_id: UUID) -> Client:
        """A temporary support account, with the agent behind it."""
        async with self.session() as session:
            account = (
                await session.execute(select(TemporarySupportAccount).where(TemporarySupportAccount.id == account_id))
            ).scalar_one()
            session_id = await factories.signed_in(session, agent_id, expires_at=self.clock() + timedelta(days=30))
        claims = Claims(agent_id, session_id, account.id, account.tenant_id)
        token, _ = await self.sign_in.tokens.issue(claims, not_after=account.expires_at)
        return Client(self.http, token)

    def with_token(self, token: str, tenant: UUID | str | None = None) -> Client:
        """Whoever the token is for: an API token's principal, or somebody whose token was made by hand."""
        return Client(self.http, token, tenant)

    async def user_id(self, email: str) -> UUID:
        """The id of an account."""
        async with self.session() as session:
            return (await session.execute(select(User.id).where(User.email == email))).scalar_one()

    async def clean(self) -> None:
        """Empty every table, and set the clock to now."""
        await self.snapshots.clean()
        await asyncio.to_thread(_empty, Path(self.objects))
        self.clock.now = datetime.now(UTC)

    async def load(self, name: str, make: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Rows by their name: what `make` adds, copied from the second time on."""

        async def made() -> T:
            async with self.session() as session:
                return await make(session)

        return await self.snapshots.load(name, made)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        shutil.rmtree(each)


@asynccontextmanager
async def running(database: postgres.Database, **configured: Any) -> AsyncIterator[Running]:
    """The application on a database; `configured` are settings by their names."""
    objects = tempfile.TemporaryDirectory(prefix=f"{postgres.PREFIX}-objects-")
    given = {
        "database_url": SecretStr(database.application_url),
        "secret_key": SecretStr(SECRET),
        "object_store_url": Path(objects.name).as_uri(),
    }
    clock = Clock()
    app = application(Settings().model_copy(update=given | configured), clock)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bailiwick.example") as http:
        served = Running(app, http, clock, database, objects.name)
        yield served
    await served.snapshots.close()
    await app.state.database.close()
    objects.cleanup()
