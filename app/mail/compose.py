"""From a row of `domain.mail.letters.letter` to a mail."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Self
from uuid import UUID

from app.mail.account_links import AccountLinks
from app.mail.content import Content, Templates
from app.settings import Settings
from domain.mail.recipients import Told, answerable
from domain.mail.threads import Threads
from domain.support.contact import ascii_address

DEMO_SENDER = "Bailiwick <support@bailiwick.example>"
POLICY = SMTP.clone(cte_type="7bit")  # every mail server takes it, and so it is kept as text


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes mails in the name of one installation."""

    sender: Address
    threads: Threads
    portal_url: str | None
    templates: Templates
    links: AccountLinks

    @classmethod
    def of(cls, settings: Settings, secret: str) -> Self:
        """As it is configured."""
        threads = threads_of(settings, secret)
        return cls(sender_of(settings), threads, settings.portal_url, Templates(), AccountLinks.of(settings, secret))

    def compose(
        self, key: UUID, to: str, template: str, row: Any, told: Told, at: datetime, **more: Any
    ) -> EmailMessage:
        """The mail, with `more` values for its template; raises `NoTemplateError`."""
        answers = row.ticket_id and told is Told.ALL and answerable(row)
        reply_to = self.threads.reply_address(row.ticket_id, to) if answers else None
        values = {
            "full": told is Told.ALL,
            "body": row.body,
            "link": self._link(row.payload),
            "answerable": reply_to is not None,
            "agreement": {"version": row.agreement_version, "url": row.agreement_url},
            **row.payload,
            **more,
        }
        language = next(filter(None, (*(row.languages or ()), row.payload.get("language"))), None)
        mail = self._addressed(key, to, self.templates.render(template, language, values), at)
        if row.ticket_id:
            mail["In-Reply-To"] = mail["References"] = self.threads.thread_id(row.ticket_id)
        if reply_to:
            mail["Reply-To"] = reply_to
        return mail

    def _addressed(self, key: UUID, to: str, content: Content, at: datetime) -> EmailMessage:
        mail = EmailMessage(policy=POLICY)
        mail["Message-ID"] = self.threads.message_id(key)
        mail["Date"] = format_datetime(at)
        mail["From"] = self.sender
        mail["To"] = Address(addr_spec=ascii_address(to))
        mail["Subject"] = content.subject
        # Nobody's absence note is to come back (RFC 3834, and what Exchange reads).
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(content.text)
        mail.add_alternative(content.html, subtype="html")
        return mail

    def _link(self, payload: dict[str, Any]) -> str | None:
        if self.portal_url is None or "number" not in payload:
            return None
        return f"{self.portal_url.rstrip('/')}/tickets/{payload['number']}"


def sender_of(settings: Settings) -> Address:
    """Who writes."""
    name, address = parseaddr(settings.mail_from or DEMO_SENDER)
    return Address(name, addr_spec=address)


def threads_of(settings: Settings, secret: str) -> Threads:
    """The names and addresses of conversations; their seals have a key of their own."""
    key = hmac.digest(secret.encode(), b"replies by mail", "sha256")
    replies_to = parseaddr(settings.mail_reply_to)[1] if settings.mail_reply_to else None
    return Threads(sender_of(settings).domain, key, replies_to)
