"""Slowing guesses down: each failure of an account or an address makes the next attempt wait longer, up to a limit.

An attempt counts as failed before its password is looked at, so that many at once are no way around; a success takes it
back. Nobody is locked out: an account's longest wait is short, and what is refused meanwhile does not prolong it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Interval, case, cast, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.tenants.credentials import SignInAttempt

FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` failures the next attempt waits a second, then two, four, … and `longest` seconds at most."""

    kind: str
    free: int
    longest: int

    def subject(self, name: str) -> str:
        """What is stored for a name: people type passwords where their address belongs."""
        return f"{self.kind}:{hashlib.sha256(name.encode(errors='replace')).hexdigest()}"

    def wait(self, failures: int) -> int:
        """Seconds that the next attempt waits after so many failures."""
        return 0 if failures < self.free else min(2 ** (failures - self.free), self.longest)


ACCOUNT: Final = Patience("account", free=5, longest=30)
ADDRESS: Final = Patience("address", free=20, longest=60)


class TooManyAttemptsError(Exception):
    """The next attempt is looked at in `retry_after` seconds, not before."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"wait {retry_after} seconds")
        self.retry_after = retry_after


async def count_attempt(session: AsyncSession, patience: Patience, name: str, now: datetime) -> None:
    """Count one attempt as failed, or raise `TooManyAttemptsError` and count nothing."""
    attempt = SignInAttempt
    subject = patience.subject(name)
    exponent = func.least(attempt.failures - patience.free, 20)
    seconds = func.least(func.power(2, exponent), patience.longest)
    wait = case((attempt.failures < patience.free, 0), else_=seconds) * cast(literal("1 second"), Interval)
    forgotten = attempt.last_failed_at <= now - FORGOTTEN_AFTER
    counted = (
        insert(attempt)
        .values(id=new_id(), subject=subject, failures=1, last_failed_at=now)
        .on_conflict_do_update(
            index_elements=[attempt.subject],
            set_={"failures": case((forgotten, 1), else_=attempt.failures + 1), "last_failed_at": now},
            where=or_(forgotten, attempt.last_failed_at + wait <= now),
        )
        .returning(attempt.failures)
    )
    if (await session.execute(counted)).first() is None:
        row = (await session.execute(select(attempt).where(attempt.subject == subject))).scalar_one()
        until = row.last_failed_at + timedelta(seconds=patience.wait(row.failures))
        raise TooManyAttemptsError(max(ceil((until - now).total_seconds()), 1))


async def take_back(session: AsyncSession, account: str, address: str) -> None:
    """The attempt succeeded: the account starts afresh; the address keeps its failures with other accounts."""
    attempt = SignInAttempt
    await session.execute(delete(attempt).where(attempt.subject == ACCOUNT.subject(account)))
    fewer = {"failures": func.greatest(attempt.failures - 1, 0)}
    await session.execute(update(attempt).where(attempt.subject == ADDRESS.subject(address)).values(fewer))


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Delete what no longer slows anybody."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.last_failed_at <= now - FORGOTTEN_AFTER))
