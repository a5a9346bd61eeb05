"""Who takes part in a ticket (C8, A15, spec 4.3, 13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, column, func, select, values
from sqlalchemy.dialects.postgresql import insert

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


async def add_participants(grant: Grant, ticket: Ticket, people: Iterable[Person]) -> None:
    """Let people take part, each once as what they are.

    Whoever has an account in the tenant or at its partner, with this address proved, sees the ticket there; the others
    get mail alone.
    """
    found = {(person.kind, person.email.lower()): person for person in people}
    accounts = await _accounts(grant, ticket.tenant_id, {email for _, email in found})
    rows = [
        {
            "id": new_id(),
            "tenant_id": ticket.tenant_id,
            "ticket_id": ticket.id,
            "user_id": person.user_id or accounts.get(email),
            "email": email,
            "name": person.name,
            "kind": kind,
            "added_at": grant.now,
        }
        for (kind, email), person in found.items()
    ]
    if rows:
        await grant.run(insert(TicketParticipant).values(rows).on_conflict_do_nothing())


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
    return [email for email in dict.fromkeys(found) if email != grant.actor.email.lower()]


async def _accounts(grant: Grant, tenant_id: UUID, emails: set[str]) -> dict[str, UUID]:
    """Accounts by address: matched by the database, which alone sees them all."""
    if not emails:
        return {}
    given = values(column("email", String), name="given").data([(email,) for email in sorted(emails)])
    account = func.participant_account(given.c.email, tenant_id)
    found = (await grant.run(select(given.c.email, account.label("user_id")))).all()
    return {row.email: row.user_id for row in found if row.user_id}
