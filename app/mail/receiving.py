"""A reply by mail becomes a message, if its sender is who it says, may reply, and is a person (spec 3, 32).

What is refused is noted and not answered: an answer would go to whoever was forged, or round in a circle.
"""

import re
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError

from app.clock import Clock, utc_now
from app.mail.reading import Read, UnreadableError, read
from authz.actor import Actor
from authz.errors import ForbiddenError, NotFoundError
from authz.gate import Gate
from domain import tables  # noqa: F401 - all of them, for the references between them
from domain.errors import RefusedError
from domain.mail.inbound import MOST_IN_AN_HOUR, Letter, account_of, known, note, recent, take_in
from domain.mail.model import InboundOutcome
from domain.mail.threads import Threads
from domain.tenants.principals import actors_of
from tenancy.database import Database
from tenancy.scope import SIGN_IN, WORKER

log = structlog.get_logger()


class RefusedMailError(Exception):
    """It becomes nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes mail in. `authserv_id` is the name under which the mail server tells what it found out about senders."""

    database: Database
    threads: Threads
    own_address: str
    authserv_id: str | None = None
    clock: Clock = utc_now

    async def receive(self, raw: bytes, *recipients: str) -> InboundOutcome:
        """Take one mail in, or refuse it; either is noted."""
        mail: Read | None = None
        try:
            mail = read(raw, *recipients)
            await self._take_in(mail)
        except (UnreadableError, RefusedMailError) as error:
            await self._refuse(mail, str(error))
            return InboundOutcome.REFUSED
        return InboundOutcome.ACCEPTED

    async def _take_in(self, mail: Read) -> None:
        ticket_id = self._checked(mail)
        letter = Letter(mail.name, mail.sender, mail.body, ticket_id)
        reason = f"Its {mail.files} files were left out: they need the privacy agreement." if mail.files else ""
        problem = "Its sender cannot see the ticket, or not reply to it."
        for actor in await self._actors(mail):
            try:
                async with self.database.writing(actor.scope) as session:
                    await take_in(Gate(actor, session), session, letter, actor.now, reason)
            except (ForbiddenError, NotFoundError):
                continue
            except IntegrityError:
                problem = "It was taken in already."
            except RefusedError as error:
                problem = str(error)
            else:
                return
            break
        raise RefusedMailError(problem)

    def _checked(self, mail: Read) -> UUID:
        """The ticket that it is about, if nothing in the mail itself speaks against it."""
        own = (self.own_address.lower(), (self.threads.replies_to or "").lower())
        if mail.automatic or self.threads.is_ours(mail.name) or mail.sender in own:
            raise RefusedMailError("It was written by a program.")
        self._check_authentication(mail)
        found = (self.threads.ticket_of(address, mail.sender) for address in mail.recipients)
        ticket_id = next(filter(None, found), None)
        if ticket_id is None:
            raise RefusedMailError("It is for no address that was given to its sender.")
        if not mail.body:
            raise RefusedMailError("Nothing was written in it.")
        return ticket_id

    def _check_authentication(self, mail: Read) -> None:
        """What the mail server found out: it strips what others wrote in its name, and its own result is on top."""
        if self.authserv_id is None:
            return
        results = [str(value) for value in mail.mail.get_all("Authentication-Results", [])]
        ours = next((one for one in results if one.split(";")[0].split()[:1] == [self.authserv_id]), "").lower()
        domain = re.escape(mail.sender.rpartition("@")[2])
        if not re.search(rf"\bdmarc=pass\b|\bdkim=pass\b[^;]*\bheader\.d={domain}(?![\w.-])", ours):
            raise RefusedMailError("Its sender is not proved: neither DMARC nor DKIM passed.")

    async def _actors(self, mail: Read) -> list[Actor]:
        """The sender in each tenant where they act; raises where nobody has proved the address, or too much came."""
        now = self.clock()
        async with self.database.reading(WORKER) as session:
            if (await session.execute(known(mail.name))).first():
                raise RefusedMailError("It was taken in already.")
            if (await session.execute(recent(mail.sender, now))).scalar_one() >= MOST_IN_AN_HOUR:
                raise RefusedMailError("Too much mail came from this address in an hour.")
        async with self.database.reading(SIGN_IN) as session:
            account = (await session.execute(account_of(mail.sender))).scalar_one_or_none()
            if account is None:
                raise RefusedMailError("No account has proved the sender's address.")
            return await actors_of(session, account, now, request_id=mail.name)

    async def _refuse(self, mail: Read | None, reason: str) -> None:
        seen = {"sender": mail.sender, "message_id": mail.name} if mail else {}
        async with self.database.writing(WORKER) as session:
            note(session, InboundOutcome.REFUSED, reason, self.clock(), **seen)
        log.warning("mail refused", reason=reason, **seen)
