"""Many tickets changed at once: each by the rules of one, and by the rights of who asked (AMB-9)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.worker.bulk import BulkOperations
from authz.roles import Role
from domain.base import new_id
from domain.bulk.commands import MOST_TICKETS, MOST_UNFINISHED
from domain.bulk.running import DEFECT, MOST_ATTEMPTS, GivenUpError, do_next
from domain.entitlements.model import Entitlement, EntitlementTransaction, TransactionKind
from domain.records.model import AuditEvent
from domain.support.model import SupportRegion
from domain.support.working_time import CalendarNeverOpenError
from domain.tenants.credentials import ApiToken, SignInSession
from domain.tenants.model import Membership, User, UserStatus
from domain.tickets.model import Ticket, TicketStatus
from execution.ids import decode, encode
from tenancy.database import Database
from tests.schema.asking import AGENT, ERRORS, LEAD, done, problems
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.factories.adding import add
from tests.support.world import World

OPERATION = """bulkOperation {
  id status errorPolicy total pending succeeded failed skipped cancelled progress requestedBy endedAt
  change { action severity closureCode assignee { email } }
  items(first: 100) { totalCount nodes { position status endedAt ticket { id } userErrors { code message field } } }
}"""
UPDATE = f"""mutation Update($input: TicketBulkUpdateInput!) {{
  ticketBulkUpdate(input: $input) {{ {OPERATION} {ERRORS} }}
}}"""
CANCEL = f"""mutation Cancel($id: ID!) {{ bulkOperationCancel(bulkOperationId: $id, input: {{}}) {{
  {OPERATION} {ERRORS}
}} }}"""
READ = f"query Read($id: ID!) {{ {OPERATION.replace('bulkOperation', 'bulkOperation(id: $id)', 1)} }}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Three tickets of Alder & Finch, and the worker's way to do what was asked for."""

    client: Running
    world: World
    tickets: tuple[UUID, ...]
    worker: Database

    @property
    def ids(self) -> list[str]:
        """The tickets' global ids."""
        return [encode("ticket", key) for key in self.tickets]

    async def ask(self, who: Client, **changes: Any) -> dict[str, Any]:
        """The payload of `ticketBulkUpdate` for all of them."""
        given: dict[str, Any] = {"ticketIds": self.ids, "change": {"action": "SET_SEVERITY", "severity": 5}}
        return await done(who, UPDATE, input=given | changes)

    async def asked(self, who: Client, **changes: Any) -> str:
        """The id of an operation that nothing was wrong with."""
        payload = await self.ask(who, **changes)
        assert payload["userErrors"] == []
        return str(payload["bulkOperation"]["id"])

    async def work(self, operation: str, most: int = 1_000) -> int:
        """Do items as a worker does, but no more than so many; how many it did."""
        for number in range(most):
            if not await do_next(self.worker, decode(operation)[1], self.client.clock()):
                return number + 1
        return most

    async def read(self, who: Client, operation: str) -> dict[str, Any]:
        """The operation as somebody sees it."""
        return dict((await who.query(READ, id=operation)).data["bulkOperation"])

    async def rows(self, column: Any) -> list[Any]:
        """A column of the tickets, in their order."""
        async with self.client.session() as session:
            found = {row[0]: row[1] for row in await session.execute(select(Ticket.id, column))}
        return [found[key] for key in self.tickets]


@pytest.fixture
async def desk(client: Running, world: World) -> AsyncIterator[Desk]:
    worker = Database(client.addresses.worker_url, pool_size=2)
    alder, backup = world.alder, world.catalogue.backup
    async with client.session() as session:
        more = [await make.ticket(session, alder.tenant, alder.user, backup) for _ in range(2)]
    yield Desk(client, world, (alder.ticket, *more), worker)
    await worker.close()


