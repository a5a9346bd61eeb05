"""What a transaction writes beside its session: rows wait, go together, and are in its scope."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.records.model import AuditEvent, OutboxEvent
from domain.tickets.model import Ticket
from tenancy.scope import WORKER, ScopeViolationError, tenant_scope
from tenancy.session import work_of
from tests.support import factories as make
from tests.support.app import Running


def mail(tenant_id: UUID, topic: str = "mail") -> dict[str, object]:
    return {"id": uuid4(), "tenant_id": tenant_id, "topic": topic, "payload": {"to": "ada@alder.example"}}


def event(tenant_id: UUID) -> dict[str, object]:
    actor = {"actor_kind": "USER", "actor_name": "Ada", "acting_tenant_id": tenant_id, "acting_tenant_name": "Alder"}
    done = {"action": "a", "object_type": "ticket", "before": None, "after": {"n": 1}}
    return {"id": uuid4(), "tenant_id": tenant_id, **actor, **done}


async def twice(client: Running, row: dict[str, object]) -> None:
    """Write a row in a transaction that does not come to its end."""
    async with client.database.writing(WORKER) as session:
        work_of(session).write(OutboxEvent.__table__, [row])
        await work_of(session).send()
        work_of(session).write(OutboxEvent.__table__, [row])


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
