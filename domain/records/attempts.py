"""Counting attempts at something that could be guessed, in windows of time, across tenants."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Mapped, mapped_column

from authz.grant import Grant
from authz.powers import Powers
from domain.base import Base

WINDOW = timedelta(minutes=15)


class AttemptCounter(Base):
    """How often something was attempted since the window began; `subject` is a digest of what is counted."""

    __tablename__ = "attempt_counter"

    subject: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    began_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Nobody: the database counts."""
        return false()


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts of one kind; `limits` says how many are allowed in a window, by what is counted (`user:…`)."""

    kind: str
    limits: Mapping[str, int]

    async def count(self, grant: Grant) -> bool:
        """Count one attempt; whether it is within all limits. What is beyond them counts, too."""
        counted = await self._change(grant, 1)
        return all(number <= limit for number, limit in zip(counted, self.limits.values(), strict=True))

    async def take_back(self, grant: Grant) -> None:
        """The attempt succeeded: only failures count."""
        await self._change(grant, -1)

    async def _change(self, grant: Grant, change: int) -> list[int]:
        subjects = [hashlib.sha256(f"{self.kind}:{name}".encode()).hexdigest() for name in self.limits]
        seconds = int(WINDOW.total_seconds())
        counted = await grant.run(select(func.count_attempts(subjects, grant.now, seconds, change)))
        return list(counted.scalar_one())
