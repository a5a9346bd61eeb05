"""Every SELECT of the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.records.model import AuditEvent
from execution.paging import Key, Listing, bounded
from execution.relation import Parents


@dataclass(frozen=True, slots=True)
class AuditCriteria:
    """Which events are wanted: all that is given must hold.

    None is no condition; an empty tuple matches nothing. `since` is included, `until` is not.
    """

    actions: tuple[str, ...] | None = None
    actor_user_id: UUID | None = None
    object_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@requires(Permission.AUDIT_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Events by their ids."""
    return grant.rows_of(AuditEvent).where(parents.match(AuditEvent.id))


@requires(Permission.AUDIT_READ)
def listing(grant: Grant, criteria: AuditCriteria) -> Listing:
    """The log that the actor sees, newest first (spec 3, 2)."""
    event = AuditEvent
    statement = grant.rows_of(event).where(*_matching(criteria))
    return Listing(statement, (Key(event.occurred_at, descending=True), Key(event.id, descending=True)))


def _matching(criteria: AuditCriteria) -> list[Any]:
    event = AuditEvent
    conditions: list[Any] = []
    if criteria.actions is not None:
        conditions.append(event.action.in_(bounded("actions", criteria.actions)))
    if criteria.actor_user_id:
        conditions.append(event.actor_user_id == criteria.actor_user_id)
    if criteria.object_id:
        conditions.append(event.object_id == criteria.object_id)
    if criteria.since:
        conditions.append(event.occurred_at >= criteria.since)
    if criteria.until:
        conditions.append(event.occurred_at < criteria.until)
    return conditions
