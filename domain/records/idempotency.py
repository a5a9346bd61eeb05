"""Retried mutations: the same key and body get the same answer, and nothing is done twice (spec 3, 5)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, Update, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.recipes import made
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.records.model import IdempotencyRecord
from tenancy.session import work_of

LONGEST_KEY = 255
RECORD = IdempotencyRecord
MINE = (
    RECORD.tenant_id == bindparam("tenant_id", type_=Uuid()),
    RECORD.principal_id == bindparam("principal_id", type_=Uuid()),
    RECORD.key == bindparam("key", type_=Text()),
)
CLAIMED = ("id", "tenant_id", "principal_id", "key", "operation", "body_hash")
CLAIM = made(
    insert(RECORD)
    .values({name: bindparam(name, type_=RECORD.__table__.c[name].type) for name in CLAIMED})
    .on_conflict_do_nothing()
    .returning(RECORD.id)
)
EARLIER = made(select(RECORD.body_hash, RECORD.result).where(*MINE))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a mutation under a key; `body` is what it was asked to do, the same text for the same."""

    key: str
    operation: str
    body: bytes

    @property
    def body_hash(self) -> str:
        """SHA-256 of the operation and its arguments."""
        return hashlib.sha256(b"%b\0%b" % (self.operation.encode(), self.body)).hexdigest()


async def earlier_result(session: AsyncSession, actor: Actor, attempt: Attempt) -> dict[str, Any] | None:
    """Claim the key for this transaction, or give the answer that it stands for already.

    A second call waits here until the first is committed or rolled back. Another body under the same key is refused
    with IDEMPOTENCY_MISMATCH.
    """
    problems = Problems()
    if not attempt.key.strip() or len(attempt.key) > LONGEST_KEY:
        problems.add(ErrorCode.OUT_OF_RANGE, f"A key has 1-{LONGEST_KEY} characters.", "idempotencyKey")
    problems.refuse_if_any()
    mine = {"tenant_id": actor.tenant_id, "principal_id": actor.user_id, "key": attempt.key}
    claim = {"id": new_id(), "operation": attempt.operation, "body_hash": attempt.body_hash}
    if await CLAIM.rows(session, mine | claim):
        return None
    (record,) = await EARLIER.rows(session, mine)
    if record["body_hash"] != attempt.body_hash:
        refuse(ErrorCode.IDEMPOTENCY_MISMATCH, "This key was used with other arguments.", "idempotencyKey")
    return record["result"]  # type: ignore[no-any-return]  # what `keep_result` has kept


def keep_result(session: AsyncSession, actor: Actor, attempt: Attempt, result: dict[str, Any]) -> None:
    """Keep the answer with the key, in the transaction of what it answers for."""
    mine = {"tenant_id": actor.tenant_id, "principal_id": actor.user_id, "key": attempt.key}
    work_of(session).finish(_keep, mine | {"answer": result})


def _keep() -> Update:
    return update(RECORD).where(*MINE).values(result=bindparam("answer", type_=RECORD.result.type))
