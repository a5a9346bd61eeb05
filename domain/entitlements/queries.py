"""Every SELECT of support contracts and entitlements."""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Select, Uuid, and_, bindparam, cast, exists, literal

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.entitlements.conditions import (
    covers,
    has_incident,
    linked_for,
    status_of_contract,
    status_of_entitlement,
)
from domain.entitlements.criteria import EntitlementCriteria, matching
from domain.entitlements.model import (
    ContractStatus,
    Entitlement,
    EntitlementTransaction,
    EntitlementUnit,
    SupportContract,
    SupportContractEligibility,
    SupportContractLink,
)
from domain.services.model import Service, ServiceFamily
from domain.support.model import SupportChannel
from execution.ids import decode_as
from execution.paging import Key, Listing
from execution.relation import Parents


@requires(Permission.CONTRACT_READ)
def contract_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Support contracts by their ids."""
    return contracts(grant).where(parents.match(SupportContract.id))


@requires(Permission.CONTRACT_READ)
def contracts_of_tenants(grant: Grant, parents: Parents) -> Listing:
    """Support contracts that these tenants hold and the actor sees."""
    statement = contracts(grant).where(parents.match(SupportContract.tenant_id))
    return Listing(statement, (Key(SupportContract.id),))


@requires(Permission.CONTRACT_READ)
def eligibility_of_contracts(grant: Grant, parents: Parents) -> Listing:
    """What these contracts cover (D17)."""
    statement = grant.rows_of(SupportContractEligibility).where(parents.match(SupportContractEligibility.contract_id))
    return Listing(statement, (Key(SupportContractEligibility.id),))


@requires(Permission.CONTRACT_READ)
def eligible_contracts(grant: Grant, service_id: UUID, channel_id: UUID) -> Select[Any]:
    """Contracts that can pay for an incident about a service (D17): what cannot is not shown."""
    return contracts(grant).where(*paying(grant, service_id, channel_id)).order_by(*IN_ORDER)


@requires(Permission.CONTRACT_READ)
def link_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """The actor's own links by their ids."""
    return _links(grant, None).where(parents.match(SupportContractLink.id))


@requires(Permission.CONTRACT_READ)
def links_of_viewer(grant: Grant, parents: Parents, *, service_id: str | None = None) -> Listing:
    """What these users, of whom the actor sees itself alone, have linked, with what speaks against using it (D27).

    `service_id` is the global id of the service in question.
    """
    live = SupportContractLink.revoked_at.is_(None)
    service = decode_as("service", service_id) if service_id else None
    statement = _links(grant, service).where(parents.match(SupportContractLink.user_id), live)
    return Listing(statement, (Key(SupportContractLink.linked_at), Key(SupportContractLink.id)))


@requires(Permission.ENTITLEMENT_READ)
def entitlement_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Entitlements by their ids."""
    return _entitlements(grant).where(parents.match(Entitlement.id))


@requires(Permission.ENTITLEMENT_READ)
def listing(grant: Grant, criteria: EntitlementCriteria) -> Listing:
    """Entitlements that the actor sees."""
    return _listed(_entitlements(grant).where(*matching(criteria)))


@requires(Permission.ENTITLEMENT_READ)
def entitlements_of_tenants(
    grant: Grant, parents: Parents, *, unit: EntitlementUnit | None = None, usable: bool | None = None
) -> Listing:
    """Entitlements that these tenants hold and the actor sees."""
    criteria = EntitlementCriteria(unit, usable)
    return _listed(_entitlements(grant).where(parents.match(Entitlement.tenant_id), *matching(criteria)))


@requires(Permission.ENTITLEMENT_READ)
def entitlements_of_contracts(grant: Grant, parents: Parents) -> Listing:
    """The balances of these contracts."""
    return _listed(_entitlements(grant).where(parents.match(Entitlement.contract_id)))


@requires(Permission.ENTITLEMENT_READ)
def transaction_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Entries of the ledger by their ids."""
    return grant.rows_of(EntitlementTransaction).where(parents.match(EntitlementTransaction.id))


@requires(Permission.ENTITLEMENT_READ)
def transactions_of_entitlements(grant: Grant, parents: Parents) -> Listing:
    """The ledger of these balances, newest first, for managers of the holder and platform staff."""
    entry = EntitlementTransaction
    statement = grant.rows_of(entry).where(parents.match(entry.entitlement_id))
    return Listing(statement, (Key(entry.occurred_at, descending=True), Key(entry.id, descending=True)))


