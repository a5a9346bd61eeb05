"""The HTTP side of signing in: `/auth/token`, `/auth/revoke` and `/.well-known/jwks.json`."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.http.errors import HttpError
from app.settings import Settings
from app.sign_in.callers import address_of, bearer
from app.sign_in.errors import OAuthError
from app.sign_in.grants import EXCHANGE, Grants, required
from app.sign_in.keyring import Keyring
from app.sign_in.parameters import read_parameters
from authz.errors import UnauthenticatedError

NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
USER_AGENT_LENGTH = 200


class SignInRoutes:
    """Translates between HTTP and the grants."""

    def __init__(self, settings: Settings, grants: Grants, keyring: Keyring) -> None:
        self._settings = settings
        self._grants = grants
        self._keyring = keyring
        self._by_type = {
            "password": grants.password,
            "refresh_token": grants.refresh_token,
            EXCHANGE: grants.exchange,
        }

    def routes(self) -> list[BaseRoute]:
        """The routes for the application."""
        return [
            Route("/auth/token", self.token, methods=["POST"]),
            Route("/auth/revoke", self.revoke, methods=["POST"]),
            Route("/.well-known/jwks.json", self.jwks, methods=["GET"]),
        ]

    async def token(self, request: Request) -> Response:
        """Tokens for a grant (RFC 6749, 5)."""
        try:
            given = await read_parameters(request, self._settings)
            grant = self._by_type.get(required(given, "grant_type"))
            if grant is None:
                known = ", ".join(self._by_type)
                raise OAuthError("unsupported_grant_type", f"grant_type is one of {known}.")  # noqa: TRY301 - answered below
            agent = request.headers.get("user-agent", "")[:USER_AGENT_LENGTH] or None
            return JSONResponse(await grant(given, address_of(request), agent), headers=NOT_STORED)
        except (OAuthError, HttpError, ClientDisconnect) as error:
            return refusal(error)

    async def revoke(self, request: Request) -> Response:
        """Sign out with a refresh or access token, as `token` or in `Authorization` (RFC 7009)."""
        try:
            given = await read_parameters(request, self._settings)
            token = given.get("token") or bearer(request) or required(given, "token")
            await self._grants.revoke(token)
        except (OAuthError, HttpError, ClientDisconnect) as error:
            return refusal(error)
        except UnauthenticatedError as error:
            return refusal(OAuthError("invalid_request", error.message))
        return JSONResponse({}, headers=NOT_STORED)

    async def jwks(self, _request: Request) -> Response:
        """The public keys of access tokens (RFC 7517)."""
        keys = await self._keyring.public_keys()
        return JSONResponse({"keys": keys}, headers={"Cache-Control": "max-age=300"})


def refusal(error: OAuthError | HttpError | ClientDisconnect) -> Response:
    """The refusal as OAuth 2.0 has it (RFC 6749, 5.2)."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=400)
    if isinstance(error, HttpError):
        error = OAuthError("invalid_request", error.message, error.status)
    waiting = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    body = {"error": error.code, "error_description": error.description}
    return JSONResponse(body, error.status, headers=NOT_STORED | waiting)
