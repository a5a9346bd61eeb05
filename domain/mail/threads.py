"""Which conversation a mail belongs to: names of mails, and addresses that only one person can answer to.

An address for replies is `local+token@domain`. Its token names the ticket and is sealed for the address that the mail
went to, so that it is worth nothing to anybody who writes from another one.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

SEAL = 10
"""Bytes of the seal: a guess is right once in 2^80, and an address's local part has room for 64 characters."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Names and addresses of one installation.

    `domain` is that of its sender's address, `secret` the key of the seals. Without `replies_to` nobody answers by
    mail.
    """

    domain: str
    secret: bytes
    replies_to: str | None = None

    def message_id(self, delivery_id: UUID) -> str:
        """The name of a mail: the same at every attempt, so that mailboxes know a second copy."""
        return f"<{delivery_id.hex}@{self.domain}>"

    def thread_id(self, ticket_id: UUID) -> str:
        """The name to which all mails about a ticket answer."""
        return f"<ticket.{ticket_id.hex}@{self.domain}>"

    def delivery_of(self, message_id: str) -> UUID | None:
        """The delivery whose mail has this name; None where it is none of them."""
        local, _, domain = message_id.strip("<> ").partition("@")
        try:
            return UUID(hex=local) if len(local) == 32 and domain.lower() == self.domain.lower() else None
        except ValueError:
            return None

    def is_ours(self, message_id: str) -> bool:
        """Whether a mail of this name was sent from here."""
        return message_id.strip().rstrip(">").lower().endswith(f"@{self.domain.lower()}")

    def reply_address(self, ticket_id: UUID, recipient: str) -> str | None:
        """Where `recipient` answers about the ticket."""
        if self.replies_to is None:
            return None
        local, _, domain = self.replies_to.partition("@")
        token = base64.b32encode(ticket_id.bytes + self._seal(ticket_id.bytes, recipient)).decode().rstrip("=").lower()
        return f"{local}+{token}@{domain}"

    def ticket_of(self, address: str, sender: str) -> UUID | None:
        """The ticket about which `sender` may write to `address`; None where the token is not theirs."""
        token = address.lower().partition("@")[0].rpartition("+")[2]
        try:
            key = base64.b32decode(token.upper() + "=" * (-len(token) % 8))[:16]
        except (binascii.Error, ValueError):
            return None
        ticket_id = UUID(bytes=key) if len(key) == 16 else None
        theirs = self.reply_address(ticket_id, sender) if ticket_id else None
        right = theirs is not None and hmac.compare_digest(theirs.lower().encode(), address.lower().encode())
        return ticket_id if right else None

    def _seal(self, ticket: bytes, address: str) -> bytes:
        return hmac.digest(self.secret, b"%b %b" % (ticket, address.lower().encode()), "sha256")[:SEAL]
