"""What clients see."""

from datetime import datetime
from typing import Generic, Self, TypeVar
from uuid import UUID

import strawberry

from bench.peers.usual import models
from bench.peers.usual.context import Info
from bench.peers.usual.loaders import Page
from execution.ids import encode

Node = TypeVar("Node")


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None = None


@strawberry.type
class Connection(Generic[Node]):
    """A page."""

    nodes: list[Node]
    page_info: PageInfo | None = None


@strawberry.type
class Service:
    """A service of the catalogue."""

    id: strawberry.ID
    key: str
    name: str
    family: models.ServiceFamily
    startable: bool
    premium: bool

    @classmethod
    def of(cls, row: models.Service) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(encode("service", row.id)),
            key=row.key,
            name=row.name,
            family=row.family,
            startable=row.startable,
            premium=row.premium,
        )


@strawberry.type
class SubscribedService:
    """A service of a customer."""

    id: strawberry.ID
    valid_from: datetime
    service_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: models.Subscription) -> Self:
        """From its row."""
        key = strawberry.ID(encode("subscription", row.id))
        return cls(id=key, valid_from=row.valid_from, service_id=row.service_id)

    @strawberry.field
    async def service(self, info: Info) -> Service | None:
        """Which service it is."""
        row = await info.context.loaders.service.load(self.service_id)
        return Service.of(row) if row else None


@strawberry.type
class Entitlement:
    """A balance of a support contract."""

    id: strawberry.ID
    unit: models.EntitlementUnit
    available: str
    total: str

    @classmethod
    def of(cls, row: models.Entitlement) -> Self:
        """From its row."""
        key = strawberry.ID(encode("entitlement", row.id))
        return cls(id=key, unit=row.unit, available=str(row.available), total=str(row.total))


@strawberry.type
class Participant:
    """Somebody who takes part in a ticket."""

    id: strawberry.ID
    email: str
    name: str | None
    kind: str

    @classmethod
    def of(cls, row: models.Participant) -> Self:
        """From its row."""
        return cls(id=strawberry.ID(encode("participant", row.id)), email=row.email, name=row.name, kind=row.kind)


@strawberry.type
class Message:
    """A message of a ticket."""

    id: strawberry.ID
    author_name: str
    body: str
    created_at: datetime

    @classmethod
    def of(cls, row: models.Message) -> Self:
        """From its row."""
        key = strawberry.ID(encode("message", row.id))
        return cls(id=key, author_name=row.author_name, body=row.body, created_at=row.created_at)


@strawberry.type
class Ticket:
    """A request for support."""

    id: strawberry.ID
    number: str
    summary: str
    details: str
    status: models.TicketStatus
    severity: int | None
    kind: str
    issue_type: str | None
    created_at: datetime
    row_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: models.Ticket) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(encode("ticket", row.id)),
            number=row.number or "",
            summary=row.summary,
            details=row.details,
            status=row.status,
            severity=row.severity,
            kind=row.kind,
            issue_type=row.issue_type,
            created_at=row.created_at,
            row_id=row.id,
        )

    @strawberry.field
    async def participants(self, info: Info, first: int) -> Connection[Participant]:
        """Who takes part."""
        rows = await info.context.loaders.participants.load(Page(self.row_id, first))
        return Connection(nodes=[Participant.of(row) for row in rows])

    @strawberry.field
    async def conversation(self, info: Info, first: int) -> Connection[Message]:
        """The conversation, oldest first."""
        rows = await info.context.loaders.messages.load(Page(self.row_id, first))
        return Connection(nodes=[Message.of(row) for row in rows])


@strawberry.input
class TicketFilter:
    """Which tickets."""

    open_only: bool = False


@strawberry.type
class Customer:
    """A customer of the partner."""

    id: strawberry.ID
    organization_name: str
    registered_account: str
    country: str | None
    created_at: datetime
    tenant_id: strawberry.Private[UUID]
    managed: strawberry.Private[bool]

    @classmethod
    def of(cls, row: models.Customer) -> Self:
        """From its row."""
        return cls(
            id=strawberry.ID(encode("customer", row.id)),
            organization_name=row.organization_name,
            registered_account=row.registered_account,
            country=row.country,
            created_at=row.created_at,
            tenant_id=row.customer_tenant_id,
            managed=row.status == "ACTIVE" and row.mode == "PARTNER",
        )

    @strawberry.field
    async def services(self, info: Info, first: int) -> Connection[SubscribedService]:
        """Its services."""
        rows = await info.context.loaders.services.load(Page(self.tenant_id, first))
        return Connection(nodes=[SubscribedService.of(row) for row in rows])

    @strawberry.field
    async def tickets(
        self,
        info: Info,
        first: int,
        filter: TicketFilter | None = None,  # noqa: A002 - the argument's name
    ) -> Connection[Ticket] | None:
        """Its tickets, newest first; null where it manages itself."""
        if not self.managed:
            return None
        page = Page(self.tenant_id, first, filter is not None and filter.open_only)
        rows = await info.context.loaders.tickets.load(page)
        return Connection(nodes=[Ticket.of(row) for row in rows])

    @strawberry.field
    async def entitlements(self, info: Info, first: int) -> Connection[Entitlement]:
        """Its balances."""
        rows = await info.context.loaders.entitlements.load(Page(self.tenant_id, first))
        return Connection(nodes=[Entitlement.of(row) for row in rows])


@strawberry.type
class Viewer:
    """Who asks."""

    id: strawberry.ID
    name: str
    email: str
