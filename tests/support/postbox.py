"""A real SMTP server that keeps what it is given, or refuses it as a test says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port

TAKEN = "250 taken"


class Postbox:
    """What came, in its order; `answers` are given one after another before everything is taken.

    `seconds` is how long each mail takes; `at_once` is the largest number of the same mail that came side by side.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.seconds = 0.0
        self.url = ""

    @property
    def ids(self) -> list[str]:
        """The names of what came."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def to(self, address: str) -> EmailMessage:
        """The only mail to an address."""
        [mail] = [mail for mail in self.mails if mail["To"] == address]
        return mail

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        await asyncio.sleep(self.seconds)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN:
            content = cast("bytes", envelope.content)
            self.mails.append(cast("EmailMessage", message_from_bytes(content, policy=cast("Any", default))))
        return answer


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A server on a free port, for a block."""
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    box.url = f"smtp://127.0.0.1:{port}"
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
