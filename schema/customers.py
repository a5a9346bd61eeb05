"""A partner's customers as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain.customers import policies
from domain.entitlements import queries as entitlement_queries
from domain.services import queries as service_queries
from domain.tenants import queries as tenant_queries
from domain.tickets import lists as ticket_lists
from domain.tickets.criteria import TicketCriteria
from resolvers.context import Info
from resolvers.enums.customers import (
    AccessLevel,
    AccessReason,
    CustomerFilterField,
    CustomerStatus,
    ManagementMode,
    OptionSource,
    ProviderOption,
)
from schema.customer_capabilities import CustomerCapabilities, capabilities
from schema.entitlements import ENTITLEMENT_ARGUMENTS, Entitlement
from schema.fields import computed, connection, counted, global_id, many, one, plain
from schema.relay import Connection, Node
from schema.services import SUBSCRIPTION_ARGUMENTS, CustomerService, ServiceSubscription
from schema.tenants import Tenant
from schema.ticket_lists import TICKET_ARGUMENTS

if TYPE_CHECKING:
    from schema.tickets import Ticket


@strawberry.type(description="How far you reach into a customer's tenant.")
class CustomerAccess:
    """B54."""

    level: AccessLevel = plain("How far.")
    reason: AccessReason | None = plain("Why not all the way; null where you do.")


@strawberry.type(description="Whether an option is hidden from a customer, and what decides that.")
class EffectiveOptionPolicy:
    """Rows of `domain.customers.policies.effective_of_customers` (spec 5.5)."""

    option: ProviderOption = plain("Which option.")
    hidden: bool = plain("Whether it is hidden now.")
    source: OptionSource = plain("What decides.")


@strawberry.type(description="Whether reports are sent, and to whom.")
class ReportDelivery:
    """B29, B31."""

    enabled: bool = plain("Whether they are sent.")
    recipients: list[str] = plain("The e-mail addresses to which they go.")


def _access(root: Any) -> Any:
    reasons = {
        CustomerStatus.INVITED: AccessReason.NOT_ACCEPTED,
        CustomerStatus.ACCESS_DISABLED: AccessReason.CUSTOMER_MANAGED,
    }
    reason = reasons.get(root["status"])
    level = AccessLevel.LICENSING_ONLY if reason else AccessLevel.FULL
    return {"level": level, "reason": reason}


def _delivery(kind: str, description: str) -> Any:
    def resolve(root: Any) -> Any:
        return {"enabled": root[f"{kind}_reports_enabled"], "recipients": root[f"{kind}_recipients"]}

    return computed(resolve, needs=(f"{kind}_reports_enabled", f"{kind}_recipients"), description=description)


def _viewer_can(root: Any, info: Info) -> Any:
    return capabilities(info.context.actor.powers, root["relationship_status"], root["management_mode"])


@strawberry.type(description="A customer as its partner sees it.")
class Customer(Node):
    """Rows of `domain.customers.queries.customers`."""

    id: strawberry.ID = global_id("customer")
    organization_name: str = plain("The name of the customer's organisation.")
    registered_account: str = plain("The account that owns the customer's tenant (B53).")
    country: str | None = plain("The country or region, by its ISO 3166 code.")
    status: CustomerStatus = plain("Where the customer stands for you.")
    management_mode: ManagementMode = plain("Who manages the customer's tenant.")
    mode_changed_at: datetime | None = plain("When the customer began to manage it itself; null while you do.")
    access: CustomerAccess = computed(_access, needs=("status",), description="How far you reach into its tenant.")
    display_name: str | None = plain("Your own name for the customer; null where you gave none.")
    notes: str | None = plain("Your notes.")
    tags: list[str] = plain("Your tags.")
    pinned: bool = plain("Whether you keep the customer at hand (B39).")
    billing_reports: ReportDelivery = _delivery("billing", "Your billing reports to the customer (B29).")
    service_reports: ReportDelivery = _delivery("service", "Your service reports to the customer (B31).")
    created_at: datetime = plain("Since when the customer is yours.")
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")
    tenant: Tenant | None = one(
        tenant_queries.by_ids,
        key="customer_tenant_id",
        description="The customer's tenant; null before the customer has accepted.",
    )
    services: Connection[CustomerService] | None = connection(
        service_queries.services_of_customers,
        key="customer_tenant_id",
        arguments=SUBSCRIPTION_ARGUMENTS,
        description="The services that the customer has, in the order in which they began.",
    )
    subscriptions: Connection[ServiceSubscription] | None = connection(
        service_queries.subscriptions_of_tenants,
        key="customer_tenant_id",
        arguments=SUBSCRIPTION_ARGUMENTS,
        description="The customer's licences, in the order in which they began.",
    )
    entitlements: Connection[Entitlement] | None = connection(
        entitlement_queries.entitlements_of_tenants,
        key="customer_tenant_id",
        arguments=ENTITLEMENT_ARGUMENTS,
        description="The balances on support contracts that the customer holds and that your people have linked: "
        "who sees them goes by the link, not by the relationship (D5).",
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("schema.tickets")]] | None = connection(
        ticket_lists.of_tenants,
        key="managed_tenant_id",
        arguments=TICKET_ARGUMENTS,
        description="The customer's tickets, newest first (B38); null where you have no access to its tenant.",
    )
    open_ticket_count: int | None = counted(
        ticket_lists.of_tenants,
        key="managed_tenant_id",
        criteria=TicketCriteria(open_only=True),
        description="How many tickets are neither resolved nor closed; null where you have no access to its tenant.",
    )
    option_policies: list[EffectiveOptionPolicy] | None = many(
        policies.effective_of_customers,
        key="policies_tenant_id",
        description="What is hidden from the customer, and why; null for those who may not know.",
    )
    viewer_can: CustomerCapabilities = computed(
        _viewer_can, needs=("relationship_status", "management_mode"), description="What you may do with the customer."
    )


@strawberry.type(description="One value of a filter that was applied to a list of customers.")
class AppliedCustomerFilter:
    """Rows of `resolvers.customer_filters` (B45)."""

    field: CustomerFilterField = plain("The filter.")
    value: str = plain("The value; leave it out of the filter to remove it.")


def _applied(root: Any) -> list[AppliedCustomerFilter]:
    applied: list[AppliedCustomerFilter] = root.get("applied", [])
    return applied


@strawberry.type(description="One page of customers.")
class CustomerConnection(Connection[Customer]):
    """As every connection, with the filters that made it."""

    applied_filters: list[AppliedCustomerFilter] = computed(
        _applied, needs=(), description="The search and the filters that were applied, one entry for each value (B45)."
    )
