"""Passwords: argon2id, hashed anew as its cost grows; in threads, a few at a time, since each takes 64 MiB."""

import asyncio
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import ErrorCode, Problems

AT_ONCE: Final = 4
SHORTEST: Final = 12
LONGEST: Final = 1024
FEWEST_DIFFERENT: Final = 5


def check_password(password: str, problems: Problems, *path: str, email: str | None = None) -> None:
    """What a new password must be; a long one of any characters is better than rules about them (NIST SP 800-63B).

    It is not the address `email` that it goes with, which whoever guesses begins with.
    """
    if not password:
        problems.add(ErrorCode.REQUIRED, "Choose a password.", *path)
    elif len(password) > LONGEST:
        message = f"The password has {len(password)} characters; at most {LONGEST} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path)
    elif len(password) < SHORTEST:
        problems.add(ErrorCode.OUT_OF_RANGE, f"A password has {SHORTEST} characters or more.", *path)
    elif len({*password}) < FEWEST_DIFFERENT:
        message = f"A password has {FEWEST_DIFFERENT} different characters or more."
        problems.add(ErrorCode.OUT_OF_RANGE, message, *path)
    elif email and password.casefold() == email.casefold():
        problems.add(ErrorCode.OUT_OF_RANGE, "A password is something else than your address.", *path)


class Passwords:
    """Hashes and verifies; whether there is anything to verify against does not show in the time it takes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = asyncio.Lock()
        self._nobodys_hash: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one of `stored`; None, an account without one, takes as long and is never right."""
        nobodys = await self._hash_of_nobody()
        async with self._turns:
            matches = await asyncio.to_thread(self._matches, stored or nobodys, password)
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return len(password) <= LONGEST and self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _hash_of_nobody(self) -> str:
        async with self._nobodys:
            if self._nobodys_hash is None:
                self._nobodys_hash = await self.hash(secrets.token_urlsafe())
            return self._nobodys_hash
