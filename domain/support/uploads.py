"""Where files go before they are attached to anything: one signed address for one object (A11)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.support.objects import ObjectStore, sign_upload

LIFETIME = timedelta(minutes=15)
PATH = "/uploads"


@dataclass(frozen=True, slots=True)
class Uploads:
    """The store, the secret that signs addresses (32 bytes or more), and the server's own address, if it is known."""

    store: ObjectStore
    secret: bytes
    base_url: str = ""

    def address(self, key: str, size_limit: int, now: datetime) -> tuple[str, datetime]:
        """To where an object of at most so many bytes can be PUT, and until when; relative without a base.

        The token stands in the query, which no log keeps.
        """
        expires_at = (now + LIFETIME).replace(microsecond=0)
        token = sign_upload(key, size_limit, expires_at, self.secret)
        return f"{self.base_url}{PATH}?token={token}", expires_at
