"""Who takes part in a ticket (C8, A15, spec 4.3, 13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func

from authz.grant import Grant
from authz.powers import PrincipalKind
from domain.base import new_id
from domain.tickets.model import ParticipantKind, Ticket, TicketParticipant


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an address, and as what they take part."""

    kind: ParticipantKind
    email: str
    name: str | None = None
    user_id: UUID | None = None
    can_reply: bool = True


def add_participants(grant: Grant, ticket: Ticket, people: Iterable[Person]) -> None:
    """Let people take part, each once as what they are.

    Whoever has an account in the tenant or at its partner, with this address proved, sees the ticket there; the others
    get mail alone.
    """
    found = {(person.kind, person.email.lower()): person for person in people}
    rows = [
        {
            "id": new_id(),
            "tenant_id": ticket.tenant_id,
            "ticket_id": ticket.id,
            "user_id": person.user_id,
            "email": email,
            "name": person.name,
            "kind": kind,
            "added_at": grant.now,
            "added_by_tenant_id": grant.actor.tenant_id,
            "can_reply": person.can_reply,
        }
        for (kind, email), person in found.items()
    ]
    grant.write(TicketParticipant, *rows, once=True, user_id=_account)


def requester(grant: Grant) -> list[Person]:
    """The actor as the one who asks; a machine has no address and takes no part."""
    actor = grant.actor
    if actor.principal is not PrincipalKind.USER:
        return []
    return [Person(ParticipantKind.REQUESTER, actor.email, actor.name, actor.user_id)]


async def addresses(grant: Grant, ticket: Ticket) -> list[str]:
    """Whom to write to about a ticket: everybody who takes part, but not the actor."""
    people = grant.select(TicketParticipant, TicketParticipant.email).where(TicketParticipant.ticket_id == ticket.id)
    found: list[str] = list(await grant.all(people.order_by(TicketParticipant.added_at, TicketParticipant.id)))
    return others(grant, found)


def others(grant: Grant, emails: Iterable[str]) -> list[str]:
    """Each of the addresses once, in lower case, but not the actor's."""
    own = grant.actor.email.lower()
    return [email for email in dict.fromkeys(map(str.lower, emails)) if email != own]


def _account(given: Any) -> ColumnElement[UUID]:
    """The account of an address: matched by the database, which alone sees them all."""
    return func.coalesce(given.user_id, func.participant_account(given.email, given.tenant_id))
