"""Who takes part in a ticket."""

from datetime import datetime
from uuid import UUID

from app.demo import accounts
from app.demo.conversation import Conversation
from app.demo.people import Place, meet
from app.demo.world import Customer, Partner, Person, World
from authz.roles import Role
from domain.tickets.model import ParticipantKind, TicketOrigin, TicketParticipant

_COLUMNS = (
    "id", "tenant_id", "managing_partner_id", "ticket_id", "user_id", "email", "name", "kind", "added_at",
    "added_by_tenant_id",
)  # fmt: skip


class Circle:
    """The participants of one ticket, who are written as they are added."""

    def __init__(
        self, world: World, about: Customer | Partner, managed_by: UUID | None, ticket_id: UUID, by: UUID
    ) -> None:
        self._world = world
        self._about = about
        self._managed_by = managed_by
        self._ticket_id = ticket_id
        self._by = by

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

    def copy_in(self, person: Person, at: datetime) -> None:
        """Somebody more."""
        self._add(ParticipantKind.CC, at, person.email, person)

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
            self._by,
        )
        self._world.batch.sheet(TicketParticipant, _COLUMNS).append(row)


def name_outsider(world: World, customer: Customer, talk: Conversation) -> None:
    """Copy somebody of no organisation into a ticket: they see it, and nothing else (docs/adr/0015)."""
    place = Place(customer.tenant_id, customer.name, customer.ids, customer.managed_by)
    outsider = meet(world, place, accounts.OUTSIDER, Role.PARTICIPANT, 1040)
    by = customer.owner.tenant_id
    Circle(world, customer, customer.managed_by, talk.ticket_id, by).copy_in(outsider, talk.raised_at)
