"""What time alone makes due: closing, deleting, forgetting."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.worker.housekeeping import close_resolved, sweep_accounts, trim_log
from app.worker.relay import rescue, take
from domain.entitlements.model import EntitlementTransaction
from domain.mail.model import MailDelivery
from domain.records.model import AuditEvent
from domain.support.objects import ObjectStore
from domain.tickets.model import Attachment, ClosureCode, TemporarySupportAccount, Ticket, TicketStatus
from domain.tickets.uploads import sweep_uploads
from execution.ids import decode, encode
from tenancy.scope import WORKER
from tests.mail.conftest import Post
from tests.schema.asking import REPLY, RESOLVE, done, invited, made, mails, uploaded
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World


@pytest.fixture
async def resolved(post: Post, world: World) -> UUID:
    """A ticket that was just called solved."""
    owner = await post.client.as_("owner@alder.example")
    ticket = made(await invited(owner, world))
    agent = await post.client.as_("agent@northstar.example")
    made(await done(agent, RESOLVE, id=ticket["id"]))
    return decode(ticket["id"])[1]


async def ticket_of(client: Running, key: UUID) -> Ticket:
    async with client.session() as session:
        return await session.get_one(Ticket, key)


async def closed(post: Post, **after: float) -> int:
    """How many tickets the job closes after some time."""
    database = post.deliveries._database
    return await close_resolved(database, 14, post.client.clock() + timedelta(**after))


async def audited(client: Running, action: str) -> list[AuditEvent]:
    async with client.session() as session:
        found = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)
        return list((await session.execute(found)).scalars())


async def test_a_resolved_ticket_is_closed_after_14_days_without_credit(post: Post, resolved: UUID) -> None:
    assert await closed(post, days=13, hours=23) == 0
    assert await closed(post, days=14) == 1
    ticket = await ticket_of(post.client, resolved)
    assert (ticket.status, ticket.closure_code) == (TicketStatus.CLOSED, ClosureCode.DECREMENT)
    assert ticket.credited_at is None
    async with post.client.session() as session:
        assert (await session.execute(select(EntitlementTransaction.id))).all() == []
    assert await closed(post, days=15) == 0


async def test_its_temporary_account_ends_with_it_and_those_who_take_part_are_told(post: Post, resolved: UUID) -> None:
    async with post.client.session() as session:
        [before] = (await session.execute(select(TemporarySupportAccount.status))).scalars().all()
    assert before == "ACTIVE"
    await closed(post, days=14)
    async with post.client.session() as session:
        [after] = (await session.execute(select(TemporarySupportAccount.status))).scalars().all()
    assert after == "REVOKED"
    letters = await mails(post.client, "ticket_closed")
    assert [letter["to"] for letter in letters] == ["ada@alder.example", "owner@alder.example"]


async def test_the_platform_itself_is_named_in_both_logs(post: Post, resolved: UUID, world: World) -> None:
    await closed(post, days=14)
    events = await audited(post.client, "ticket.close")
    assert {event.tenant_id for event in events} == {world.platform.tenant, world.alder.tenant}
    assert {(event.actor_name, event.actor_kind, event.object_id) for event in events} == {
        ("Bailiwick", "SERVICE_PRINCIPAL", resolved)
    }


async def test_what_is_open_again_stays_open(post: Post, resolved: UUID) -> None:
    owner = await post.client.as_("owner@alder.example")
    reply = await done(owner, REPLY, id=encode("ticket", resolved), input={"body": "Not yet."})
    assert reply["userErrors"] == []
    assert await closed(post, days=20) == 0
    assert (await ticket_of(post.client, resolved)).status is TicketStatus.OPEN


async def test_A19_an_ended_account_is_deleted_and_its_row_kept_as_a_record(
    post: Post, world: World, client: Running
) -> None:
    async with client.session() as session:
        key = await make.temporary_account(session, world.alder.tenant, world.alder.ticket, world.catalogue.backup)
        account = await session.get_one(TemporarySupportAccount, key)
        ends = account.expires_at
    database = post.deliveries._database
    assert await sweep_accounts(database, ends - timedelta(seconds=1)) == 0
    assert await sweep_accounts(database, ends) == 1
    assert await sweep_accounts(database, ends) == 0
    async with client.session() as session:
        assert (await session.get_one(TemporarySupportAccount, key)).deleted_at == ends
    events = await audited(client, "temporary_account.delete")
    assert {(event.tenant_id, event.object_id) for event in events} == {
        (world.platform.tenant, key),
        (world.alder.tenant, key),
    }


@pytest.mark.usefixtures("world")
async def test_A11_a_file_that_nobody_attached_is_gone_after_a_day(post: Post, tmp_path: Path) -> None:
    """In the worker's role, which may delete nothing else."""
    key = decode(await uploaded(post.client, await post.client.as_("owner@alder.example")))[1]
    store = ObjectStore.from_url(tmp_path.as_uri())
    database = post.deliveries._database
    for days, left in ((0.9, [key]), (1.1, [])):
        await sweep_uploads(database, store, post.client.clock() + timedelta(days=days))
        async with post.client.session() as session:
            assert list((await session.execute(select(Attachment.id).where(Attachment.id == key))).scalars()) == left


async def test_a_delivery_whose_job_is_gone_gets_another(post: Post, world: World) -> None:
    made(await invited(await post.client.as_("owner@alder.example"), world))
    await take(post.pool)
    assert await rescue(post.pool) == 0
    await post.pool.execute("DELETE FROM queue.pgqueuer")
    async with post.deliveries._database.writing(WORKER) as session:
        [key] = (await session.execute(select(MailDelivery.id))).scalars().all()
        await make.change(session, MailDelivery, key, due_at=post.client.clock() - timedelta(minutes=11))
    assert await rescue(post.pool) == 1
    assert await rescue(post.pool) == 1  # found again, and not given a second job
    assert await post.pool.fetchval("SELECT count(*) FROM queue.pgqueuer") == 1


async def test_old_entries_of_the_queues_log_are_forgotten(post: Post) -> None:
    await post.pool.execute("DELETE FROM queue.pgqueuer_log")
    rows: list[tuple[Any, ...]] = [(timedelta(days=8), True), (timedelta(days=8), False), (timedelta(days=6), True)]
    await post.pool.executemany(
        "INSERT INTO queue.pgqueuer_log (created, job_id, status, priority, entrypoint, aggregated)"
        " VALUES (now() - $1::interval, 1, 'successful', 0, 'x', $2)",
        rows,
    )
    await trim_log(post.pool)
    assert await post.pool.fetchval("SELECT count(*) FROM queue.pgqueuer_log") == 2
