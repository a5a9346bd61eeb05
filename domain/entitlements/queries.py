"""Every SELECT of support contracts and entitlements."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists

from authz.grant import Grant
from domain.entitlements.conditions import covers, has_incident, linked_for, status_of_contract
from domain.entitlements.model import ContractStatus, Entitlement, EntitlementUnit, SupportContract
from domain.services.model import Service
from domain.support.model import SupportChannel


def usable_contract_ids(grant: Grant, service_id: UUID, channel_id: UUID) -> Select[Any]:
    """Contracts that can pay for an incident about this service (D17)."""
    return (
        grant.select(SupportContract, SupportContract.id)
        .where(*usable(grant, service_id, channel_id))
        .order_by(SupportContract.access_id, SupportContract.id)
    )


def usable(grant: Grant, service_id: UUID, channel_id: UUID) -> tuple[Any, ...]:
    """The conditions of D17: eligible for the service, neither expired nor empty, and linked for the channel (D11)."""
    return (
        linked_for(grant.actor, channel_id),
        status_of_contract() == ContractStatus.ACTIVE,
        covers(service_id),
        has_incident(),
    )


def standing(grant: Grant, contract_id: UUID, service_id: UUID, channel_id: UUID) -> Select[Any]:
    """What speaks for or against paying with one contract."""
    return grant.select(
        SupportContract,
        status_of_contract().label("status"),
        covers(service_id).label("covered"),
        linked_for(grant.actor, channel_id).label("linked"),
    ).where(SupportContract.id == contract_id)


def incident_balances(grant: Grant, contract_id: UUID, quantity: int) -> Select[Any]:
    """The balances of a contract that seem to have enough, in the order in which they are locked."""
    balance = Entitlement
    return (
        grant.select(balance, balance.id)
        .where(balance.contract_id == contract_id, balance.unit == EntitlementUnit.INCIDENT)
        .where(balance.available >= quantity)
        .order_by(balance.id)
    )


def channel_of_service(grant: Grant, service_id: UUID) -> Select[Any]:
    """The channel through which requests about a service are made."""
    seen = exists().where(Service.id == service_id, Service.visible_to(grant.actor))
    return grant.select(SupportChannel).where(seen.where(Service.channel_id == SupportChannel.id))