async def test_each_ticket_is_changed_and_the_operation_says_so(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent)
    waiting = await desk.read(agent, operation)
    assert (waiting["status"], waiting["pending"], waiting["progress"], waiting["endedAt"]) == ("PENDING", 3, 0.0, None)
    assert await desk.work(operation) == 3
    over = await desk.read(agent, operation)
    assert (over["status"], over["succeeded"], over["pending"], over["progress"]) == ("COMPLETED", 3, 0, 1.0)
    assert over["change"] == {"action": "SET_SEVERITY", "severity": 5, "closureCode": None, "assignee": None}
    items = [(item["position"], item["status"], item["ticket"]["id"]) for item in over["items"]["nodes"]]
    assert items == [(place, "SUCCEEDED", key) for place, key in enumerate(desk.ids)]
    assert await desk.rows(Ticket.severity) == [5, 5, 5]


async def test_AMB9_each_refusal_is_its_items_own_and_typed(desk: Desk) -> None:
    nowhere = encode("ticket", new_id())
    async with desk.client.session() as session:
        await make.change(session, Ticket, desk.tickets[1], assignee_id=desk.world.platform.lead, version=2)
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent, ticketIds=[desk.ids[0], nowhere, desk.ids[1], "ticket_x", desk.ids[2]])
    await desk.work(operation)
    over = await desk.read(agent, operation)
    assert (over["status"], over["succeeded"], over["failed"]) == ("COMPLETED_WITH_ERRORS", 2, 3)
    unseen = {"code": "NOT_FOUND", "message": "There is nothing with this id that you can see.", "field": None}
    errors = [item["userErrors"] for item in over["items"]["nodes"]]
    assert errors == [[], [unseen], [unseen], [unseen], []]


