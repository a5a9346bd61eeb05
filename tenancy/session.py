"""The guarded session: the net below the grant, which refuses work outside a scope even where no grant was asked."""

from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from tenancy.scope import Scope, ScopeViolationError, check_owner
from tenancy.work import Work

SCOPE = "scope"
WORK = "work"


@runtime_checkable
class OwnedRow(Protocol):
    """A row that belongs to exactly one tenant."""

    tenant_id: UUID


class GuardedSession(Session):
    """A session that does nothing before it knows its scope."""


def scoped_session(scope: Scope, **options: Any) -> AsyncSession:
    """A session bound to `scope` for its whole life; `options` are those of SQLAlchemy's AsyncSession."""
    return AsyncSession(
        sync_session_class=GuardedSession,
        expire_on_commit=False,
        autoflush=True,
        info={SCOPE: scope},
        **options,
    )


def scope_of(session: Session | AsyncSession) -> Scope:
    """The scope of `session`; raises `ScopeViolationError` where there is none."""
    scope = session.info.get(SCOPE)
    if not isinstance(scope, Scope):
        raise ScopeViolationError("a statement was issued outside a scope")
    return scope


def work_of(session: AsyncSession) -> Work:
    """What the transaction of `session` does beside it; raises `ScopeViolationError` where there is none."""
    work = session.info.get(WORK)
    if not isinstance(work, Work):
        raise ScopeViolationError("a statement was issued outside a transaction with a scope")
    return work


@event.listens_for(GuardedSession, "do_orm_execute")
def _refuse_without_scope(state: ORMExecuteState) -> None:
    scope_of(state.session)


@event.listens_for(GuardedSession, "before_flush")
def _check_owner(session: Session, _context: UOWTransaction, _instances: object) -> None:
    scope = scope_of(session)
    for row in session.new:
        if isinstance(row, OwnedRow):
            _stamp(row, scope)


def _stamp(row: OwnedRow, scope: Scope) -> None:
    """Give a new row its owner; another tenant's row needs its managing partner, or a scope that spans tenants."""
    owner: UUID | None = row.tenant_id
    if owner is None and scope.tenant_id is not None:
        row.tenant_id = scope.tenant_id
    check_owner(type(row).__name__, scope, row.tenant_id, getattr(row, "managing_partner_id", None))
