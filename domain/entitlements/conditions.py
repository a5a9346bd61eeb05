"""What is true of a contract or a balance at the instant of the request, as SQL: none of it is stored (spec 4.2)."""

from typing import Any

from sqlalchemy import Case, ColumnElement, any_, case, exists, literal, or_

from authz import binds
from authz.powers import Powers
from domain.entitlements.model import (
    CLOUD_ONLY,
    ContractStatus,
    Entitlement,
    EntitlementUnit,
    SupportContract,
    SupportContractEligibility,
    linked_contracts,
)
from domain.services.model import Service, ServiceFamily


def status_of_contract() -> Case[Any]:
    """Where a contract stands; valid in the half-open time [valid_from, valid_until) (AMB-24)."""
    balance = Entitlement
    left = exists().where(balance.contract_id == SupportContract.id, balance.available > 0)
    return _status(~left.correlate(SupportContract))


def status_of_entitlement() -> Case[Any]:
    """Where a balance stands: as its contract, and exhausted when nothing is left of it."""
    return _status(Entitlement.available <= 0)


def covers(service_id: Any) -> ColumnElement[bool]:
    """Whether a contract covers a service, by itself or by its family, and its programme lets it (D17, D26)."""
    eligibility = SupportContractEligibility
    by_rule = or_(eligibility.service_id == Service.id, eligibility.family == Service.family)
    by_programme = or_(SupportContract.program.not_in(CLOUD_ONLY), Service.family != ServiceFamily.ON_PREMISES)
    covered = exists().where(Service.id == service_id, eligibility.contract_id == SupportContract.id)
    return covered.where(by_rule, by_programme).correlate(SupportContract)


def linked_for(powers: Powers, channel_id: Any) -> ColumnElement[bool]:
    """Whether the actor linked a contract for a channel (D11); any user of a partner may have (spec 4.4)."""
    linked = linked_contracts(powers, lambda link: link.channel_id == channel_id)
    return SupportContract.id == any_(linked)


def has_incident() -> ColumnElement[bool]:
    """Whether an incident is left on a contract."""
    left = exists().where(
        Entitlement.contract_id == SupportContract.id,
        Entitlement.unit == EntitlementUnit.INCIDENT,
        Entitlement.available >= 1,
    )
    return left.correlate(SupportContract)


def _status(exhausted: ColumnElement[bool]) -> Case[Any]:
    contract = SupportContract

    def named(status: ContractStatus) -> ColumnElement[Any]:
        return literal(status, contract.status.type)

    return case(
        (contract.status == ContractStatus.REVOKED, named(ContractStatus.REVOKED)),
        (contract.valid_until <= binds.NOW, named(ContractStatus.EXPIRED)),
        (contract.status == ContractStatus.PENDING_ACTIVATION, named(ContractStatus.PENDING_ACTIVATION)),
        (contract.valid_from > binds.NOW, named(ContractStatus.PENDING_ACTIVATION)),
        (exhausted, named(ContractStatus.EXHAUSTED)),
        else_=named(ContractStatus.ACTIVE),
    )