async def test_with_STOP_what_waits_is_skipped(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(
        agent, ticketIds=[desk.ids[0], encode("ticket", new_id()), desk.ids[1], desk.ids[2]], errorPolicy="STOP"
    )
    await desk.work(operation)
    over = await desk.read(agent, operation)
    counts = (over["status"], over["succeeded"], over["failed"], over["skipped"], over["pending"])
    assert counts == ("FAILED", 1, 1, 2, 0)
    assert [item["status"] for item in over["items"]["nodes"]] == ["SUCCEEDED", "FAILED", "SKIPPED", "SKIPPED"]
    assert await desk.rows(Ticket.severity) == [5, 3, 3]


async def test_AMB9_cancelling_leaves_the_rest(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent)
    await desk.work(operation, most=1)
    cancelled = (await done(agent, CANCEL, id=operation))["bulkOperation"]
    assert (cancelled["status"], cancelled["succeeded"], cancelled["cancelled"]) == ("CANCELLED", 1, 2)
    assert [item["status"] for item in cancelled["items"]["nodes"]] == ["SUCCEEDED", "CANCELLED", "CANCELLED"]
    assert await desk.work(operation) == 1
    assert await desk.rows(Ticket.severity) == [5, 3, 3]
    assert problems(await done(agent, CANCEL, id=operation)) == [("INVALID_TRANSITION", "")]


async def test_a_filter_finds_what_is_there_when_it_is_asked(desk: Desk) -> None:
    lead = await desk.client.as_(LEAD)
    found = {"tenantIds": [encode("tenant", desk.world.alder.tenant)], "openOnly": True}
    operation = await desk.asked(lead, ticketIds=None, filter=found)
    alder = desk.world.alder
    async with desk.client.session() as session:
        late = await make.ticket(session, alder.tenant, alder.user, desk.world.catalogue.backup)
    await desk.work(operation)
    assert (await desk.read(lead, operation))["succeeded"] == 3
    async with desk.client.session() as session:
        assert (await session.get_one(Ticket, late)).severity == 3


async def test_tickets_are_assigned_and_given_back(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    holder = encode("user", desk.world.platform.agent)
    operation = await desk.asked(agent, change={"action": "ASSIGN", "assigneeId": holder})
    await desk.work(operation)
    assert (await desk.read(agent, operation))["change"]["assignee"] == {"email": AGENT}
    assert await desk.rows(Ticket.assignee_id) == [desk.world.platform.agent] * 3
    await desk.work(await desk.asked(agent, change={"action": "ASSIGN"}))
    assert await desk.rows(Ticket.assignee_id) == [None] * 3


async def test_tickets_are_resolved(desk: Desk) -> None:
    await desk.work(await desk.asked(await desk.client.as_(AGENT), change={"action": "RESOLVE"}))
    assert await desk.rows(Ticket.status) == [TicketStatus.RESOLVED] * 3


async def test_D25_closing_gives_each_incident_back_once(desk: Desk) -> None:
    async with desk.client.session() as session:
        contract, balance = await make.contract(session, desk.world.alder.tenant)
        for key in desk.tickets:
            await make.change(session, Ticket, key, contract_id=contract, entitlement_id=balance)
            await make.debit(session, desk.world.alder.tenant, balance, key)
        before = (await session.get_one(Entitlement, balance)).available
    change = {"action": "CLOSE", "closureCode": "NON_DECREMENT"}
    await desk.work(await desk.asked(await desk.client.as_(LEAD), change=change))
    assert await desk.rows(Ticket.status) == [TicketStatus.CLOSED] * 3
    async with desk.client.session() as session:
        given = select(EntitlementTransaction.ticket_id).where(EntitlementTransaction.kind == TransactionKind.CREDIT)
        assert Counter((await session.execute(given)).scalars()) == Counter(desk.tickets)
        assert (await session.get_one(Entitlement, balance)).available == before + 3


async def asked_in_vain(desk: Desk, who: Client) -> str:
    """An operation whose first ticket is of a region that never opens, by whose calendar nothing can be promised."""
    async with desk.client.session() as session:
        never = await add(session, SupportRegion, key="NEVER", name="Never", timezone="UTC", countries=[])
        await make.change(session, Ticket, desk.tickets[0], region_id=never)
    change = {"action": "SET_SEVERITY", "severity": 2}
    return await desk.asked(who, ticketIds=desk.ids[:2], change=change)


async def test_a_fault_of_ours_fails_its_item_after_some_attempts_and_tells_nothing(desk: Desk) -> None:
    lead = await desk.client.as_(LEAD)
    operation = await asked_in_vain(desk, lead)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(CalendarNeverOpenError):
            await desk.work(operation)
        assert (await desk.read(lead, operation))["pending"] == 2
    with pytest.raises(GivenUpError) as given_up:
        await desk.work(operation)
    assert given_up.value.more
    await desk.work(operation)
    over = await desk.read(lead, operation)
    assert [item["status"] for item in over["items"]["nodes"]] == ["FAILED", "SUCCEEDED"]
    told = {"code": "INTERNAL", "message": DEFECT.message, "field": None}
    assert over["items"]["nodes"][0]["userErrors"] == [told]
    assert await desk.rows(Ticket.severity) == [3, 2, 3]


async def test_a_worker_goes_on_after_an_item_that_it_gave_up(desk: Desk) -> None:
    lead = await desk.client.as_(LEAD)
    operation = await asked_in_vain(desk, lead)
    job = BulkOperations(desk.worker, asyncio.Event(), desk.client.clock).run
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(CalendarNeverOpenError):
            await job(decode(operation)[1])
    assert await job(decode(operation)[1])
    assert (await desk.read(lead, operation))["status"] == "COMPLETED_WITH_ERRORS"


async def test_D25_an_agent_may_not_give_incidents_back_by_the_dozen(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent, change={"action": "CLOSE", "closureCode": "NON_DECREMENT"})
    await desk.work(operation)
    errors = [item["userErrors"][0]["code"] for item in (await desk.read(agent, operation))["items"]["nodes"]]
    assert errors == ["FORBIDDEN"] * 3
    assert await desk.rows(Ticket.status) == [TicketStatus.OPEN] * 3


async def test_AMB9_rights_are_looked_at_for_each_item_as_it_runs(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent)
    await desk.work(operation, most=1)
    async with desk.client.session() as session:
        mine = update(Membership).where(Membership.user_id == desk.world.platform.agent)
        await session.execute(mine.values(role=Role.OPERATOR))
    await desk.work(operation)
    over = await desk.read(await desk.client.as_(LEAD), operation)
    assert (over["succeeded"], over["failed"]) == (1, 2)
    assert [item["userErrors"][0]["code"] for item in over["items"]["nodes"][1:]] == ["FORBIDDEN"] * 2
    assert await desk.rows(Ticket.severity) == [5, 3, 3]


async def test_AMB9_an_account_that_has_ended_does_nothing_more(desk: Desk) -> None:
    operation = await desk.asked(await desk.client.as_(AGENT))
    async with desk.client.session() as session:
        await make.change(session, User, desk.world.platform.agent, status=UserStatus.DISABLED)
    await desk.work(operation)
    over = await desk.read(await desk.client.as_(LEAD), operation)
    assert (over["status"], over["failed"]) == ("COMPLETED_WITH_ERRORS", 3)
    assert await desk.rows(Ticket.severity) == [3, 3, 3]


async def test_AMB9_who_has_signed_out_is_done_for_all_the_same(desk: Desk) -> None:
    operation = await desk.asked(await desk.client.as_(AGENT))
    async with desk.client.session() as session:
        await session.execute(update(SignInSession).values(revoked_at=desk.client.clock()))
    await desk.work(operation)
    assert await desk.rows(Ticket.severity) == [5, 5, 5]


async def test_the_log_names_the_real_person_and_its_session(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    operation = await desk.asked(agent, ticketIds=desk.ids[:1])
    await desk.work(operation)
    async with desk.client.session() as session:
        events = (await session.execute(select(AuditEvent).order_by(AuditEvent.id))).scalars().all()
    [own] = {event.session_id for event in events if event.action == "bulk_operation.submit"}
    changed = [event for event in events if event.action == "ticket.severity_set"]
    alder, platform = desk.world.alder.tenant, desk.world.platform
    assert {event.tenant_id for event in changed} == {platform.tenant, alder}
    assert own is not None
    assert {(event.actor_user_id, event.actor_kind, event.session_id) for event in changed} == {
        (platform.agent, "USER", own)
    }
    assert {(event.acting_tenant_id, event.object_id) for event in changed} == {(platform.tenant, desk.tickets[0])}
    assert [(event.before, event.after["severity"]) for event in changed if event.after] == [({"severity": 3}, 5)] * 2


async def tool(desk: Desk, *scopes: str, **token: Any) -> tuple[Client, UUID]:
    """A machine of the platform, a lead as far as the scopes go, and its token's id."""
    platform = desk.world.platform.tenant
    async with desk.client.session() as session:
        principal = await make.service_principal(session, platform, Role.AGENT_LEAD, name="Sorter")
        key, secret = await make.api_token(session, platform, principal, scopes=list(scopes), **token)
    return desk.client.with_token(secret), key


async def test_K6_a_machine_changes_tickets_as_itself(desk: Desk) -> None:
    sorter, _ = await tool(desk, "ticket:read", "ticket:assign", "ticket:bulk_update")
    operation = await desk.asked(sorter)
    await desk.work(operation)
    assert (await desk.read(sorter, operation))["requestedBy"] == "Sorter"
    async with desk.client.session() as session:
        changed = select(AuditEvent.actor_name).where(AuditEvent.action == "ticket.severity_set").distinct()
        assert list((await session.execute(changed)).scalars()) == ["Sorter"]


async def test_K6_who_assigns_needs_no_right_to_see_accounts(desk: Desk) -> None:
    sorter, _ = await tool(desk, "ticket:read", "ticket:assign", "ticket:bulk_update")
    agent, operator = desk.world.platform.agent, desk.world.platform.operator
    brief = UPDATE.replace(OPERATION, "bulkOperation { id }")
    for somebody in (agent, operator):
        change = {"action": "ASSIGN", "assigneeId": encode("user", somebody)}
        asked = await done(sorter, brief, input={"ticketIds": desk.ids, "change": change})
        await desk.work(asked["bulkOperation"]["id"])
    assert await desk.rows(Ticket.assignee_id) == [agent] * 3  # an operator is given no tickets


async def test_K6_a_token_that_is_revoked_does_nothing_more(desk: Desk) -> None:
    sorter, token = await tool(desk, "ticket:read", "ticket:assign", "ticket:bulk_update")
    operation = await desk.asked(sorter)
    await desk.work(operation, most=1)
    async with desk.client.session() as session:
        await make.change(session, ApiToken, token, revoked_at=desk.client.clock() - timedelta(seconds=1))
    await desk.work(operation)
    assert await desk.rows(Ticket.severity) == [5, 3, 3]


async def test_K6_a_token_without_the_act_asks_for_nothing(desk: Desk) -> None:
    for scopes in (("ticket:read", "ticket:assign"), ("ticket:read", "ticket:bulk_update")):
        who, _ = await tool(desk, *scopes)
        assert problems(await desk.ask(who)) == [("FORBIDDEN", "")]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"ticketIds": None}, [("REQUIRED", "ticketIds")]),
        ({"ticketIds": []}, [("REQUIRED", "ticketIds")]),
        ({"filter": {"openOnly": True}}, [("REQUIRED", "ticketIds")]),
        ({"ticketIds": None, "filter": {"statuses": ["CLOSED"]}}, [("NOT_FOUND", "filter")]),
        ({"change": {"action": "SET_SEVERITY"}}, [("REQUIRED", "change.severity")]),
        ({"change": {"action": "CLOSE", "severity": 2}}, [
            ("OUT_OF_RANGE", "change.severity"), ("REQUIRED", "change.closureCode")
        ]),
        ({"change": {"action": "SET_SEVERITY", "severity": 6}, "ticketIds": []}, [
            ("OUT_OF_RANGE", "change.severity"), ("REQUIRED", "ticketIds")
        ]),
        ({"ticketIds": [f"ticket_{number:032x}" for number in range(MOST_TICKETS + 1)]}, [
            ("LIMIT_EXCEEDED", "ticketIds")
        ]),
    ],
)  # fmt: skip
async def test_a_form_gets_all_its_errors_at_once(
    desk: Desk, changes: dict[str, Any], refused: list[tuple[str, str]]
) -> None:
    payload = await desk.ask(await desk.client.as_(AGENT), **changes)
    assert (problems(payload), payload["bulkOperation"]) == (refused, None)


