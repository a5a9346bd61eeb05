"""What a partner hides, as the partner sees it: policies, their effect, and where it comes from (spec 5.5)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Enum, Select, Text, and_, case, func, literal, null, or_, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.customers.model import ManagementRelationship, ProviderOption, ProviderOptionPolicy
from domain.customers.status import is_managed
from domain.tenants.model import Tenant
from execution.relation import Parents


class OptionSource(StrEnum):
    """What decides whether an option is hidden from a customer: the most specific that applies."""

    SPECIFIC = "SPECIFIC"
    DEFAULT = "DEFAULT"
    REGISTRY = "REGISTRY"


OPTION = ProviderOptionPolicy.option.type
SOURCE = Enum(OptionSource, native_enum=False, length=40)


@requires(Permission.OPTION_POLICY_READ)
def effective_of_customers(grant: Grant, parents: Parents) -> Select[Any]:
    """For each option whether it is hidden from these customers (by their tenants), and why.

    Whether it is hidden is what the database derived, which binds everyone else too; only the reason is found here.
    """
    edge, specific, default = ManagementRelationship, aliased(ProviderOptionPolicy), aliased(ProviderOptionPolicy)
    every = literal([option.value for option in ProviderOption], ARRAY(Text()))
    options = func.unnest(every).table_valued("option", name="options").render_derived()
    option = options.c.option
    own = {policy: and_(policy.tenant_id == edge.tenant_id, policy.option == option) for policy in (specific, default)}
    hidden = func.coalesce(option == func.any(Tenant.hidden_options), literal(False))
    return (
        grant.select(edge, type_coerce(option, OPTION).label("option"), hidden.label("hidden"))
        .add_columns(_source(option, specific, default).label("source"))
        .select_from(edge)
        .join(options, literal(True))
        .outerjoin(Tenant, Tenant.id == edge.customer_tenant_id)
        .outerjoin(specific, and_(own[specific], specific.customer_tenant_id == edge.customer_tenant_id))
        .outerjoin(default, and_(own[default], default.customer_tenant_id.is_(None)))
        .where(parents.match(edge.customer_tenant_id))
        .order_by(option)
    )


@requires(Permission.OPTION_POLICY_READ)
def defaults_of_tenants(grant: Grant, parents: Parents) -> Select[Any]:
    """What these partners hide by default from all their customers."""
    policy = ProviderOptionPolicy
    chosen = policy.customer_tenant_id.is_(None)
    return grant.rows_of(policy).where(parents.match(policy.tenant_id), chosen).order_by(policy.option)


@requires(Permission.OPTION_POLICY_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Policies by their ids."""
    return grant.rows_of(ProviderOptionPolicy).where(parents.match(ProviderOptionPolicy.id))


def _source(option: Any, specific: Any, default: Any) -> ColumnElement[Any]:
    """In CUSTOMER mode nothing applies but what was chosen for this customer about expired services (AMB-16, 4.4)."""
    licensing = option == ProviderOption.EXPIRED_SERVICES.value
    applies = or_(is_managed(), licensing)
    return type_coerce(
        case(
            (and_(specific.id.is_not(null()), applies), OptionSource.SPECIFIC.value),
            (and_(default.id.is_not(null()), is_managed()), OptionSource.DEFAULT.value),
            else_=OptionSource.REGISTRY.value,
        ),
        SOURCE,
    )
