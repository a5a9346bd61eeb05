"""Who takes part in a ticket."""

from datetime import datetime
from uuid import UUID

from app.demo.world import Customer, Partner, Person, World
from domain.tickets.model import ParticipantKind, TicketOrigin, TicketParticipant

_COLUMNS = (
    "id", "tenant_id", "managing_partner_id", "ticket_id", "user_id", "email", "name", "kind", "added_at",
)  # fmt: skip


class Circle:
    """The participants of one ticket, who are written as they are added."""

    def __init__(self, world: World, about: Customer | Partner, managed_by: UUID | None, ticket_id: UUID) -> None:
        self._world = world
        self._about = about
        self._managed_by = managed_by
        self._ticket_id = ticket_id

    def gather(self, origin: TicketOrigin, requester: Person, at: datetime, number: int) -> None:
        """The requester; in copy the owner, where a partner asks for it (AMB-7), colleagues, and outsiders."""
        people = self._about.people
        self._add(ParticipantKind.REQUESTER, at, requester.email, requester)
        copied = people[0] if origin is TicketOrigin.ON_BEHALF else None
        if copied is None and number % 3 == 1:
            copied = people[number // 3 % len(people)]
        if copied is not None and copied is not requester:
            self._add(ParticipantKind.CC, at, copied.email, copied)
        if number % 9 == 4:
            self._add(ParticipantKind.CC, at, f"helpdesk@{self._about.domain}", None)
        if origin is TicketOrigin.INVITE:
            self._add(ParticipantKind.CONTACT, at, requester.email, requester)

    def _add(self, kind: ParticipantKind, at: datetime, email: str, person: Person | None) -> None:
        row = (
            self._about.ids(),
            self._about.tenant_id,
            self._managed_by,
            self._ticket_id,
            person.id if person else None,
            email,
            person.name if person else None,
            kind,
            at,
        )
        self._world.batch.sheet(TicketParticipant, _COLUMNS).append(row)