async def test_no_more_than_some_operations_wait_at_once(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    first = await desk.asked(agent)
    for _ in range(MOST_UNFINISHED - 1):
        await desk.asked(agent)
    [error] = (await desk.ask(agent))["userErrors"]
    assert (error["code"], error["limit"], error["actual"]) == ("LIMIT_EXCEEDED", MOST_UNFINISHED, MOST_UNFINISHED)
    await desk.work(first)
    await desk.asked(agent)


async def test_no_more_than_some_operations_wait_whoever_asks_at_once(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    for _ in range(MOST_UNFINISHED - 1):
        await desk.asked(agent)
    payloads = await asyncio.gather(*(desk.ask(agent) for _ in range(5)))
    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0, 1, 1, 1, 1]


async def test_a_retry_with_its_key_asks_once(desk: Desk) -> None:
    agent = await desk.client.as_(AGENT)
    once = await desk.asked(agent, idempotencyKey="sort")
    assert await desk.asked(agent, idempotencyKey="sort") == once


async def test_an_operation_is_seen_by_who_asked_and_by_leads(desk: Desk) -> None:
    async with desk.client.session() as session:
        other = await make.person(session, desk.world.platform.tenant, Role.AGENT, "other@northstar.example")
    operation = await desk.asked(await desk.client.as_(AGENT))
    assert (await (await desk.client.as_(other)).query(READ, id=operation)).codes == ["NOT_FOUND"]
    assert problems(await done(await desk.client.as_(other), CANCEL, id=operation)) == [
        ("NOT_FOUND", "bulkOperationId")
    ]
    assert (await desk.read(await desk.client.as_(LEAD), operation))["total"] == 3
    assert (await (await desk.client.as_("owner@alder.example")).query(READ, id=operation)).codes == ["FORBIDDEN"]
