"""A provider hides options from its customers (spec 5.5, A21, B21-B23). Nothing tells the customer, its log neither."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects.postgresql import insert

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.customers.model import ManagementRelationship, ProviderOption, ProviderOptionPolicy
from domain.customers.reach import customer_for
from domain.records.commands import audit

POLICY = ProviderOptionPolicy


@requires(Permission.CUSTOMER_HIDE_EXPIRED)
async def set_expired_services_visibility(grant: Grant, customer_id: UUID, *, hidden: bool) -> None:
    """Hide all expired services of a customer, those that expire later too, or show them again (B21-B23, AMB-11)."""
    customer = await customer_for(grant, customer_id)
    await _set(grant, customer, ProviderOption.EXPIRED_SERVICES, hidden=hidden)


@requires(Permission.OPTION_POLICY_UPDATE)
async def set_policy(grant: Grant, customer_id: UUID | None, option: ProviderOption, *, hidden: bool) -> UUID:
    """Hide or offer an option: to one customer, which beats the default, or (None) by default to all; gives its id."""
    return await _set(grant, await _target(grant, customer_id), option, hidden=hidden)


@requires(Permission.OPTION_POLICY_UPDATE)
async def clear_policy(grant: Grant, customer_id: UUID | None, option: ProviderOption) -> None:
    """Take a policy back, so that the less specific one counts; clearing what is not there is nothing."""
    customer = await _target(grant, customer_id)
    gone = delete(POLICY).where(*_which(grant, customer, option)).returning(POLICY.hidden)
    hidden = (await grant.run(gone)).scalar()
    if hidden is not None:
        await _note(grant, "option_policy.clear", customer, option, hidden, None)


async def _target(grant: Grant, customer_id: UUID | None) -> ManagementRelationship | None:
    """The customer; none for the default, which someone limited to groups of customers does not set for the others."""
    if customer_id is not None:
        return await customer_for(grant, customer_id)
    if not grant.powers.is_partner or grant.powers.grouped:
        raise ForbiddenError
    return None


async def _set(grant: Grant, customer: ManagementRelationship | None, option: ProviderOption, *, hidden: bool) -> UUID:
    """The database derives from the row what the customer is offered."""
    before: ProviderOptionPolicy | None = await grant.first(
        grant.select(POLICY).where(*_which(grant, customer, option)).with_for_update()
    )
    if before is not None and before.hidden == hidden:
        return before.id
    was = before.hidden if before is not None else None
    write = (
        insert(POLICY)
        .values(
            id=new_id(),
            tenant_id=grant.actor.tenant_id,
            customer_tenant_id=customer.customer_tenant_id if customer else None,
            option=option,
            hidden=hidden,
        )
        .on_conflict_do_update(
            index_elements=[POLICY.tenant_id, POLICY.customer_tenant_id, POLICY.option],
            set_={"hidden": hidden, "updated_at": grant.now},
        )
        .returning(POLICY.id)
    )
    policy_id: UUID = (await grant.run(write)).scalar_one()
    await _note(grant, "option_policy.set", customer, option, was, hidden)
    return policy_id


def _which(
    grant: Grant, customer: ManagementRelationship | None, option: ProviderOption
) -> tuple[ColumnElement[bool], ...]:
    tenant_id = customer.customer_tenant_id if customer else None
    return (
        POLICY.tenant_id == grant.actor.tenant_id,
        POLICY.customer_tenant_id.is_not_distinct_from(tenant_id),
        POLICY.option == option,
    )


async def _note(
    grant: Grant,
    action: str,
    customer: ManagementRelationship | None,
    option: ProviderOption,
    before: bool | None,
    after: bool | None,
) -> None:
    kind, key = ("customer", customer.id) if customer else ("tenant", grant.actor.tenant_id)
    states = ({"option": option.value, "hidden": hidden} for hidden in (before, after))
    old, new = states
    audit(grant, action, kind, key, before=old, after=new)
