"""`/account/password`: where a mailed link leads, to set a password without a client (C5, C15).

Opening it uses nothing up: programs that look at mail follow links. It needs no script, asks nobody else for anything,
tells nobody where it was, and is kept by no cache. There is no cookie for another site's form to use.
"""

from functools import partial
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.http.errors import HttpError
from app.http.record import RequestRecord
from app.mail.account_links import PAGE
from app.pages import Pages
from app.settings import Settings
from app.sign_in.callers import address_of
from app.sign_in.errors import OAuthError
from app.sign_in.parameters import read_parameters
from authz.gate import Gate
from domain.errors import RefusedError
from domain.tenants import password_setting
from domain.tenants.account_tokens import hash_of
from domain.tenants.visitors import Visitors

FOLDER: Final = Path(__file__).parent / "pages"


class AccountPages:
    """Shows the form, and takes it."""

    def __init__(self, settings: Settings, visitors: Visitors) -> None:
        self._settings = settings
        self._visitors = visitors
        self._pages = Pages(FOLDER, "form-action 'self'", **{"Referrer-Policy": "no-referrer"})

    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PAGE, self.form, methods=["GET"]), Route(PAGE, self.taken, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        """The form for the link's token."""
        return self._pages.page("password.html", token=request.query_params.get("token", ""), problems=[])

    async def taken(self, request: Request) -> Response:
        """Set the password, or say what is wrong with it."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return self._pages.page("password.html", 403, token="", problems=["Open the link in your mail."])
        try:
            given = await read_parameters(request, self._settings)
        except (OAuthError, HttpError):
            return self._pages.page("password.html", 400, token="", problems=["The form could not be read."])
        token = given.get("token", "")
        try:
            await self._set(request, token, given.get("password", ""))
        except RefusedError as refusal:
            problems = [problem.message for problem in refusal.problems]
            return self._pages.page("password.html", 422, token=token, problems=problems)
        return self._pages.page("done.html")

    async def _set(self, request: Request, token: str, password: str) -> None:
        """As `accountPasswordSet` does."""
        seen = {"ip_address": address_of(request), "request_id": RequestRecord.of(request.scope).request_id}
        actor = await self._visitors.actor(hash_of(token), **seen)
        check = partial(password_setting.check, token=token, password=password)
        async with self._visitors.database.writing(actor.scope) as session:
            problems = await check(Gate(actor, session))
        problems.refuse_if_any()
        hashed = await self._visitors.passwords.hash(password)
        async with self._visitors.database.writing(actor.scope) as session:
            await password_setting.set_password(Gate(actor, session), token, hashed)
