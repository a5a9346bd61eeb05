"""Services of the catalogue, and what tenants have subscribed to."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain.services import queries
from domain.tenants import queries as tenant_queries
from resolvers.enums.services import (
    PartnerPrivilege,
    ServiceFamily,
    SetupStatus,
    SignInKind,
    SubscriptionKind,
    SubscriptionStatus,
)
from schema.fields import global_id, one, plain
from schema.relay import Node

if TYPE_CHECKING:
    from schema.tenants import Tenant


@strawberry.type(description="Where requests for a service are made, and what they need there (D9).")
class SupportChannel(Node):
    """Rows of `domain.support.model.SupportChannel`."""

    id: strawberry.ID = global_id("channel")
    key: str = plain("A short name for programs.")
    name: str = plain("The name for people.")
    requires_support_contract: bool = plain(
        "Whether an incident draws on a support contract; where not, none is taken (D29)."
    )
    required_partner_privilege: PartnerPrivilege = plain(
        "What a partner needs at its customer to make requests for it here."
    )
    sign_in_kind: SignInKind = plain("With what kind of account one signs in here (D11).")


@strawberry.type(description="An online service that can be subscribed, supported and started.")
class Service(Node):
    """Rows of `domain.services.model.Service`."""

    id: strawberry.ID = global_id("service")
    key: str = plain("A short name for programs.")
    name: str = plain("The name for people.")
    family: ServiceFamily = plain("Where the service runs.")
    startable: bool = plain("Whether it can be started for a customer (B7).")
    batch_editable: bool = plain("Whether the subscriptions of many customers can be edited at once (B11).")
    asks_audience: bool = plain("Whether a request must say as what the service is used (D13).")
    premium: bool = plain("Whether it needs the partner's management of the customer.")
    addon_of: list[str] = plain("Keys of the services that it adds to; it needs one of them.")
    channel: SupportChannel = one(
        queries.channels_by_ids, key="channel_id", description="Where requests for it are made."
    )


@strawberry.type(description="How far a service has been started for a tenant (B9).")
class ServiceSetup:
    """Rows of `domain.services.model.ServiceSetup`."""

    status: SetupStatus = plain("How far.")
    started_at: datetime | None = plain("When it was started; null when it was not.")


@strawberry.type(description="A tenant's licence for a service.")
class ServiceSubscription(Node):
    """Rows of `domain.services.queries.subscriptions_of_tenants`."""

    id: strawberry.ID = global_id("subscription")
    service: Service | None = one(queries.by_ids, key="service_id", description="What is licensed.")
    kind: SubscriptionKind = plain("How it is paid.")
    status: SubscriptionStatus = plain("Where it stands now: expiry follows from the dates.")
    seats: int = plain("For how many people, 0 or more.")
    valid_from: datetime = plain("The first instant at which it counts.")
    valid_until: datetime = plain("The first instant at which it counts no longer.")
    contract_ends_at: datetime | None = plain("When the contract behind it ends; null when nobody said.")
    setup: ServiceSetup | None = one(
        queries.setup_of_subscriptions,
        key="id",
        description="How far the service is started; null where nothing was begun, "
        "and for a partner that has lost its access (B10).",
    )
    tenant: Annotated["Tenant", strawberry.lazy("schema.tenants")] | None = one(
        tenant_queries.by_ids, key="tenant_id", description="Whose licence it is."
    )
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")


@strawberry.type(description="A service that a tenant has subscribed to, and how far it is started.")
class CustomerService(Node):
    """Rows of `domain.services.queries.services_of_tenants`: one for each subscription."""

    id: strawberry.ID = global_id("customerservice")
    service: Service | None = one(queries.by_ids, key="service_id", description="The service.")
    status: SubscriptionStatus = plain("Where the subscription stands now.")
    setup_status: SetupStatus | None = plain(
        "How far the service is started (B9); null where it is none that is started, "
        "and for a partner that has lost its access (B10)."
    )
    subscription: ServiceSubscription | None = one(
        queries.subscription_by_ids,
        key="id",
        description="The licence with seats and dates; FORBIDDEN for those who see services but no licences.",
    )


SUBSCRIPTION_ARGUMENTS: dict[str, Any] = {
    "include_expired": (bool | None, "Whether to return what has expired, too; by default it is.")
}
