"""What happens in a ticket: who is assigned, who says what when, and how it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.demo import words
from app.demo.ids import Ids
from app.demo.world import Person, World
from domain.tickets.model import ClosureCode, MessageVisibility, TicketMessage, TicketStatus

_COLUMNS = (
    "id", "tenant_id", "managing_partner_id", "ticket_id", "author_user_id", "author_name", "author_side", "visibility",
    "body", "created_at",
)  # fmt: skip
LIFE = (
    "status", "closure_code", "assignee_id", "assignee_name", "first_responded_at", "resolution_stopped_at",
    "resolved_at", "closed_at", "reopened_count", "last_public_activity_at", "updated_at",
)  # fmt: skip
_PACES = tuple(timedelta(hours=hours) / 10 for hours in (2, 5, 9, 26, 50, 75, 120, 200))


@dataclass(slots=True)
class Conversation:
    """The life of a ticket so far; its messages are written as they are said."""

    world: World
    ids: Ids
    ticket_id: UUID
    tenant_id: UUID
    managed_by: UUID | None
    status: TicketStatus
    code: ClosureCode | None
    last_activity_at: datetime
    number: str
    raised_at: datetime
    agent: Person | None = None
    first_responded_at: datetime | None = None
    stopped_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: int = 0

    def values(self) -> tuple[Any, ...]:
        """The values of `LIFE`, the ticket's columns that come of it."""
        agent = self.agent
        return (
            self.status,
            self.code,
            agent.id if agent else None,
            agent.name if agent else None,
            self.first_responded_at,
            self.stopped_at,
            self.resolved_at,
            self.closed_at,
            self.reopened,
            self.last_activity_at,
            self.last_activity_at,
        )

    def unfold(self, raised_at: datetime, number: int, requester: Person) -> None:
        """Tell it; `number` is the ticket's in its tenant. What is withdrawn was never answered."""
        # A tenth of what there is at most, so that all of it is past.
        step = min(_PACES[number % len(_PACES)], (self.world.now - raised_at) / 10)
        unanswered = self.code is ClosureCode.WITHDRAWN or (self.status is TicketStatus.OPEN and number % 3 == 0)
        if not unanswered:
            agents = self.world.platform.agents
            self.agent = agents[(number * 5 + raised_at.day) % len(agents)]
            self._talk(self.agent, requester, raised_at, step, number)
        self._end(raised_at, step)

    def _talk(self, agent: Person, requester: Person, raised_at: datetime, step: timedelta, number: int) -> None:
        """Vendor, a note, requester, vendor: as long as it takes to end with who spoke last."""
        self.first_responded_at = raised_at + step
        self._say(self.first_responded_at, agent, words.ANSWERS[number % len(words.ANSWERS)])
        if number % 4 == 2:
            self._write(raised_at + 2 * step, agent, words.NOTES[number % len(words.NOTES)], MessageVisibility.INTERNAL)
        if number % 3 != 1 or self.status is TicketStatus.OPEN:
            self._say(raised_at + 3 * step, requester, words.REPLIES[number % len(words.REPLIES)])
        if self.status is TicketStatus.AWAITING_REPLY:
            self._say(raised_at + 4 * step, agent, words.ANSWERS[1])
            self.stopped_at = self.last_activity_at
        elif self.status is not TicketStatus.OPEN:
            self._say(raised_at + 4 * step, agent, words.ANSWERS[2 + number % 3])
            self.reopened = 1 if number % 11 == 5 else 0

    def _end(self, raised_at: datetime, step: timedelta) -> None:
        if self.status is TicketStatus.RESOLVED or (self.status is TicketStatus.CLOSED and self.agent):
            self.resolved_at = self.stopped_at = self.last_activity_at = raised_at + 6 * step
        if self.status is TicketStatus.CLOSED:
            self.closed_at = self.last_activity_at = raised_at + 8 * step
            self.stopped_at = self.stopped_at or self.closed_at

    def _say(self, at: datetime, author: Person, body: str) -> None:
        """A message that everybody in the ticket reads."""
        self._write(at, author, body, MessageVisibility.PUBLIC)
        self.last_activity_at = at

    def _write(self, at: datetime, author: Person, body: str, visibility: MessageVisibility) -> None:
        self.world.batch.sheet(TicketMessage, _COLUMNS).append(
            (
                self.ids(),
                self.tenant_id,
                self.managed_by,
                self.ticket_id,
                author.id,
                author.name,
                author.side,
                visibility,
                body,
                at,
            )
        )
