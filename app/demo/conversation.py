"""What happens in a ticket: who is assigned, who says what when, and how it ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from app.demo import words
from app.demo.ids import Ids
from app.demo.world import Person, World
from domain.tickets.model import ClosureCode, MessageVisibility, Side, TicketMessage, TicketStatus

_HOURS = (2, 5, 9, 26, 50, 75, 120, 200)


class Message(NamedTuple):
    """One message."""

    at: datetime
    author: Person
    visibility: MessageVisibility
    body: str


@dataclass(slots=True)
class Conversation:
    """The life of a ticket so far."""

    status: TicketStatus
    code: ClosureCode | None
    last_activity_at: datetime
    agent: Person | None = None
    first_responded_at: datetime | None = None
    stopped_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    messages: list[Message] = field(default_factory=list)

    def columns(self) -> dict[str, Any]:
        """The ticket's columns that come of it."""
        return {
            "assignee_id": self.agent.id if self.agent else None,
            "assignee_name": self.agent.name if self.agent else None,
            "first_responded_at": self.first_responded_at,
            "resolution_stopped_at": self.stopped_at,
            "resolved_at": self.resolved_at,
            "closed_at": self.closed_at,
            "reopened_count": self.reopened,
            "last_public_activity_at": self.last_activity_at,
        }

    def write(self, world: World, ticket_id: UUID, tenant_id: UUID, managed_by: UUID | None, ids: Ids) -> None:
        """Write the messages."""
        for message in self.messages:
            world.batch.add(
                TicketMessage,
                id=ids(),
                tenant_id=tenant_id,
                managing_partner_id=managed_by,
                ticket_id=ticket_id,
                author_user_id=message.author.id,
                author_name=message.author.name,
                author_side=message.author.side,
                visibility=message.visibility,
                body=message.body,
                created_at=message.at,
            )

    def say(self, at: datetime, author: Person, body: str) -> None:
        """A message that everybody in the ticket reads."""
        self.messages.append(Message(at, author, MessageVisibility.PUBLIC, body))
        self.last_activity_at = at
        if author.side is Side.VENDOR and self.first_responded_at is None:
            self.first_responded_at = at


def converse(
    world: World,
    raised_at: datetime,
    status: TicketStatus,
    code: ClosureCode | None,
    number: int,
    requester: Person,
) -> Conversation:
    """The conversation of a ticket that is now in `status`; what is withdrawn was never answered."""
    talk = Conversation(status, code, raised_at)
    step = _pace(raised_at, world.now, number)
    unanswered = code is ClosureCode.WITHDRAWN or (status is TicketStatus.OPEN and number % 3 == 0)
    if not unanswered:
        agents = world.platform.agents
        talk.agent = agents[(number * 5 + raised_at.day) % len(agents)]
        _talk(talk, talk.agent, requester, raised_at, step, number)
    _end(talk, raised_at, step)
    return talk


def _pace(raised_at: datetime, now: datetime, number: int) -> timedelta:
    """The time between two things that happen: a tenth of what there is at most, so that all of it is past."""
    return min(timedelta(hours=_HOURS[number % len(_HOURS)]), now - raised_at) / 10


def _talk(
    talk: Conversation, agent: Person, requester: Person, raised_at: datetime, step: timedelta, number: int
) -> None:
    """Vendor, requester, a note, vendor: as long as it takes to end with who spoke last."""
    talk.say(raised_at + step, agent, words.ANSWERS[number % len(words.ANSWERS)])
    if number % 4 == 2:
        note = words.NOTES[number % len(words.NOTES)]
        talk.messages.append(Message(raised_at + 2 * step, agent, MessageVisibility.INTERNAL, note))
    if number % 3 != 1 or talk.status is TicketStatus.OPEN:
        talk.say(raised_at + 3 * step, requester, words.REPLIES[number % len(words.REPLIES)])
    if talk.status is TicketStatus.AWAITING_REPLY:
        talk.say(raised_at + 4 * step, agent, words.ANSWERS[1])
        talk.stopped_at = talk.last_activity_at
    elif talk.status is not TicketStatus.OPEN:
        talk.say(raised_at + 4 * step, agent, words.ANSWERS[2 + number % 3])
        talk.reopened = 1 if number % 11 == 5 else 0


def _end(talk: Conversation, raised_at: datetime, step: timedelta) -> None:
    if talk.status is TicketStatus.RESOLVED or (talk.status is TicketStatus.CLOSED and talk.agent):
        talk.resolved_at = talk.stopped_at = talk.last_activity_at = raised_at + 6 * step
    if talk.status is TicketStatus.CLOSED:
        talk.closed_at = talk.last_activity_at = raised_at + 8 * step
        talk.stopped_at = talk.stopped_at or talk.closed_at
