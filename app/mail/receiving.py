"""A reply by mail becomes a message, if its sender is who it says, may reply, and is a person (spec 3, 32).

What is refused is noted, and answered only to somebody who has proved their address and writes to one that was given to
them: any other answer would go to whoever was forged, or round in a circle.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import Clock, utc_now
from app.mail.parsing import UnreadableError
from app.mail.reading import Read, read
from authz.actor import Actor
from authz.errors import ForbiddenError, NotFoundError
from authz.gate import Gate
from domain import tables  # noqa: F401 - all of them, for the references between them
from domain.errors import RefusedError
from domain.mail.answers import MOST_IN_AN_HOUR as MOST_ANSWERS
from domain.mail.answers import answered, write_back
from domain.mail.files import Intake
from domain.mail.inbound import MOST_IN_AN_HOUR, Letter, account_of, known, note, recent, stated, take_in
from domain.mail.model import InboundOutcome
from domain.mail.threads import Threads
from domain.support.uploads import Uploads
from domain.tenants.principals import actors_of
from domain.tickets.model import Ticket
from domain.tickets.uploads import scan_uploads
from tenancy.database import Database
from tenancy.scope import SIGN_IN, WORKER

ONCE: Final = "uq_inbound_mail_accepted"
ALREADY: Final = "It was taken in already."
log = structlog.get_logger()


class RefusedMailError(Exception):
    """It becomes nothing; the message says why. `told` is what its sender is told of it: None for nothing."""

    def __init__(self, reason: str, told: str | None = None) -> None:
        super().__init__(reason)
        self.told = told


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes mail in. `authserv_id` is the name under which the mail server tells what it found out about senders."""

    database: Database
    threads: Threads
    own_address: str
    uploads: Uploads
    authserv_id: str | None = None
    clock: Clock = utc_now

    async def receive(self, raw: bytes, *recipients: str) -> InboundOutcome:
        """Take one mail in, or refuse it; either is noted."""
        mail: Read | None = None
        ticket_id: UUID | None = None
        try:
            mail = read(raw, *recipients)
            ticket_id = self._checked(mail)
            await self._take_in(mail, ticket_id)
        except (UnreadableError, RefusedMailError) as error:
            await self._refuse(mail, ticket_id, error)
            return InboundOutcome.REFUSED
        return InboundOutcome.ACCEPTED

    async def _take_in(self, mail: Read, ticket_id: UUID) -> None:
        actors = await self._actors(mail)
        problem = mail.problem or (None if mail.body or mail.files else "Nothing was written in it.")
        if problem:
            raise RefusedMailError(problem, problem)
        letter = await self._letter(mail, ticket_id)
        for actor in actors:
            try:
                await self._reply(actor, letter, mail)
            except (ForbiddenError, NotFoundError):
                continue
            except asyncpg.UniqueViolationError as error:
                if error.constraint_name != ONCE:
                    raise
                raise RefusedMailError(ALREADY) from None
            except RefusedError as error:
                raise RefusedMailError(str(error), " ".join(each.message for each in error.problems)) from None
            return
        raise RefusedMailError("Its sender cannot see the ticket, or not reply to it.")

    async def _reply(self, actor: Actor, letter: Letter, mail: Read) -> None:
        async with self._intake(mail) as intake, self.database.writing(actor.scope) as session:
            await take_in(Gate(actor, session), session, letter, intake, actor.now)
        if intake.ids:
            await scan_uploads(self.database, self.uploads, actor.now, intake.ids)

    @asynccontextmanager
    async def _intake(self, mail: Read) -> AsyncIterator[Intake]:
        """The mail's files; nothing stays of them where nothing comes of it."""
        intake = Intake(self.uploads, mail.files)
        try:
            yield intake
        except BaseException:
            await intake.discard()
            raise

    def _checked(self, mail: Read) -> UUID:
        """The ticket that it is about, if nothing in the mail's headers speaks against it."""
        own = (self.own_address.lower(), (self.threads.replies_to or "").lower())
        if mail.automatic or self.threads.is_ours(mail.name) or mail.sender in own:
            raise RefusedMailError("It was written by a program.")
        self._check_authentication(mail)
        found = (self.threads.ticket_of(address, mail.sender) for address in mail.recipients)
        ticket_id = next(filter(None, found), None)
        if ticket_id is None:
            raise RefusedMailError("It is for no address that was given to its sender.")
        return ticket_id

    def _check_authentication(self, mail: Read) -> None:
        """What the mail server found out: it strips what others wrote in its name, and its own result is on top."""
        if self.authserv_id is None:
            return
        results = [str(value) for value in mail.mail.get_all("Authentication-Results", [])]
        ours = next((one for one in results if one.split(";")[0].split()[:1] == [self.authserv_id]), "").lower()
        domain = rf"{re.escape(mail.sender.rpartition('@')[2])}(?![\w.-])"
        if not re.search(rf"\bdmarc=pass\b[^;]*\bheader\.from={domain}|\bdkim=pass\b[^;]*\bheader\.d={domain}", ours):
            raise RefusedMailError("Its sender is not proved: neither DMARC nor DKIM passed.")

    async def _actors(self, mail: Read) -> list[Actor]:
        """The sender in each tenant where they act; raises where nobody has proved the address, or too much came."""
        now = self.clock()
        async with self.database.reading(WORKER) as session:
            if (await session.execute(known(mail.name))).first():
                raise RefusedMailError(ALREADY)
            if (await session.execute(recent(mail.sender, now))).scalar_one() >= MOST_IN_AN_HOUR:
                raise RefusedMailError("Too much mail came from this address in an hour.")
        async with self.database.reading(SIGN_IN) as session:
            account = (await session.execute(account_of(mail.sender))).scalar_one_or_none()
        if account is None:
            raise RefusedMailError("No account has proved the sender's address.")
        return await actors_of(self.database, account, now, request_id=mail.name)

    async def _letter(self, mail: Read, ticket_id: UUID) -> Letter:
        """What becomes a message, with what was agreed to by writing it."""
        named = list(filter(None, map(self.threads.delivery_of, mail.answers)))
        async with self.database.reading(WORKER) as session:
            agreed = (await session.execute(stated(named, mail.sender, ticket_id))).scalar_one_or_none()
            often = await self._often(session, mail, ticket_id)
        return Letter(mail.name, mail.sender, mail.body, ticket_id, agreed, told=often < MOST_ANSWERS)

    async def _often(self, session: AsyncSession, mail: Read, ticket_id: UUID) -> int:
        return (await session.execute(answered(ticket_id, mail.sender, self.clock()))).scalar_one()

    async def _refuse(self, mail: Read | None, ticket_id: UUID | None, error: Exception) -> None:
        """Note it, and tell its sender where that is somebody who may know."""
        reason, now = str(error), self.clock()
        seen = {"sender": mail.sender, "message_id": mail.name, "ticket_id": ticket_id} if mail else {}
        told = error.told if isinstance(error, RefusedMailError) else None
        async with self.database.writing(WORKER) as session:
            ticket = await session.get(Ticket, ticket_id) if told else None
            if mail and ticket and (await self._often(session, mail, ticket.id)) < MOST_ANSWERS:
                write_back(session, ticket, mail.sender, problem=told)
            note(session, InboundOutcome.REFUSED, reason, now, **seen)
        log.warning("mail refused", reason=reason, **{name: str(value) for name, value in seen.items()})
