"""Drawing on balances and giving back, once and in the transaction of what they pay for (spec 6, D23, D25).

Locks are taken in the order ticket, contract, entitlement.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from authz.grant import Grant
from domain.base import new_id
from domain.entitlements import queries
from domain.entitlements.model import (
    ContractStatus,
    Entitlement,
    EntitlementTransaction,
    SupportContract,
    TransactionKind,
)
from domain.errors import ErrorCode, Problem, RefusedError, refuse
from domain.support.model import SupportChannel

UNUSABLE = {
    ContractStatus.REVOKED: (ErrorCode.CONTRACT_EXPIRED, "This support contract has been withdrawn."),
    ContractStatus.EXPIRED: (ErrorCode.CONTRACT_EXPIRED, "This support contract has expired."),
    ContractStatus.PENDING_ACTIVATION: (
        ErrorCode.CONTRACT_NOT_ELIGIBLE,
        "This support contract is not valid yet.",
    ),
    ContractStatus.EXHAUSTED: (ErrorCode.NO_AVAILABLE_INCIDENTS, "Nothing is left on this support contract."),
}
PATH = ("supportContractId",)


@dataclass(frozen=True, slots=True)
class Debited:
    """What a ticket draws on."""

    entitlement_id: UUID
    contract_id: UUID
    quantity: Decimal


async def contract_needed(grant: Grant, service_id: UUID) -> bool:
    """Whether incidents about this service draw on a contract (D9, D29)."""
    return (await _channel(grant, service_id)).requires_support_contract


async def debit(
    grant: Grant,
    *,
    contract_id: UUID | None,
    service_id: UUID,
    ticket_id: UUID,
    quantity: int = 1,
    path: tuple[str, ...] = PATH,
) -> Debited:
    """Draw incidents from a contract for a ticket about a service that the actor sees.

    `path` is the input field of the contract. Refuses with NOT_FOUND, SUPPORT_CONTRACT_REQUIRED (none chosen: never
    picked for the actor, AMB-27), CONTRACT_NOT_APPLICABLE (D29), CONTRACT_EXPIRED, CONTRACT_NOT_ELIGIBLE or
    NO_AVAILABLE_INCIDENTS; the refusals list the contracts that could pay.
    """
    problem = await contract_problem(grant, contract_id, service_id, path)
    drawn = await _draw(grant, contract_id, quantity) if contract_id and problem is None else None
    if drawn is None or contract_id is None:
        exhausted = UNUSABLE[ContractStatus.EXHAUSTED]
        raise RefusedError([problem or await _refusal(grant, exhausted, service_id, path)])
    await _record(grant, drawn, ticket_id, quantity)
    return Debited(drawn["id"], contract_id, Decimal(quantity))


async def contract_problem(
    grant: Grant, contract_id: UUID | None, service_id: UUID, path: tuple[str, ...] = PATH
) -> Problem | None:
    """Why this contract cannot pay for a request about the service, if it cannot; `debit` looks at it anew."""
    channel = await _channel(grant, service_id)
    if not channel.requires_support_contract:
        message = "Requests for this service do not use support contracts."
        return Problem(ErrorCode.CONTRACT_NOT_APPLICABLE, message, path)
    refused = await _reason_against(grant, contract_id, service_id, channel.id)
    return await _refusal(grant, refused, service_id, path) if refused else None


async def credit(grant: Grant, ticket_id: UUID) -> bool:
    """Give back what a ticket drew, once, however often and by whomever it is asked (D25).

    False where there is nothing to give. The caller has locked the ticket. An expired balance grows too, and stays
    unusable (AMB-25).
    """
    drawn = EntitlementTransaction
    debits = select(
        literal(new_id()),
        drawn.tenant_id,
        drawn.entitlement_id,
        drawn.ticket_id,
        drawn.id,
        literal(TransactionKind.CREDIT, drawn.kind.type),
        drawn.quantity,
        literal(grant.actor.user_id),
        literal(grant.now),
    ).where(drawn.ticket_id == ticket_id, drawn.kind == TransactionKind.DEBIT)
    columns = ("id", "tenant_id", "entitlement_id", "ticket_id", "debit_id", "kind", "quantity", "actor_user_id")
    # The index's own text: as a bound value, the prepared statement's generic plan would not find the index.
    credited = (
        insert(drawn)
        .from_select([*columns, "occurred_at"], debits)
        .on_conflict_do_nothing(index_elements=["ticket_id"], index_where=text("kind = 'CREDIT'"))
        .returning(drawn.entitlement_id, drawn.quantity)
    )
    row = (await grant.run(credited)).first()
    if row is None:
        return False
    balance = Entitlement
    grown = (
        update(balance)
        .where(balance.id == row.entitlement_id, balance.available + row.quantity <= balance.total)
        .values(available=balance.available + row.quantity)
        .returning(balance.id)
    )
    if (await grant.run(grown)).first() is None:
        raise RuntimeError(f"the balance {row.entitlement_id} does not have room for what was drawn from it")
    return True


async def _refusal(grant: Grant, reason: tuple[ErrorCode, str], service_id: UUID, path: tuple[str, ...]) -> Problem:
    """What is told of a contract that cannot pay: with those that could."""
    channel = await _channel(grant, service_id)
    eligible = list(await grant.all(queries.usable_contract_ids(grant, service_id, channel.id)))
    return Problem(*reason, path, {"eligible": eligible})


async def _channel(grant: Grant, service_id: UUID) -> SupportChannel:
    channel = await grant.first(queries.channel_of_service(grant, service_id))
    if channel is None:
        refuse(ErrorCode.NOT_FOUND, "There is no such service that you can see.", "serviceId")
    return channel  # type: ignore[no-any-return]  # the first column of that query


async def _reason_against(
    grant: Grant, contract_id: UUID | None, service_id: UUID, channel_id: UUID
) -> tuple[ErrorCode, str] | None:
    """Why this contract cannot pay, if it cannot."""
    if contract_id is None:
        return ErrorCode.SUPPORT_CONTRACT_REQUIRED, "Choose the support contract that pays for this."
    found = await grant.rows(queries.standing, contract_id=contract_id, service_id=service_id, channel_id=channel_id)
    if not found:
        return ErrorCode.NOT_FOUND, "There is nothing with this id that you can see."
    contract = found[0]
    if not contract["covered"]:
        return ErrorCode.CONTRACT_NOT_ELIGIBLE, "This support contract does not cover this service."
    if not contract["linked"]:
        return ErrorCode.SUPPORT_CONTRACT_REQUIRED, "Link this support contract for the service's channel first."
    return UNUSABLE.get(contract["status"])


async def _draw(grant: Grant, contract_id: UUID, quantity: int) -> Any | None:
    """Take `quantity` from the first of the contract's balances that has it: the only write that decides (spec 6)."""
    balance, contract = Entitlement, SupportContract
    for key in await grant.all(queries.incident_balances(grant, contract_id, quantity)):
        drawn = (
            update(balance)
            .where(
                balance.id == key,
                balance.available >= quantity,
                contract.id == balance.contract_id,
                contract.status == ContractStatus.ACTIVE,
                contract.valid_from <= grant.now,
                contract.valid_until > grant.now,
            )
            .values(available=balance.available - quantity)
            .returning(balance.id, balance.tenant_id)
        )
        row = (await grant.run(drawn)).mappings().first()
        if row is not None:
            return row
    return None


async def _record(grant: Grant, entitlement: Any, ticket_id: UUID, quantity: int) -> None:
    entry = insert(EntitlementTransaction).values(
        id=new_id(),
        tenant_id=entitlement["tenant_id"],
        entitlement_id=entitlement["id"],
        ticket_id=ticket_id,
        kind=TransactionKind.DEBIT,
        quantity=quantity,
        actor_user_id=grant.actor.user_id,
        occurred_at=grant.now,
    )
    await grant.run(entry)
