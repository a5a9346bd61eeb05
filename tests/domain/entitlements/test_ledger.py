"""Balances under concurrency: what is drawn is drawn once, what is given back is given back once (spec 6)."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from authz.actor import Actor
from authz.permissions import Permission
from authz.roles import Role
from domain.base import new_id
from domain.entitlements import ledger
from domain.entitlements.ledger import Debited
from domain.entitlements.model import ContractStatus, Program, TransactionKind
from domain.errors import ErrorCode, Problem, RefusedError
from domain.services.model import ServiceFamily
from domain.tenants.model import TenantKind
from tests.domain.entitlements.holdings import NOW, Holdings, actor, channel, service, user
from tests.support.postgres import Database

DEBIT, CREDIT = TransactionKind.DEBIT, TransactionKind.CREDIT


async def debit(
    holdings: Holdings,
    contract_id: UUID | None,
    *,
    who: Actor | None = None,
    ticket_id: UUID | None = None,
    service_id: UUID | None = None,
) -> Debited:
    async with holdings.by(who or holdings.owner, Permission.TICKET_CREATE) as grant:
        return await ledger.debit(
            grant,
            contract_id=contract_id,
            service_id=service_id or holdings.service_id,
            ticket_id=ticket_id or new_id(),
        )


async def refused(holdings: Holdings, contract_id: UUID | None, **given: object) -> Problem:
    with pytest.raises(RefusedError) as caught:
        await debit(holdings, contract_id, **given)  # type: ignore[arg-type]  # as `debit` takes them
    return caught.value.problems[0]


async def credit(holdings: Holdings, ticket_id: UUID, who: Actor | None = None) -> bool:
    async with holdings.by(who or holdings.lead, Permission.TICKET_READ) as grant:
        return await ledger.credit(grant, ticket_id)


async def linked(holdings: Holdings, **values: object) -> tuple[UUID, UUID]:
    return await holdings.contract(linked_by=(holdings.tenant_id, holdings.user_id), **values)  # type: ignore[arg-type]


async def test_D23_a_debit_takes_one_incident_and_is_in_the_ledger(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    assert await debit(holdings, contract) == Debited(balance, contract, Decimal(1))
    assert await holdings.balance(balance) == (19, 20)
    assert await holdings.entries(balance) == [(DEBIT, 1)]


async def test_D23_fifty_at_once_against_twenty_units_draw_exactly_twenty(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    outcomes = await asyncio.gather(*(debit(holdings, contract) for _ in range(50)), return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, RefusedError)]
    assert sum(isinstance(outcome, Debited) for outcome in outcomes) == 20
    assert [refusal.problems[0].code for refusal in refusals] == [ErrorCode.NO_AVAILABLE_INCIDENTS] * 30
    assert await holdings.balance(balance) == (0, 20)
    assert await holdings.entries(balance) == [(DEBIT, 1)] * 20


async def test_D23_a_second_debit_of_one_ticket_leaves_nothing_half_written(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    ticket = new_id()
    await debit(holdings, contract, ticket_id=ticket)
    with pytest.raises(Exception, match="uq_entitlement_transaction_debit"):
        await debit(holdings, contract, ticket_id=ticket)
    assert await holdings.balance(balance) == (19, 20)


async def fail_after_debit(holdings: Holdings, contract_id: UUID) -> None:
    async with holdings.by(holdings.owner, Permission.TICKET_CREATE) as grant:
        await ledger.debit(grant, contract_id=contract_id, service_id=holdings.service_id, ticket_id=new_id())
        raise ZeroDivisionError


async def test_D23_a_transaction_that_fails_after_the_debit_draws_nothing(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    with pytest.raises(ZeroDivisionError):
        await fail_after_debit(holdings, contract)
    assert await holdings.balance(balance) == (20, 20)
    assert await holdings.entries(balance) == []


async def test_D25_ten_credits_at_once_give_back_once(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    ticket = new_id()
    await debit(holdings, contract, ticket_id=ticket)
    given = await asyncio.gather(*(credit(holdings, ticket) for _ in range(10)))
    assert sorted(given) == [False] * 9 + [True]
    assert await holdings.balance(balance) == (20, 20)
    assert await holdings.entries(balance) == [(DEBIT, 1), (CREDIT, 1)]


async def test_D25_nothing_is_given_back_for_a_ticket_that_drew_nothing(holdings: Holdings) -> None:
    assert await credit(holdings, new_id()) is False


async def test_AMB25_an_expired_contract_is_credited_and_stays_unusable(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    ticket = new_id()
    await debit(holdings, contract, ticket_id=ticket)
    later = NOW + timedelta(days=1000)
    assert await credit(holdings, ticket, actor(holdings.lead.tenant_id, new_id(), Role.AGENT_LEAD, later))
    assert await holdings.balance(balance) == (20, 20)
    problem = await refused(
        holdings, contract, who=actor(holdings.tenant_id, holdings.user_id, Role.TENANT_OWNER, later)
    )
    assert problem.code is ErrorCode.CONTRACT_EXPIRED


@pytest.mark.parametrize(("seconds", "usable"), [(-1, True), (0, False)])
async def test_AMB24_validity_is_half_open(holdings: Holdings, seconds: int, usable: bool) -> None:
    contract, balance = await linked(holdings, valid_until=NOW - timedelta(seconds=seconds))
    if usable:
        await debit(holdings, contract)
    else:
        assert (await refused(holdings, contract)).code is ErrorCode.CONTRACT_EXPIRED
    assert await holdings.balance(balance) == (19 if usable else 20, 20)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"valid_until": NOW - timedelta(days=1)}, ErrorCode.CONTRACT_EXPIRED),
        ({"status": ContractStatus.REVOKED}, ErrorCode.CONTRACT_EXPIRED),
        ({"status": ContractStatus.PENDING_ACTIVATION}, ErrorCode.CONTRACT_NOT_ELIGIBLE),
        ({"valid_from": NOW + timedelta(days=1)}, ErrorCode.CONTRACT_NOT_ELIGIBLE),
        ({"family": ServiceFamily.ON_PREMISES}, ErrorCode.CONTRACT_NOT_ELIGIBLE),
        ({"incidents": 0}, ErrorCode.NO_AVAILABLE_INCIDENTS),
    ],
)
async def test_D17_what_cannot_pay_is_refused_and_lists_what_can(
    holdings: Holdings, values: dict[str, object], code: ErrorCode
) -> None:
    good, _ = await linked(holdings)
    bad, balance = await linked(holdings, **values)
    problem = await refused(holdings, bad)
    assert (problem.code, problem.field, problem.data) == (code, ("supportContractId",), {"eligible": [good]})
    assert await holdings.entries(balance) == []


async def test_D26_a_cloud_programme_never_pays_for_a_service_on_premises(holdings: Holdings) -> None:
    local = new_id()
    await holdings.add(service(local, holdings.channel_id, family=ServiceFamily.ON_PREMISES))
    contract, _ = await linked(holdings, program=Program.SCS, family=ServiceFamily.ON_PREMISES)
    problem = await refused(holdings, contract, service_id=local)
    assert problem.code is ErrorCode.CONTRACT_NOT_ELIGIBLE


async def test_D29_a_channel_without_contracts_takes_none(holdings: Holdings) -> None:
    free, office = new_id(), new_id()
    await holdings.add(channel(free, contract_required=False), service(office, free))
    contract, balance = await linked(holdings)
    problem = await refused(holdings, contract, service_id=office)
    assert problem.code is ErrorCode.CONTRACT_NOT_APPLICABLE
    assert await holdings.entries(balance) == []


@pytest.mark.parametrize("needed", [True, False])
async def test_D9_a_channel_says_whether_it_needs_a_contract(holdings: Holdings, needed: bool) -> None:
    key, used = new_id(), new_id()
    await holdings.add(channel(key, contract_required=needed), service(used, key))
    async with holdings.by(holdings.owner, Permission.TICKET_CREATE) as grant:
        assert await ledger.contract_needed(grant, used) is needed


async def test_AMB27_no_contract_is_chosen_for_the_actor(holdings: Holdings) -> None:
    contracts = {(await linked(holdings))[0] for _ in range(2)}
    problem = await refused(holdings, None)
    assert problem.code is ErrorCode.SUPPORT_CONTRACT_REQUIRED
    assert set(problem.data["eligible"]) == contracts


async def test_D5_a_colleagues_contract_is_not_found(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    colleague = new_id()
    await holdings.add(user(colleague))
    who = actor(holdings.tenant_id, colleague, Role.STANDARD_USER)
    assert (await refused(holdings, contract, who=who)).code is ErrorCode.NOT_FOUND
    assert await holdings.balance(balance) == (20, 20)


async def test_D5_another_tenants_contract_is_not_found(holdings: Holdings) -> None:
    contract, balance = await linked(holdings)
    stranger = await Holdings(holdings.database).begin()
    assert (await refused(holdings, contract, who=stranger.owner)).code is ErrorCode.NOT_FOUND
    assert await holdings.balance(balance) == (20, 20)


async def test_D11_a_contract_linked_for_another_channel_does_not_pay(holdings: Holdings) -> None:
    other = new_id()
    await holdings.add(channel(other))
    contract, balance = await holdings.contract()
    await holdings.link(contract, holdings.tenant_id, holdings.user_id, other)
    assert (await refused(holdings, contract)).code is ErrorCode.SUPPORT_CONTRACT_REQUIRED
    assert await holdings.balance(balance) == (20, 20)


async def test_spec_4_4_a_partners_user_draws_on_what_a_colleague_linked(holdings: Holdings) -> None:
    partner, colleague, me = new_id(), new_id(), new_id()
    await holdings.add(await holdings.tenant(partner, TenantKind.PARTNER), user(colleague), user(me))
    contract, balance = await holdings.contract(linked_by=(partner, colleague))
    await debit(holdings, contract, who=actor(partner, me, Role.PARTNER_USER))
    assert await holdings.balance(balance) == (19, 20)


@pytest.mark.parametrize(
    "statement", ["UPDATE entitlement_transaction SET quantity = 2", "DELETE FROM entitlement_transaction"]
)
async def test_spec_4_3_the_ledger_is_append_only(database: Database, statement: str) -> None:
    connection = await asyncpg.connect(database.application_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
