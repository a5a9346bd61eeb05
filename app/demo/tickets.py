"""Tickets of every kind, origin and state, with what was said, who took part, and what they drew."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.demo import words
from app.demo.contracts import Account, Balance
from app.demo.conversation import LIFE, Conversation
from app.demo.history import note
from app.demo.participants import Circle
from app.demo.reference import PROMISED, UNPROMISED, Offered
from app.demo.world import DAY, INSTANTS, Customer, Partner, Person, World
from authz.roles import Role
from domain.entitlements.model import EntitlementUnit
from domain.tickets.lifecycle import credits_incident
from domain.tickets.model import (
    ClosureCode,
    SupportIssueType,
    TemporaryAccountStatus,
    TemporarySupportAccount,
    Ticket,
    TicketKind,
    TicketOrigin,
    TicketStatus,
    TicketVisibility,
)

_COLUMNS = (
    "id", "number", "tenant_id", "managing_partner_id", "kind", "origin", "visibility", "service_id", "issue_type",
    "severity", "summary", "details", "job_ids", "contact_name", "contact_email", "contact_phone", "requester_user_id",
    "requester_tenant_id", "requester_name", "requester_side", "region_id", "contract_id", "entitlement_id",
    "entitlement_quantity", "credited_at", "created_at", "desk_id", *PROMISED,
    "tenant_owner_user_id", "tenant_owner_name", "tenant_owner_email", *LIFE,
)  # fmt: skip
HOW_MANY = (2, 9, 14, 20, 25, 30, 35, 42, 53, 70)
_INVITATIONS = frozenset({TicketOrigin.INVITE, TicketOrigin.ON_BEHALF})
_INVITERS = frozenset(
    {
        Role.TENANT_OWNER,
        Role.SERVICE_ADMINISTRATOR,
        Role.CUSTOMIZED_ADMINISTRATOR,
        Role.APPLICATION_ADMINISTRATOR,
    }
)
_ORIGINS = (
    TicketOrigin.INVITE,
    TicketOrigin.PORTAL,
    TicketOrigin.ON_BEHALF,
    TicketOrigin.INVITE,
    TicketOrigin.PORTAL,
    TicketOrigin.INVITE,
    TicketOrigin.EMAIL,
)
_CODES = (
    ClosureCode.DECREMENT,
    ClosureCode.NON_DECREMENT,
    ClosureCode.DECREMENT,
    ClosureCode.DUPLICATE,
    ClosureCode.DECREMENT,
    ClosureCode.WITHDRAWN,
    ClosureCode.MERGED,
)
_YOUNG = (TicketStatus.OPEN, TicketStatus.AWAITING_REPLY, TicketStatus.OPEN, TicketStatus.RESOLVED, TicketStatus.CLOSED)
_OLD = (TicketStatus.CLOSED, TicketStatus.RESOLVED, TicketStatus.CLOSED, TicketStatus.AWAITING_REPLY)
_ISSUES = list(SupportIssueType)
ONE = Decimal(1)


@dataclass(slots=True)
class Desk:
    """The tickets about one tenant."""

    world: World
    about: Customer | Partner
    managed_by: UUID | None
    region_id: UUID
    account: Account
    opened: list[Conversation] = field(default_factory=list)

    def open_many(self, many: int) -> None:
        """So many tickets, the oldest first, most of them of late."""
        random = self.about.rng.random
        for place in sorted((int(INSTANTS * random()) for _ in range(many)), reverse=True):
            self.open(place)

    def open(self, place: int) -> None:
        """One ticket at one of the world's instants: its people, its conversation, what it drew and was given back."""
        number, dice = len(self.opened), self.about.rng.getrandbits(40)
        raised_at = self.world.instants[place]
        origin = self._origin(number)
        requester = self._requester(origin, number)
        service = self._service(origin, number, dice)
        severity = None if origin is TicketOrigin.EMAIL else place % 5 + 1
        key = self.about.ids()
        talk = self._talk(key, raised_at, number, dice // 7)
        self.opened.append(talk)
        talk.unfold(raised_at, number, requester)
        balance, quantity = self._payer(origin, service, raised_at, number)
        private = origin is TicketOrigin.PARTNER_REQUEST or number % 17 == 8
        invited = origin in _INVITATIONS
        row = (
            key,
            talk.number,
            self.about.tenant_id,
            self.managed_by,
            self._kind(origin, balance),
            origin,
            TicketVisibility.REQUESTER_ONLY if private else TicketVisibility.ORGANIZATION,
            service.id if service else None,
            _ISSUES[number % 2] if invited else None,
            severity,
            words.PROBLEMS[dice // 53 % len(words.PROBLEMS)],
            words.SINCE[dice // 997 % len(words.SINCE)],
            [f"JOB-{dice % 1_000_003:07d}"] if number % 6 == 1 else [],
            requester.name,
            requester.email,
            "+4930901820" if number % 5 == 2 else None,
            requester.id,
            requester.tenant_id,
            requester.name,
            requester.side,
            self.region_id,
            balance.contract_id if balance else None,
            balance.entitlement_id if balance else None,
            quantity if balance else None,
            self._draw(balance, key, quantity, requester, raised_at, talk) if balance else None,
            raised_at,
            self.about.desk_id,
            *(self.world.promises.of(self.region_id, severity, raised_at) if severity else UNPROMISED),
            *(self._owner() if invited else (None, None, None)),
            *talk.values(),
        )
        self.world.batch.sheet(Ticket, _COLUMNS).append(row)
        circle = Circle(self.world, self.about, self.managed_by, key, requester.tenant_id)
        circle.gather(origin, requester, raised_at, number)
        action = "support.invite" if invited else "ticket.create"
        about, alone = self.about, requester.id if private else None
        subject, whose = ("ticket", key), about.tenant_id
        note(self.world, about.ids, raised_at, requester, action, on=subject, concerned=whose, private_to=alone)
        if service and invited and number % 2 == 0:
            self._let_in(key, service, raised_at, talk, number)

    def _talk(self, ticket_id: UUID, raised_at: datetime, number: int, dice: int) -> Conversation:
        """The conversation of a ticket, in a state that its age makes likely."""
        states = _YOUNG if self.world.now - raised_at < 25 * DAY else _OLD
        status = states[dice % len(states)]
        code = _CODES[number % len(_CODES)] if status is TicketStatus.CLOSED else None
        about = self.about
        of = (self.world, about.ids, ticket_id, about.tenant_id, self.managed_by)
        return Conversation(*of, status, code, raised_at, self.world.ticket_number(), raised_at)

    def _origin(self, number: int) -> TicketOrigin:
        if isinstance(self.about, Partner):
            return TicketOrigin.PARTNER_REQUEST
        origin = _ORIGINS[number % len(_ORIGINS)]
        partner = self.about.partner
        on_behalf = partner is not None and partner.acts_on_behalf and self.about.licensed_by is not None
        return TicketOrigin.PORTAL if origin is TicketOrigin.ON_BEHALF and not on_behalf else origin

    def _requester(self, origin: TicketOrigin, number: int) -> Person:
        people = self.about.people
        if origin is TicketOrigin.ON_BEHALF and isinstance(self.about, Customer) and self.about.partner:
            people = self.about.partner.people
        elif origin is TicketOrigin.INVITE:
            people = [person for person in people if person.role in _INVITERS]
        return people[number // 2 % len(people)]

    def _service(self, origin: TicketOrigin, number: int, dice: int) -> Offered | None:
        if isinstance(self.about, Partner) or (origin is TicketOrigin.EMAIL and number % 2):
            return None
        return self.about.services[dice % len(self.about.services)]

    def _kind(self, origin: TicketOrigin, balance: Balance | None) -> TicketKind:
        if balance:
            return TicketKind.INCIDENT
        return TicketKind.PROGRAM if origin is TicketOrigin.PARTNER_REQUEST else TicketKind.ADVISORY

    def _payer(
        self, origin: TicketOrigin, service: Offered | None, at: datetime, number: int
    ) -> tuple[Balance | None, Decimal]:
        """The balance that pays, if the ticket is an incident that draws on a contract, and how much (D19, D23)."""
        if service is None or not service.draws or origin is TicketOrigin.EMAIL or number % 4 == 3:
            return None, ONE
        for balance in self.account.balances:
            quantity = ONE if balance.unit is EntitlementUnit.INCIDENT else Decimal(number % 6 + 1) / 4
            if balance.pays(service.id, at, quantity):
                return balance, quantity
        return None, ONE

    def _draw(
        self,
        balance: Balance,
        ticket_id: UUID,
        quantity: Decimal,
        requester: Person,
        at: datetime,
        talk: Conversation,
    ) -> datetime | None:
        """Debit, and credit where the closure gives it back (D25); when that was."""
        debit_id = self.account.debit(balance, ticket_id, quantity, requester.id, at)
        if talk.closed_at is None or talk.code is None or not credits_incident(talk.code, talk.first_responded_at):
            return None
        self.account.credit(balance, ticket_id, debit_id, quantity, talk.closed_at)
        return talk.closed_at

    def _owner(self) -> tuple[Any, ...]:
        """The tenant's owner as it is when support is invited (A10): id, name, address."""
        owner = self.about.people[0]
        return owner.id, owner.name, owner.email

    def _let_in(self, ticket_id: UUID, service: Offered, at: datetime, talk: Conversation, number: int) -> None:
        """A temporary support account: live, expired after 15 days, revoked by hand or closing (A18, A19, AMB-19)."""
        revoked_at = talk.closed_at or (talk.last_activity_at if number % 10 == 4 else None)
        revoker = talk.agent if talk.closed_at else self.about.people[0]
        self.world.batch.add(
            TemporarySupportAccount,
            id=self.about.ids(),
            tenant_id=self.about.tenant_id,
            managing_partner_id=self.managed_by,
            ticket_id=ticket_id,
            service_id=service.id,
            status=TemporaryAccountStatus.REVOKED if revoked_at else TemporaryAccountStatus.ACTIVE,
            granted_at=at,
            expires_at=at + 15 * DAY,
            revoked_at=revoked_at,
            revoked_by=revoker.id if revoked_at and revoker else None,
            created_at=at,
            updated_at=revoked_at or at,
        )
