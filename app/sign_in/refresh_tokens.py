"""Refresh tokens: the session's id, a random part, and our tag over both.

The tag tells a token that was used before from one that somebody made up: the first ends the session, since it is in
two hands (RFC 9700, 4.14); the second is simply wrong.
"""

import base64
import binascii
import hmac
import secrets
from typing import Final
from uuid import UUID

from app.sign_in.secrets import SECRET_BYTES, derived_key, tag

PREFIX: Final = "bwr_"
KEY_BYTES: Final = 16
TAG_BYTES: Final = 32


class RefreshTokens:
    """Makes and reads them."""

    def __init__(self, secret_key: str) -> None:
        self._key = derived_key(secret_key, "refresh tokens")

    def make(self, session_id: UUID) -> str:
        """A new token of a session; store its digest."""
        body = session_id.bytes + secrets.token_bytes(SECRET_BYTES)
        return PREFIX + base64.urlsafe_b64encode(body + tag(self._key, body)).decode().rstrip("=")

    def session_of(self, token: str) -> UUID | None:
        """The session that we made `token` for, or None where we did not make it."""
        try:
            text = token.removeprefix(PREFIX).encode("ascii")
            made = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        body, given = made[:-TAG_BYTES], made[-TAG_BYTES:]
        right = len(body) == KEY_BYTES + SECRET_BYTES and hmac.compare_digest(given, tag(self._key, body))
        return UUID(bytes=body[:KEY_BYTES]) if right and token.startswith(PREFIX) else None
