# mypy: disable-error-code="import-not-found, no-any-return"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""DataLoaders: one statement for all parents of a level."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, and_, col, exists, not_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from strawberry.dataloader import DataLoader

from bench.peers.usual.database import Actor
from bench.peers.usual.models import (
    OPEN,
    ContractLink,
    Entitlement,
    Message,
    Participant,
    Service,
    Subscription,
    Ticket,
)

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Page:
    """The first rows of one parent; `narrowed` says whether the relation's own condition holds for them."""

    parent: UUID
    first: int
    narrowed: bool = False


class Loaders:
    """The loaders of one request. Its session serves one statement at a time."""

    def __init__(self, session: AsyncSession, actor: Actor) -> None:
        self._session = session
        self._actor = actor
        self._free = asyncio.Lock()
        self.service: DataLoader[UUID, Service | None] = DataLoader(self._services_by_id)
        self.services: DataLoader[Page, list[Subscription]] = DataLoader(self._services)
        self.tickets: DataLoader[Page, list[Ticket]] = DataLoader(self._tickets)
        self.entitlements: DataLoader[Page, list[Entitlement]] = DataLoader(self._entitlements)
        self.participants: DataLoader[Page, list[Participant]] = DataLoader(self._participants)
        self.messages: DataLoader[Page, list[Message]] = DataLoader(self._messages)

    async def all(self, statement: Any) -> Sequence[Any]:
        """The rows of a statement."""
        async with self._free:
            rows: Sequence[Any] = (await self._session.exec(statement)).all()
            return rows

    async def _services_by_id(self, keys: list[UUID]) -> list[Service | None]:
        rows = await self.all(select(Service).where(col(Service.id).in_(keys)))
        found = {row.id: row for row in rows}
        return [found.get(key) for key in keys]

    async def _services(self, pages: list[Page]) -> list[list[Subscription]]:
        row = Subscription
        seen: tuple[Any, ...] = (col(row.managing_partner_id) == self._actor.tenant_id, not_(_hidden(self._actor)))
        order = (col(row.valid_from), col(row.id))
        return await self._paged(row, col(row.tenant_id), pages, order, lambda _: seen)

    async def _tickets(self, pages: list[Page]) -> list[list[Ticket]]:
        visible, is_open = visible_tickets(self._actor), col(Ticket.status).in_(OPEN)
        order = (col(Ticket.created_at).desc(), col(Ticket.id).desc())
        conditions = lambda open_only: (visible, is_open) if open_only else (visible,)  # noqa: E731
        return await self._paged(Ticket, col(Ticket.tenant_id), pages, order, conditions)

    async def _entitlements(self, pages: list[Page]) -> list[list[Entitlement]]:
        row, link = Entitlement, ContractLink
        linked = select(link.contract_id).where(link.tenant_id == self._actor.tenant_id, col(link.revoked_at).is_(None))
        seen = (col(row.contract_id) == any_(func.array(linked.scalar_subquery())),)
        return await self._paged(row, col(row.tenant_id), pages, (col(row.id),), lambda _: seen)

    async def _participants(self, pages: list[Page]) -> list[list[Participant]]:
        row = Participant
        return await self._paged(row, col(row.ticket_id), pages, (col(row.added_at), col(row.id)), lambda _: ())

    async def _messages(self, pages: list[Page]) -> list[list[Message]]:
        row = Message
        public = (row.visibility == "PUBLIC",)
        return await self._paged(row, col(row.ticket_id), pages, (col(row.created_at), col(row.id)), lambda _: public)

    async def _paged(
        self,
        model: type[Row],
        parent: Any,
        pages: list[Page],
        order: tuple[Any, ...],
        conditions: Callable[[bool], tuple[Any, ...]],
    ) -> list[list[Row]]:
        """The first rows of each parent, in one statement for each combination of arguments."""
        wanted: dict[tuple[int, bool], list[UUID]] = defaultdict(list)
        for page in pages:
            wanted[page.first, page.narrowed].append(page.parent)
        found: dict[Page, list[Row]] = defaultdict(list)
        for (first, narrowed), parents in wanted.items():
            place = func.row_number().over(partition_by=parent, order_by=order).label("place")
            ranked = select(model, place).where(parent.in_(parents), *conditions(narrowed)).subquery()
            row = aliased(model, ranked)
            for each in await self.all(select(row).where(ranked.c.place <= first).order_by(ranked.c.place)):
                found[Page(getattr(each, parent.key), first, narrowed)].append(each)
        return [found[page] for page in pages]


def visible_tickets(actor: Actor) -> ColumnElement[bool]:
    """Tickets of the organisation, and those in which the actor is copied in."""
    row = Participant
    copied = exists().where(col(row.ticket_id) == Ticket.id, col(row.user_id) == actor.user_id, col(row.kind) == "CC")
    return or_(col(Ticket.visibility) == "ORGANIZATION", copied)


def _hidden(actor: Actor) -> ColumnElement[bool]:
    return and_(col(Subscription.hidden_when_expired), col(Subscription.valid_until) <= actor.now)
