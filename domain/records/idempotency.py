"""Retried mutations: the same key and body get the same answer, and nothing is done twice (spec 3, 5)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, Update, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from authz.actor import Actor
from authz.recipes import made
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.records.model import IdempotencyRecord
from tenancy.session import work_of

LONGEST_KEY = 255
RECORD = IdempotencyRecord
MINE = (
    RECORD.tenant_id == bindparam("key_tenant_id", type_=Uuid()),
    RECORD.principal_id == bindparam("key_principal_id", type_=Uuid()),
    RECORD.key == bindparam("key_text", type_=Text()),
)
CLAIMED = {
    "id": "key_id",
    "tenant_id": "key_tenant_id",
    "principal_id": "key_principal_id",
    "key": "key_text",
    "operation": "key_operation",
    "body_hash": "key_body_hash",
}
"""The parameters of its columns; no statement that reads has any of these names."""
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


def claim(session: AsyncSession, actor: Actor, attempt: Attempt) -> None:
    """Claim the key for this transaction, with the first of its statements.

    That waits until another call with the key is committed or rolled back; `ClaimedError` tells that it was committed.
    """
    problems = Problems()
    if not attempt.key.strip() or len(attempt.key) > LONGEST_KEY:
        problems.add(ErrorCode.OUT_OF_RANGE, f"A key has 1-{LONGEST_KEY} characters.", "idempotencyKey")
    problems.refuse_if_any()
    row = {"key_id": new_id(), "key_operation": attempt.operation, "key_body_hash": attempt.body_hash}
    work_of(session).begin(_claim, _mine(actor, attempt) | row)


async def earlier_result(session: AsyncSession, actor: Actor, attempt: Attempt) -> dict[str, Any]:
    """The answer that the key stands for; another body under it is refused with IDEMPOTENCY_MISMATCH."""
    (record,) = await EARLIER.rows(session, _mine(actor, attempt))
    if record["body_hash"] != attempt.body_hash:
        refuse(ErrorCode.IDEMPOTENCY_MISMATCH, "This key was used with other arguments.", "idempotencyKey")
    return record["result"]  # type: ignore[no-any-return]  # what `keep_result` has kept


def keep_result(session: AsyncSession, actor: Actor, attempt: Attempt, result: dict[str, Any]) -> None:
    """Keep the answer with the key, in the transaction of what it answers for."""
    work_of(session).finish(_keep, _mine(actor, attempt) | {"answer": result})


def _mine(actor: Actor, attempt: Attempt) -> dict[str, Any]:
    return {"key_tenant_id": actor.tenant_id, "key_principal_id": actor.user_id, "key_text": attempt.key}


def _claim() -> ReturningInsert[Any]:
    columns = {name: bindparam(parameter, type_=RECORD.__table__.c[name].type) for name, parameter in CLAIMED.items()}
    return insert(RECORD).values(columns).on_conflict_do_nothing().returning(RECORD.id)


def _keep() -> Update:
    return update(RECORD).where(*MINE).values(result=bindparam("answer", type_=RECORD.result.type))
