"""Sums that the database holds, whoever writes (spec 4.3, 4-6 and 8)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncpg.exceptions import CheckViolationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.entitlements.model import Entitlement, EntitlementTransaction, TransactionKind
from domain.services.model import ServiceSubscription, SubscriptionKind, SubscriptionPool, SubscriptionStatus
from tests.support import factories as make
from tests.support.app import Running
from tests.support.factories.adding import add
from tests.support.world import World


async def refused(client: Running, why: str, write: Callable[[AsyncSession], Awaitable[Any]]) -> None:
    """What is written is refused, at once or when its transaction ends."""

    async def written() -> None:
        async with client.session() as session:
            await write(session)

    with pytest.raises((IntegrityError, CheckViolationError), match=why):
        await written()


async def test_D2_a_balance_does_not_change_without_its_ledger(client: Running, world: World) -> None:
    async with client.session() as session:
        _, balance = await make.contract(session, world.alder.tenant)
    await refused(client, "its ledger says 0", lambda session: make.change(session, Entitlement, balance, available=19))


async def test_D23_an_entry_does_not_stand_without_its_draw(client: Running, world: World) -> None:
    async with client.session() as session:
        _, balance = await make.contract(session, world.alder.tenant)
    drawn = {"entitlement_id": balance, "ticket_id": new_id(), "kind": TransactionKind.DEBIT, "quantity": 1}
    await refused(
        client,
        "its ledger says 1",
        lambda session: add(session, EntitlementTransaction, tenant_id=world.alder.tenant, **drawn),
    )


async def test_D25_a_credit_gives_back_a_debit_of_its_own_ticket(client: Running, world: World) -> None:
    async with client.session() as session:
        _, balance = await make.contract(session, world.alder.tenant)
        debit = await make.debit(session, world.alder.tenant, balance, new_id())
    back = {"entitlement_id": balance, "kind": TransactionKind.CREDIT, "quantity": 1, "debit_id": debit}
    await refused(
        client,
        "gives back what a debit of its ticket has drawn",
        lambda session: add(session, EntitlementTransaction, tenant_id=world.alder.tenant, ticket_id=new_id(), **back),
    )


async def pooled(client: Running, world: World, seats: int) -> tuple[Any, Any]:
    """A pool of 30 seats of which a subscription takes some: the ids of both."""
    async with client.session() as session:
        pool = await make.pool(session, world.meridian.tenant, world.catalogue.backup, 30)
        return pool, await take(session, world, pool, seats)


async def take(session: AsyncSession, world: World, pool: Any, seats: int) -> Any:
    terms = {"kind": SubscriptionKind.POOLED, "pool_id": pool, "seats": seats}
    return await make.subscription(session, world.alder.tenant, world.catalogue.backup, **terms)


async def assigned(client: Running, pool: Any) -> int:
    async with client.session() as session:
        found = await session.get(SubscriptionPool, pool)
        assert found is not None
        return found.seats_assigned


async def test_spec_4_3_a_pool_counts_the_seats_that_are_taken_from_it(client: Running, world: World) -> None:
    pool, subscription = await pooled(client, world, 20)
    assert await assigned(client, pool) == 20
    async with client.session() as session:
        await make.change(session, ServiceSubscription, subscription, seats=30)
    assert await assigned(client, pool) == 30


async def test_spec_4_3_a_pool_gives_no_more_seats_than_it_has(client: Running, world: World) -> None:
    pool, _ = await pooled(client, world, 20)
    await refused(client, "seats_within_total", lambda session: take(session, world, pool, 11))
    assert await assigned(client, pool) == 20


async def test_AMB12_seats_of_what_has_ended_return_to_the_pool(client: Running, world: World) -> None:
    pool, subscription = await pooled(client, world, 20)
    async with client.session() as session:
        await make.change(session, ServiceSubscription, subscription, status=SubscriptionStatus.ENDED)
    assert await assigned(client, pool) == 0


async def test_A19_fifteen_days_are_360_hours_where_clocks_change(client: Running, world: World) -> None:
    """A server in a zone with summer time has a day of 23 hours in its spring."""
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    granted = {"granted_at": at, "expires_at": at + timedelta(hours=360)}
    async with client.session() as session:
        await session.execute(text("SET LOCAL TIME ZONE 'Europe/Berlin'"))
        ticket, service = world.alder.ticket, world.catalogue.backup
        await make.temporary_account(session, world.alder.tenant, ticket, service, **granted)
