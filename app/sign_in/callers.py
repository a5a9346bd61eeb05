"""Who sends a request: nobody in particular, or one actor in one tenant (AMB-34)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from starlette.requests import Request

from app.clock import Clock
from app.http.headers import header
from app.http.record import RequestRecord
from app.sign_in.access_tokens import AccessTokens
from app.sign_in.secrets import API_TOKEN_PREFIX, digest
from authz.actor import Actor
from authz.errors import UnauthenticatedError
from domain.tenants.credentials import ApiToken, SignInSession
from domain.tenants.machines import api_token_row, service_actor
from domain.tenants.principals import user_actor
from domain.tickets.temporary_access import temporary_actor
from execution.ids import decode_as
from tenancy.database import Database
from tenancy.scope import SIGN_IN

TENANT_HEADER: Final = b"bailiwick-tenant"
USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where from."""

    actor: Actor | None
    address: str

    @property
    def rate_limit_key(self) -> str:
        """One budget for each principal in each tenant; without credentials, for each address."""
        actor = self.actor
        if actor is None:
            return f"address:{self.address}"
        return f"{actor.principal}:{actor.user_id.hex}:{actor.tenant_id.hex}"


def address_of(request: Request) -> str:
    """The address that the request came from."""
    client = request.scope.get("client")
    return str(client[0]) if client else "unknown"


class Authentication:
    """Reads `Authorization: Bearer …` and `Bailiwick-Tenant`; without credentials the caller is anonymous."""

    def __init__(self, database: Database, tokens: AccessTokens, clock: Clock) -> None:
        self._database = database
        self._tokens = tokens
        self._clock = clock

    async def __call__(self, request: Request) -> Caller:
        """The caller of a request; raises `UnauthenticatedError` for credentials that are not right."""
        address = address_of(request)
        credential = bearer(request)
        if credential is None:
            return Caller(None, address)
        named = header(request.scope, TENANT_HEADER)
        chosen = decode_as("tenant", named) if named is not None else None
        seen = {"ip_address": address, "request_id": RequestRecord.of(request.scope).request_id}
        return Caller(await self.actor(credential, chosen, **seen), address)

    async def seconds_left(self, request: Request) -> float | None:
        """For how long the credentials of a request are good, if nobody revokes them; None without any."""
        credential = bearer(request)
        if credential is None:
            return None
        if credential.startswith(API_TOKEN_PREFIX):
            ends_at = await self._ends_at(ApiToken, ApiToken.token_hash == digest(credential))
        else:
            claims, token_ends_at = await self._tokens.verify(credential), await self._tokens.ends_at(credential)
            ends_at = await self._ends_at(SignInSession, SignInSession.id == claims.session_id)
            ends_at = min(token_ends_at, ends_at or token_ends_at)
        return 0.0 if ends_at is None else max((ends_at - self._clock()).total_seconds(), 0.0)

    async def _ends_at(self, model: Any, condition: ColumnElement[bool]) -> datetime | None:
        async with self._database.reading(SIGN_IN) as session:
            found: datetime | None = (await session.execute(select(model.expires_at).where(condition))).scalar()
        return found

    async def actor(self, credential: str, chosen: UUID | None = None, **seen: Any) -> Actor:
        """The actor that a token stands for."""
        if credential.startswith(API_TOKEN_PREFIX):
            return await self._machine(credential, chosen, seen)
        return await self._person(credential, chosen, seen)

    async def _person(self, token: str, chosen: UUID | None, seen: dict[str, Any]) -> Actor:
        claims = await self._tokens.verify(token)
        now = self._clock()
        if claims.account_id is None or claims.tenant_id is None:
            return await user_actor(self._database, claims.session_id, claims.user_id, chosen, now, **seen)
        return await temporary_actor(
            self._database,
            account_id=claims.account_id,
            tenant_id=claims.tenant_id,
            session_id=claims.session_id,
            user_id=claims.user_id,
            chosen=chosen,
            now=now,
            **seen,
        )

    async def _machine(self, token: str, chosen: UUID | None, seen: dict[str, Any]) -> Actor:
        now = self._clock()
        row = await api_token_row(self._database, digest(token), now, seen.get("ip_address"))
        actor = service_actor(row, chosen, now, **seen)
        last = row["last_used_at"]
        if last is None or last < now - USE_NOTED_EVERY:
            await self._note_use(UUID(row["token_id"]), now)
        return actor

    async def _note_use(self, token_id: UUID, now: datetime) -> None:
        async with self._database.writing(SIGN_IN) as session:
            await session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def bearer(request: Request) -> str | None:
    """The bearer token of a request, or None; raises `UnauthenticatedError` for any other scheme."""
    authorization = header(request.scope, b"authorization")
    if authorization is None:
        return None
    scheme, _, credential = authorization.partition(" ")
    if scheme.lower() != "bearer" or not credential.strip():
        raise UnauthenticatedError("Send `Authorization: Bearer` with an access token or an API token.")
    return credential.strip()
