"""What a transaction writes beside its session: rows wait, go together, and are in its scope."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Text, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.records.model import AuditEvent, OutboxEvent
from domain.tenants.model import Tenant
from domain.tickets.model import Ticket
from tenancy.scope import WORKER, ScopeViolationError, tenant_scope
from tenancy.session import work_of
from tenancy.work import ClaimedError, Work, readable
from tests.support import factories as make
from tests.support.app import Running


def mail(tenant_id: UUID, topic: str = "mail") -> dict[str, object]:
    return {"id": uuid4(), "tenant_id": tenant_id, "topic": topic, "payload": {"to": "ada@alder.example"}}


def event(tenant_id: UUID) -> dict[str, object]:
    actor = {"actor_kind": "USER", "actor_name": "Ada", "acting_tenant_id": tenant_id, "acting_tenant_name": "Alder"}
    done = {"action": "a", "object_type": "ticket", "before": None, "after": {"n": 1}}
    return {"id": uuid4(), "tenant_id": tenant_id, **actor, **done}


ONE: Any = select(Tenant.id, Tenant.name).where(Tenant.id == bindparam("key", type_=Uuid()))
TENANTS = readable(ONE)
NOBODY = {"key": UUID(int=0)}


def taking() -> Any:
    """Claims the id of a mail."""
    values = {"id": bindparam("mail_id", type_=Uuid()), "tenant_id": bindparam("owner_id", type_=Uuid())}
    made = insert(OutboxEvent).values(**values, topic=bindparam("topic", type_=Text()), payload={})
    return made.on_conflict_do_nothing().returning(OutboxEvent.id)


def take(work: Work, owner: UUID, topic: str) -> None:
    """Let it be claimed: the same by all."""
    work.begin(taking, {"mail_id": UUID(int=7), "owner_id": owner, "topic": topic})


async def twice(client: Running, row: dict[str, object]) -> None:
    """Write a row in a transaction that does not come to its end."""
    async with client.database.writing(WORKER) as session:
        work_of(session).write(OutboxEvent.__table__, [row])
        await work_of(session).send()
        work_of(session).write(OutboxEvent.__table__, [row])


async def in_vain(client: Running, owner: UUID, read: UUID) -> None:
    """A transaction that comes second."""
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "second")
        session.add(OutboxEvent(**mail(owner, "in vain")))
        work_of(session).write(OutboxEvent.__table__, [mail(owner, "in vain")])
        await work_of(session).fetch(TENANTS, {"key": read})


async def tenant(client: Running) -> UUID:
    async with client.session() as session:
        return await make.tenant(session)


async def topics(session: AsyncSession) -> list[str]:
    return list((await session.execute(select(OutboxEvent.topic).order_by(OutboxEvent.topic))).scalars())


async def test_rows_are_there_when_the_transaction_has_ended(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(tenant_scope(owner, None)) as session:
        work_of(session).write(OutboxEvent.__table__, [mail(owner, "a")])
        work_of(session).write(OutboxEvent.__table__, [mail(owner, "b")])

    async with client.session() as session:
        assert await topics(session) == ["a", "b"]


async def test_nothing_is_left_of_a_transaction_that_fails(client: Running) -> None:
    row = mail(await tenant(client))
    with pytest.raises(Exception, match="pk_outbox_event"):
        await twice(client, row)

    async with client.session() as session:
        assert await topics(session) == []


async def test_rows_out_of_scope_are_refused_by_the_database(client: Running) -> None:
    owner = await tenant(client)
    with pytest.raises(Exception, match="row-level security"):
        async with client.database.writing(tenant_scope(uuid4(), None)) as session:
            work_of(session).write(AuditEvent.__table__, [event(owner)])


async def test_rows_that_name_a_partner_out_of_scope_are_refused_before_they_are_sent(client: Running) -> None:
    with pytest.raises(ScopeViolationError):
        async with client.database.writing(tenant_scope(uuid4(), None)) as session:
            work_of(session).write(Ticket.__table__, [{"tenant_id": uuid4(), "managing_partner_id": uuid4()}])


async def test_what_is_there_already_stays_as_it_is(client: Running) -> None:
    row = mail(await tenant(client))
    async with client.database.writing(WORKER) as session:
        for topic in ("first", "second"):
            work_of(session).write(OutboxEvent.__table__, [row | {"topic": topic}], once=True)
            await work_of(session).send()

        assert await topics(session) == ["first"]


async def test_nothing_in_a_json_column_is_jsons_null_as_the_session_writes_it(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        session.add(AuditEvent(**event(owner)))
        work_of(session).write(AuditEvent.__table__, [event(owner)])

    async with client.session() as session:
        kinds = select(func.jsonb_typeof(AuditEvent.before), func.jsonb_typeof(AuditEvent.after))
        assert (await session.execute(kinds)).all() == [("null", "object")] * 2


async def test_what_is_read_first_comes_with_what_is_claimed(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        work = work_of(session)
        take(work, owner, "claimed")
        found = await work.fetch(TENANTS, {"key": owner})
        assert [(row["id"], set(row)) for row in found] == [(owner, {"id", "name"})]
        assert await topics(session) == ["claimed"]
        assert [row["id"] for row in await work.fetch(TENANTS, {"key": owner})] == [owner]


async def test_something_is_claimed_though_there_is_nothing_to_read(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "claimed")
        assert await work_of(session).fetch(TENANTS, NOBODY) == []
        assert await topics(session) == ["claimed"]


async def test_it_is_claimed_by_what_is_written_first(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "claimed")
        work_of(session).write(OutboxEvent.__table__, [mail(owner, "written")])
        await work_of(session).send()
        assert await topics(session) == ["claimed", "written"]


async def test_it_is_claimed_though_nothing_is_read_or_written(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "claimed")

    async with client.session() as session:
        assert await topics(session) == ["claimed"]


async def test_a_transaction_that_comes_second_is_undone(client: Running) -> None:
    owner = await tenant(client)
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "first")
    for read in (owner, UUID(int=0)):
        with pytest.raises(ClaimedError):
            await in_vain(client, owner, read)

    async with client.session() as session:
        assert await topics(session) == ["first"]


async def test_what_is_read_with_a_claim_has_parameters_of_its_own(client: Running) -> None:
    owner = await tenant(client)
    same: Any = select(Tenant.id).where(Tenant.id == bindparam("owner_id", type_=Uuid()))
    async with client.database.writing(WORKER) as session:
        take(work_of(session), owner, "claimed")
        with pytest.raises(ValueError, match="owner_id"):
            await work_of(session).fetch(readable(same), {"owner_id": owner})