IN_ORDER = (SupportContract.access_id, SupportContract.id)


def contracts(grant: Grant) -> Select[Any]:
    """What clients may know of contracts: never the secret half of the ids (AMB-29)."""
    contract = SupportContract
    columns = (
        contract.id,
        contract.tenant_id,
        contract.access_id,
        contract.plan_name,
        contract.program,
        contract.partner_number,
        contract.country,
        contract.valid_from,
        contract.valid_until,
        contract.sharing,
    )
    return grant.select(contract, *columns, status_of_contract().label("status"))


def usable_contract_ids(grant: Grant, service_id: UUID, channel_id: UUID) -> Select[Any]:
    """The ids of contracts that can pay for an incident about this service (D17)."""
    statement = grant.select(SupportContract, SupportContract.id).where(*paying(grant, service_id, channel_id))
    return statement.order_by(*IN_ORDER)


def paying(grant: Grant, service_id: UUID, channel_id: UUID) -> tuple[Any, ...]:
    """The conditions of D17: eligible for the service, neither expired nor empty, and linked for the channel (D11)."""
    return (
        linked_for(grant.powers, channel_id),
        status_of_contract() == ContractStatus.ACTIVE,
        covers(service_id),
        has_incident(),
    )


def standing(grant: Grant) -> Select[Any]:
    """What speaks for or against paying with `contract_id` for `service_id`, whose channel is `channel_id`."""
    contract_id, service_id, channel_id = (
        bindparam(name, type_=Uuid()) for name in ("contract_id", "service_id", "channel_id")
    )
    columns = (
        status_of_contract().label("status"),
        covers(service_id).label("covered"),
        linked_for(grant.powers, channel_id).label("linked"),
    )
    return grant.select(SupportContract, *columns).where(SupportContract.id == contract_id)


def incident_balances(grant: Grant, contract_id: UUID, quantity: int) -> Select[Any]:
    """The balances of a contract that seem to have enough, in the order in which they are locked."""
    balance = Entitlement
    enough = (balance.unit == EntitlementUnit.INCIDENT, balance.available >= quantity)
    return grant.select(balance, balance.id).where(balance.contract_id == contract_id, *enough).order_by(balance.id)


def channel_of_service(grant: Grant, service_id: UUID) -> Select[Any]:
    """The channel through which requests about a service that the actor sees are made."""
    seen = exists().where(Service.id == service_id, Service.visible_to(grant.powers))
    return grant.select(SupportChannel).where(seen.where(Service.channel_id == SupportChannel.id))


def is_on_premises(grant: Grant, channel_id: UUID) -> Select[Any]:
    """A row where a channel serves services on premises and no others (D26)."""
    served = exists().where(Service.channel_id == SupportChannel.id)
    local = (served, ~served.where(Service.family != ServiceFamily.ON_PREMISES))
    return grant.select(SupportChannel, SupportChannel.id).where(SupportChannel.id == channel_id, *local)


def _links(grant: Grant, service_id: UUID | None) -> Select[Any]:
    link, contract, service = SupportContractLink, SupportContract, Service
    columns = (
        link.id,
        link.user_id,
        link.contract_id,
        link.channel_id,
        link.linked_at,
        status_of_contract().label("status"),
        contract.program,
        has_incident().label("has_incident"),
        (covers(service_id) if service_id else cast(None, Boolean())).label("covered"),
        service.family.label("family"),
        service.channel_id.label("needed_channel_id"),
    )
    asked = and_(service.id == service_id, service.visible_to(grant.powers)) if service_id else literal(value=False)
    return grant.select(link, *columns).select_from(link).join(contract).outerjoin(service, asked)


def _entitlements(grant: Grant) -> Select[Any]:
    balance, contract = Entitlement, SupportContract
    columns = (
        balance.id,
        balance.tenant_id,
        balance.contract_id,
        balance.unit,
        balance.total,
        balance.available,
        (balance.total - balance.available).label("used"),
        contract.valid_from,
        contract.valid_until,
        status_of_entitlement().label("status"),
    )
    # Every balance has its contract. Said as an outer join, PostgreSQL leaves it out where no column of it is wanted.
    return grant.select(balance, *columns).outerjoin(contract, contract.id == balance.contract_id)


def _listed(statement: Select[Any]) -> Listing:
    return Listing(statement, (Key(Entitlement.id),))
