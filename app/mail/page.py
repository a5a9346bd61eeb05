"""`/mail`: the mail that the demo would have sent. There in demo mode alone, for whoever reaches the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from sqlalchemy import Select, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.pages import Pages, headers_of
from domain.mail.model import MailDelivery
from tenancy.database import Database
from tenancy.scope import WORKER

FOLDER: Final = Path(__file__).parent / "pages"
NEWEST: Final = 100
SHOWN: Final = ("From", "To", "Date", "Reply-To", "Message-ID", "In-Reply-To", "Auto-Submitted")
POLICY: Final = "frame-src 'self'; form-action 'none'"
# A mail's HTML runs nothing, loads nothing, and is of no origin.
POLICY_OF_MAIL: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail as the pages show it."""

    id: UUID
    mail: EmailMessage

    @classmethod
    def of(cls, key: UUID, text: str) -> Self:
        """From what was kept."""
        mail = message_from_string(text, policy=default)
        return cls(key, mail)

    @property
    def to(self) -> str:
        """Its recipient."""
        return str(self.mail["To"])

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.mail["Subject"])

    @property
    def date(self) -> str:
        """When it was written."""
        return str(self.mail["Date"])

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Those that tell something."""
        return [(name, str(self.mail[name])) for name in SHOWN if name in self.mail]

    @property
    def text(self) -> str:
        """What it says, as text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """What it says, as HTML."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()) if part else ""


class MailPages:
    """Shows what the worker has kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = Pages(FOLDER, POLICY)

    def routes(self) -> list[Route]:
        """For the application."""
        return [
            Route("/mail", self.all),
            Route("/mail/{key:uuid}", self.one),
            Route("/mail/{key:uuid}/html", self.html),
        ]

    async def all(self, _request: Request) -> Response:
        """The newest mail first."""
        newest = self._kept().order_by(MailDelivery.ended_at.desc(), MailDelivery.id.desc()).limit(NEWEST)
        return self._pages.page("list.html", mails=await self._mails(newest))

    async def one(self, request: Request) -> Response:
        """One mail; 404 where it is not kept."""
        mail = await self._mail(request)
        return self._pages.page("one.html", mail=mail) if mail else _missing()

    async def html(self, request: Request) -> Response:
        """The HTML of one mail, for a frame that trusts nothing in it."""
        mail = await self._mail(request)
        return HTMLResponse(mail.html, headers=headers_of(POLICY_OF_MAIL)) if mail else _missing()

    async def _mail(self, request: Request) -> Kept | None:
        found = await self._mails(self._kept().where(MailDelivery.id == request.path_params["key"]))
        return found[0] if found else None

    async def _mails(self, statement: Select[UUID, str | None]) -> Sequence[Kept]:
        async with self._database.reading(WORKER) as session:
            return [Kept.of(key, text or "") for key, text in (await session.execute(statement)).all()]

    def _kept(self) -> Select[UUID, str | None]:
        return select(MailDelivery.id, MailDelivery.message).where(MailDelivery.message.is_not(None))


def _missing() -> Response:
    return PlainTextResponse("There is no such mail.", status_code=404)
