"""Who stands behind a signed address: the actor of that access at this instant, if there still is one (spec 3, 12)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from starlette.requests import Request

from app.clock import Clock
from app.http.record import RequestRecord
from app.sign_in.callers import Authentication, address_of
from authz.actor import Actor
from authz.errors import UnauthenticatedError
from authz.powers import PrincipalKind
from domain.support.permits import Bearer, InvalidPermitError, Permit, Purpose
from domain.support.uploads import Uploads
from domain.tenants.credentials import ApiToken
from domain.tenants.machines import api_token_row, service_actor
from domain.tenants.principals import user_actor
from domain.tickets.temporary_access import temporary_actor
from execution.errors import PublicError
from tenancy.database import Database
from tenancy.scope import SIGN_IN

OVER: Final = "This address is not good, or not any more: ask for a new one."


class AddressError(PublicError):
    """The address is forged, over, for something else, or for somebody else."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__(OVER)


class Bearers:
    """Looks at an address as sign-in looks at a token: each time, in full."""

    def __init__(self, database: Database, uploads: Uploads, authentication: Authentication, clock: Clock) -> None:
        self._database = database
        self._uploads = uploads
        self._authentication = authentication
        self._clock = clock

    async def __call__(self, request: Request, purpose: Purpose) -> tuple[Actor, UUID]:
        """The actor and the file of a request; raises `AddressError`."""
        permit = self._permit(request, purpose)
        seen = {"ip_address": address_of(request), "request_id": RequestRecord.of(request.scope).request_id}
        try:
            actor = await self._actor(permit.bearer, **seen)
        except PublicError as error:
            raise AddressError from error
        await self._check_sender(request, actor)
        return actor, permit.file_id

    def _permit(self, request: Request, purpose: Purpose) -> Permit:
        try:
            return self._uploads.permit(purpose, request.query_params.get("token", ""), self._clock())
        except InvalidPermitError as error:
            raise AddressError from error

    async def _check_sender(self, request: Request, actor: Actor) -> None:
        """An address needs no credentials beside it; with those of somebody else it has gone astray."""
        if "authorization" not in request.headers:
            return
        sender = (await self._authentication(request)).actor
        if sender is None or (sender.user_id, sender.tenant_id) != (actor.user_id, actor.tenant_id):
            raise AddressError

    async def _actor(self, bearer: Bearer, **seen: Any) -> Actor:
        now, session, credential = self._clock(), bearer.session_id, bearer.credential_id
        if bearer.principal is PrincipalKind.SERVICE_PRINCIPAL and credential is not None:
            row = await api_token_row(self._database, await self._token_hash(credential), now, seen.get("ip_address"))
            return service_actor(row, bearer.tenant_id, now, **seen)
        if session is None:
            raise UnauthenticatedError
        if bearer.principal is PrincipalKind.USER:
            return await user_actor(self._database, session, bearer.user_id, bearer.tenant_id, now, **seen)
        if credential is None:
            raise UnauthenticatedError
        return await temporary_actor(
            self._database,
            account_id=credential,
            tenant_id=bearer.tenant_id,
            session_id=session,
            user_id=bearer.user_id,
            chosen=bearer.tenant_id,
            now=now,
            **seen,
        )

    async def _token_hash(self, token_id: UUID) -> str:
        async with self._database.reading(SIGN_IN) as session:
            found = await session.execute(select(ApiToken.token_hash).where(ApiToken.id == token_id))
            return found.scalar() or ""
