"""Retried mutations: the same key and body get the same answer, and nothing is done twice (spec 3, 5)."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.records.model import IdempotencyRecord

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a mutation under a key."""

    key: str
    operation: str
    body: Any

    @property
    def body_hash(self) -> str:
        """SHA-256 of the operation and its arguments."""
        text = orjson.dumps([self.operation, self.body], option=orjson.OPT_SORT_KEYS, default=str)
        return hashlib.sha256(text).hexdigest()


async def earlier_result(session: AsyncSession, actor: Actor, attempt: Attempt) -> dict[str, Any] | None:
    """Claim the key for this transaction, or give the answer that it stands for already.

    A second call waits here until the first is committed or rolled back. Another body under the same key is refused
    with IDEMPOTENCY_MISMATCH.
    """
    problems = Problems()
    if not attempt.key.strip() or len(attempt.key) > LONGEST_KEY:
        problems.add(ErrorCode.OUT_OF_RANGE, f"A key has 1-{LONGEST_KEY} characters.", "idempotencyKey")
    problems.refuse_if_any()
    claim = (
        insert(IdempotencyRecord)
        .values(
            id=new_id(),
            tenant_id=actor.tenant_id,
            principal_id=actor.user_id,
            key=attempt.key,
            operation=attempt.operation,
            body_hash=attempt.body_hash,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyRecord.id)
    )
    if (await session.execute(claim)).first() is not None:
        return None
    mine = _mine(actor, attempt)
    record = (await session.execute(select(IdempotencyRecord).where(*mine))).scalar_one()
    if record.body_hash != attempt.body_hash:
        refuse(ErrorCode.IDEMPOTENCY_MISMATCH, "This key was used with other arguments.", "idempotencyKey")
    return record.result


async def keep_result(session: AsyncSession, actor: Actor, attempt: Attempt, result: dict[str, Any]) -> None:
    """Keep the answer with the key, in the transaction of what it answers for."""
    await session.execute(update(IdempotencyRecord).where(*_mine(actor, attempt)).values(result=result))


def _mine(actor: Actor, attempt: Attempt) -> tuple[Any, ...]:
    record = IdempotencyRecord
    return (
        record.tenant_id == actor.tenant_id,
        record.principal_id == actor.user_id,
        record.key == attempt.key,
    )
