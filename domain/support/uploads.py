"""Where files go and come from: the store, the scanner, and signed addresses of this server (A11; spec 3, 12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from authz.actor import Actor
from domain.support.objects import ObjectStore
from domain.support.permits import Bearer, Permit, Purpose, sign, verify
from domain.support.scanning import Scanner

LIFETIMES: Final = {
    Purpose.UPLOAD: timedelta(minutes=15),
    Purpose.DOWNLOAD: timedelta(minutes=5),
    Purpose.EXPORT: timedelta(minutes=5),
}
PATHS: Final = {Purpose.UPLOAD: "/uploads", Purpose.DOWNLOAD: "/downloads", Purpose.EXPORT: "/exports"}


@dataclass(frozen=True, slots=True)
class Uploads:
    """The store, the secret that signs addresses (32 bytes or more), the scanner if there is one, and the server's own
    address, if it is known."""

    store: ObjectStore
    secret: bytes
    scanner: Scanner | None = None
    base_url: str = ""

    def address(self, purpose: Purpose, file_id: UUID, actor: Actor) -> tuple[str, datetime]:
        """Where the actor can send or get a file, and until when; relative without a base.

        The token stands in the query, which no log keeps.
        """
        expires_at = (actor.now + LIFETIMES[purpose]).replace(microsecond=0)
        token = sign(purpose, Permit(file_id, Bearer.of(actor)), expires_at, self.secret)
        return f"{self.base_url}{PATHS[purpose]}?token={token}", expires_at

    def permit(self, purpose: Purpose, token: str, now: datetime) -> Permit:
        """What a token of such an address allows; raises InvalidPermitError."""
        return verify(purpose, token, now, self.secret)
