"""What becomes of a ticket, as verbs (spec 4.2)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from domain.errors import ErrorCode, refuse
from domain.support.working_time import Calendar
from domain.tickets.clocks import Clocks
from domain.tickets.states import ClosureCode, TicketStatus

TRANSITIONS: dict[TicketStatus, tuple[TicketStatus, ...]] = {
    TicketStatus.OPEN: (TicketStatus.AWAITING_REPLY, TicketStatus.RESOLVED, TicketStatus.CLOSED),
    TicketStatus.AWAITING_REPLY: (TicketStatus.OPEN, TicketStatus.RESOLVED, TicketStatus.CLOSED),
    TicketStatus.RESOLVED: (TicketStatus.OPEN, TicketStatus.CLOSED),
    TicketStatus.CLOSED: (),
}
REOPEN_WINDOW = timedelta(days=14)
"""How long a reply still opens a resolved ticket again (AMB-31)."""


def reopens_until(resolved_at: datetime | None) -> datetime | None:
    """The instant from which a resolved ticket takes no more replies."""
    return resolved_at + REOPEN_WINDOW if resolved_at else None


def credits_incident(code: ClosureCode, first_responded_at: datetime | None) -> bool:
    """Whether closing with this code gives the incident back (D25, spec 4.2)."""
    if code is ClosureCode.WITHDRAWN:
        return first_responded_at is None
    return code is not ClosureCode.DECREMENT


class Lifecycle(Clocks):
    """The part of a ticket that changes during its life."""

    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.OPEN)
    severity: Mapped[int | None]
    assignee_id: Mapped[UUID | None]
    assignee_name: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closure_code: Mapped[ClosureCode | None]

    @declared_attr
    @classmethod
    def merged_into_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("ticket.id"))

    reopened_count: Mapped[int] = mapped_column(default=0)
    last_public_activity_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def answer(self, at: datetime, *, needs_answer: bool, human: bool) -> None:
        """The vendor's support team replied; with `needs_answer` it waits for the other side.

        Only a `human` answer is the first one that was promised (spec 7).
        """
        self._refuse_if_closed()
        if needs_answer and self.status is not TicketStatus.AWAITING_REPLY:
            self._become(TicketStatus.AWAITING_REPLY)
            self.stop(at)
        if human:
            self.first_responded_at = self.first_responded_at or at
        self.last_public_activity_at = at

    def reply(self, at: datetime, calendar: Calendar | None) -> None:
        """The requester's side replied: the vendor is to act again, also on what was resolved not long ago (AMB-31)."""
        self._refuse_if_closed()
        ends = reopens_until(self.resolved_at)
        if ends is not None and at >= ends:
            self._refuse_over("The ticket was resolved too long ago to open it again: open a new one.")
        self.take_up(at, calendar)

    def take_up(self, at: datetime, calendar: Calendar | None) -> None:
        """Make it the vendor's turn, however long ago it was resolved: support was invited for it (AMB-5)."""
        if self.status is TicketStatus.RESOLVED:
            self.reopened_count += 1
            self.resolved_at = None
        if self.status is not TicketStatus.OPEN:
            self._become(TicketStatus.OPEN)
            self.run_on(at, calendar)
        self.last_public_activity_at = at

    def reopen(self, at: datetime, calendar: Calendar | None, *, at_any_time: bool) -> None:
        """Take up what was resolved; the requester's side can for a while alone (AMB-31)."""
        self._refuse_if_closed()
        if self.status is not TicketStatus.RESOLVED:
            self._refuse_transition(TicketStatus.OPEN)
        if at_any_time:
            self.take_up(at, calendar)
        else:
            self.reply(at, calendar)

    def resolve(self, at: datetime) -> None:
        """Solved, in the eyes of the vendor or of the requester."""
        self._become(TicketStatus.RESOLVED)
        self.resolved_at = self.last_public_activity_at = at
        self.stop(at)

    def close(self, code: ClosureCode, at: datetime) -> None:
        """Over for good."""
        self._become(TicketStatus.CLOSED)
        self.closure_code = code
        self.closed_at = self.last_public_activity_at = at
        self.stop(at)

    def merge_into(self, ticket_id: UUID, at: datetime) -> None:
        """Over, as another ticket is about the same and goes on."""
        self.close(ClosureCode.MERGED, at)
        self.merged_into_id = ticket_id

    def set_severity(self, severity: int, at: datetime) -> None:
        """Say how bad it is; what is promised then is for `promise` (A8)."""
        self._refuse_if_closed()
        self.severity = severity
        self.last_public_activity_at = at

    def admit(self, at: datetime) -> None:
        """Let somebody more take part."""
        self._refuse_if_closed()
        self.last_public_activity_at = at

    def meet(self, at: datetime) -> None:
        """Let its requester and whoever looks after it meet."""
        self.admit(at)

    def assign(self, agent_id: UUID | None, name: str | None, at: datetime) -> None:
        """Give the ticket to an agent, or back to the queue."""
        self._refuse_if_closed()
        self.assignee_id, self.assignee_name = agent_id, name
        self.last_public_activity_at = at

    def _become(self, status: TicketStatus) -> None:
        if status not in TRANSITIONS[self.status]:
            self._refuse_transition(status)
        self.status = status

    def _refuse_transition(self, status: TicketStatus) -> None:
        message = f"A ticket that is {self.status} cannot become {status}."
        allowed = [state.value for state in TRANSITIONS[self.status] if state is not status]
        refuse(ErrorCode.INVALID_TRANSITION, message, from_=self.status.value, to=status.value, allowed=allowed)

    def _refuse_if_closed(self) -> None:
        if self.status is TicketStatus.CLOSED:
            self._refuse_over("The ticket is closed: open a new one.")

    def _refuse_over(self, message: str) -> None:
        refuse(ErrorCode.TICKET_CLOSED, message, follow_up_allowed=True)
