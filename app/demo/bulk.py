"""Changes of many tickets that the support team asked for, each over: whatever was still to be done would be done."""

from collections.abc import Sequence
from typing import Any

from app.demo.conversation import Conversation
from app.demo.ids import Ids
from app.demo.world import DAY, Person, World
from authz.errors import NotFoundError
from authz.powers import PrincipalKind
from domain.bulk.changes import Change, TicketBulkAction
from domain.bulk.model import (
    BulkErrorPolicy,
    BulkOperation,
    BulkOperationItem,
    BulkOperationItemStatus,
    BulkOperationKind,
    BulkOperationStatus,
)
from domain.errors import ErrorCode

SUCCEEDED, FAILED, SKIPPED, CANCELLED = (
    BulkOperationItemStatus.SUCCEEDED,
    BulkOperationItemStatus.FAILED,
    BulkOperationItemStatus.SKIPPED,
    BulkOperationItemStatus.CANCELLED,
)
UNSEEN = {"code": ErrorCode.NOT_FOUND.value, "message": str(NotFoundError()), "field": [], "data": {}}


def change_many(world: World, ids: Ids, talks: Sequence[Conversation]) -> None:
    """An agent takes tickets on: their own, and others', which they do not see."""
    agent = world.platform.agents[0]
    own = [talk for talk in talks if talk.agent is agent]
    others = [talk for talk in talks if talk.agent not in (agent, None)]
    ask, take = _Asking(world, ids, agent), BulkErrorPolicy.IGNORE_FAILED
    ask.add(9, BulkOperationStatus.COMPLETED, take, [(talk, SUCCEEDED) for talk in own[:2]])
    mixed = [(own[0], SUCCEEDED), (others[0], FAILED), (own[1], SUCCEEDED)]
    ask.add(6, BulkOperationStatus.COMPLETED_WITH_ERRORS, take, mixed)
    ask.add(4, BulkOperationStatus.FAILED, BulkErrorPolicy.STOP, [(others[1], FAILED), (own[0], SKIPPED)])
    ask.add(2, BulkOperationStatus.CANCELLED, take, [(talk, CANCELLED) for talk in others[:2]])


class _Asking:
    """One person's operations."""

    def __init__(self, world: World, ids: Ids, person: Person) -> None:
        self._world = world
        self._ids = ids
        self._person = person

    def add(
        self,
        days: int,
        status: BulkOperationStatus,
        policy: BulkErrorPolicy,
        items: Sequence[tuple[Conversation, BulkOperationItemStatus]],
    ) -> None:
        """One that was over so many days ago, with what became of each ticket."""
        key, at, person = self._ids(), self._world.now - days * DAY, self._person
        became = [each for _, each in items]
        counts = {each.value.lower(): became.count(each) for each in (SUCCEEDED, FAILED, SKIPPED, CANCELLED)}
        about: dict[str, Any] = {"tenant_id": person.tenant_id}
        self._world.batch.add(
            BulkOperation,
            id=key,
            kind=BulkOperationKind.TICKET_UPDATE,
            status=status,
            error_policy=policy,
            change=Change(TicketBulkAction.ASSIGN, assignee_id=person.id).stored(),
            total=len(items),
            actor_kind=PrincipalKind.USER,
            user_id=person.id,
            actor_name=person.name,
            created_at=at,
            updated_at=at,
            ended_at=at,
            **about,
            **counts,
        )
        for position, (talk, each) in enumerate(items):
            self._world.batch.add(
                BulkOperationItem,
                id=self._ids(),
                operation_id=key,
                position=position,
                ticket_id=talk.ticket_id,
                status=each,
                errors=[UNSEEN] if each is FAILED else [],
                ended_at=at,
                **about,
            )
