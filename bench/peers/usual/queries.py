# mypy: disable-error-code="import-not-found, no-any-return"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""What can be asked."""

import base64
from typing import Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy import Text, func, literal_column, tuple_
from sqlmodel import col, exists, select

from bench.peers.usual import models
from bench.peers.usual.context import Info
from bench.peers.usual.loaders import visible_tickets
from bench.peers.usual.models import OPEN, Profile
from bench.peers.usual.types import Connection, Customer, PageInfo, Ticket, Viewer
from execution.ids import decode_as, encode

SEARCH_TEXT = literal_column("ticket.search_text", Text)  # not among the model's, as no answer has it


@strawberry.input
class CustomerFilter:
    """Which customers: all that is given must hold."""

    tags: list[str] | None = None
    has_open_tickets: bool | None = None


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    async def viewer(self, info: Info) -> Viewer:
        """Who asks."""
        actor = info.context.actor
        return Viewer(id=strawberry.ID(encode("viewer", actor.user_id)), name=actor.name, email=actor.email)

    @strawberry.field
    async def customer(self, info: Info, id: strawberry.ID) -> Customer | None:  # noqa: A002 - the argument's name
        """One customer by its id."""
        row = models.Customer
        mine = select(row).where(row.tenant_id == info.context.actor.tenant_id)
        rows = await info.context.loaders.all(mine.where(row.id == decode_as("customer", id)))
        return Customer.of(rows[0]) if rows else None

    @strawberry.field
    async def customers(
        self,
        info: Info,
        first: int,
        after: str | None = None,
        filter: CustomerFilter | None = None,  # noqa: A002 - the argument's name
    ) -> Connection[Customer]:
        """The partner's customers by name."""
        row = models.Customer
        statement = _filtered(select(row).where(row.tenant_id == info.context.actor.tenant_id), info, filter)
        if after is not None:
            statement = statement.where(tuple_(col(row.search_name), col(row.id)) > _keys(after))
        rows = await info.context.loaders.all(statement.order_by(row.search_name, col(row.id)).limit(first + 1))
        page = rows[:first]
        end = _cursor(page[-1]) if page else None
        info_of_page = PageInfo(has_next_page=len(rows) > first, end_cursor=end)
        return Connection(nodes=[Customer.of(each) for each in page], page_info=info_of_page)

    @strawberry.field
    async def tickets(self, info: Info, search: str, first: int) -> Connection[Ticket]:
        """The tickets of the partner and its customers in which all words are, newest first."""
        row, actor = models.Ticket, info.context.actor
        words = (
            func.strpos(SEARCH_TEXT, select(func.searchable(word)).scalar_subquery()) > 0 for word in search.split()
        )
        statement = select(row).where(row.desk_id == actor.tenant_id, visible_tickets(actor), *words)
        newest = statement.order_by(col(row.created_at).desc(), col(row.id).desc()).limit(first + 1)
        rows = await info.context.loaders.all(newest)
        page = [Ticket.of(each) for each in rows[:first]]
        return Connection(nodes=page, page_info=PageInfo(has_next_page=len(rows) > first))


def _filtered(statement: Any, info: Info, wanted: CustomerFilter | None) -> Any:
    row, ticket = models.Customer, models.Ticket
    if wanted is None:
        return statement
    if wanted.tags is not None:
        profile = statement.join(Profile, col(Profile.relationship_id) == row.id)
        tags: Any = col(Profile.tags)
        statement = profile.where(tags.overlap(wanted.tags))
    if wanted.has_open_tickets is not None:
        found = exists().where(
            col(ticket.tenant_id) == row.customer_tenant_id,
            col(ticket.status).in_(OPEN),
            visible_tickets(info.context.actor),
        )
        managed = statement.where(row.status == "ACTIVE", row.mode == "PARTNER")
        statement = managed.where(found if wanted.has_open_tickets else ~found)
    return statement


def _cursor(row: models.Customer) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row.search_name, str(row.id)])).decode()


def _keys(cursor: str) -> tuple[str, UUID]:
    name, key = orjson.loads(base64.urlsafe_b64decode(cursor))
    return name, UUID(key)
