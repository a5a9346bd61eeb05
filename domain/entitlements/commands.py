"""What is done with support contracts and balances."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.entitlements import queries
from domain.entitlements.model import (
    CLOUD_ONLY,
    Entitlement,
    EntitlementTransaction,
    EntitlementUnit,
    SupportContract,
    SupportContractLink,
    TransactionKind,
)
from domain.entitlements.verification import INVALID, Finding
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.support.model import SignInKind, SupportChannel
from domain.support.text import check_text
from domain.tenants.model import User

MOST_ADJUSTED = Decimal(1_000_000)
LONGEST_REASON = 500


@requires(Permission.CONTRACT_LINK)
async def link(grant: Grant, finding: Finding, channel_id: UUID) -> UUID:
    """Associate a verified contract with the actor's sign-in for one channel (D5, D10, D11); twice is once.

    Anyone with both ids may (AMB-28). Refuses as `finding` does, and with NOT_FOUND, CONTRACT_NOT_APPLICABLE (D29) and
    WRONG_SIGN_IN (D11) at `channelId`; a cloud programme's ids are invalid for a channel of services on premises (D26).
    """
    contract = finding.contract()
    channel = await grant.find(SupportChannel, channel_id)
    if channel is None:
        refuse(ErrorCode.NOT_FOUND, "There is nothing with this id that you can see.", "channelId")
    await _check_channel(grant, channel)
    if contract.program in CLOUD_ONLY and await grant.first(queries.is_on_premises(grant, channel.id)):
        refuse(INVALID.code, INVALID.message)
    row = SupportContractLink
    values = {
        "tenant_id": grant.actor.tenant_id,
        "user_id": grant.actor.user_id,
        "contract_id": contract.contract_id,
        "channel_id": channel.id,
    }
    new = insert(row).values(id=new_id(), linked_at=grant.now, **values).on_conflict_do_nothing().returning(row.id)
    key: UUID | None = (await grant.run(new)).scalar()
    if key is None:
        return await _existing(grant, contract.contract_id, channel.id)
    after = {"contract_id": str(contract.contract_id), "channel": channel.key}
    audit(grant, "support_contract.link", "support_contract_link", key, contract.holder_id, after=after)
    return key


@requires(Permission.CONTRACT_LINK)
async def unlink(grant: Grant, link_id: UUID) -> UUID:
    """End an association of the actor's own sign-in (D5); what was drawn stays drawn. Gives the contract's id."""
    found = await grant.get(SupportContractLink, link_id, lock=True)
    if found.revoked_at is None:
        holder = await grant.first(
            grant.select(SupportContract, SupportContract.tenant_id).where(SupportContract.id == found.contract_id)
        )
        found.revoked_at = grant.now
        concerned = [holder] if holder else []
        audit(grant, "support_contract.unlink", "support_contract_link", found.id, *concerned)
    return found.contract_id


@requires(Permission.ENTITLEMENT_ADJUST)
async def adjust(grant: Grant, entitlement_id: UUID, quantity: Decimal, reason: str) -> None:
    """Correct a balance by hand (spec 6): what was granted and what is left change, and what was used stays."""
    entitlement = await grant.get(Entitlement, entitlement_id, lock=True)
    text = _checked(entitlement, quantity, reason)
    before = {"total": str(entitlement.total), "available": str(entitlement.available)}
    entitlement.total += quantity
    entitlement.available += quantity
    entry = insert(EntitlementTransaction).values(
        id=new_id(),
        tenant_id=entitlement.tenant_id,
        entitlement_id=entitlement.id,
        kind=TransactionKind.ADJUST,
        quantity=quantity,
        actor_user_id=grant.actor.user_id,
        reason=text,
        occurred_at=grant.now,
    )
    await grant.run(entry)
    after = {"total": str(entitlement.total), "available": str(entitlement.available), "reason": text}
    concerned = entitlement.tenant_id
    audit(grant, "entitlement.adjust", "entitlement", entitlement.id, concerned, before=before, after=after)


async def _check_channel(grant: Grant, channel: Any) -> None:
    if not channel.requires_support_contract:
        refuse(ErrorCode.CONTRACT_NOT_APPLICABLE, "This channel does not use support contracts.", "channelId")
    user = await grant.get(User, grant.actor.user_id)
    if channel.sign_in_kind not in (SignInKind.LOCAL, user.sign_in_kind):
        message = f"This channel takes a sign-in of the kind {channel.sign_in_kind}."
        refuse(ErrorCode.WRONG_SIGN_IN, message, "channelId")


async def _existing(grant: Grant, contract_id: UUID, channel_id: UUID) -> UUID:
    row = SupportContractLink
    key = await grant.first(
        grant.select(row, row.id).where(
            row.contract_id == contract_id, row.channel_id == channel_id, row.revoked_at.is_(None)
        )
    )
    if key is None:
        refuse(ErrorCode.CONFLICT, "The link was ended at this moment: try again.")
    return key  # type: ignore[no-any-return]  # the first column


def _checked(entitlement: Entitlement, quantity: Decimal, reason: str) -> str:
    """The reason, if it and the quantity can stand."""
    problems = Problems()
    text = check_text(reason, problems, "reason", most=LONGEST_REASON, required=True, lines=True)
    whole = Decimal(1) if entitlement.unit is EntitlementUnit.INCIDENT else Decimal("0.01")
    if not quantity.is_finite() or quantity == 0 or abs(quantity) > MOST_ADJUSTED:
        problems.add(ErrorCode.OUT_OF_RANGE, f"Give a quantity other than 0, up to {MOST_ADJUSTED}.", "quantity")
    elif quantity % whole:
        problems.add(ErrorCode.OUT_OF_RANGE, f"A quantity of this unit is a multiple of {whole}.", "quantity")
    elif entitlement.available + quantity < 0:
        message = f"No more than {entitlement.available} can be taken away."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "quantity")
    problems.refuse_if_any()
    return text
