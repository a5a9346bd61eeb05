"""Tenants, people, and who asks."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from authz.permissions import Permission
from authz.roles import Role as Roles
from domain.customers import policies
from domain.customers import queries as customer_queries
from domain.entitlements import queries as entitlement_queries
from domain.notifications import queries as notification_queries
from domain.services import queries as service_queries
from domain.tenants import queries
from domain.tickets import lists as ticket_lists
from domain.tickets import notifications
from execution.ids import encode
from resolvers.context import Info
from resolvers.enums.customers import ManagementMode, ProviderOption
from resolvers.enums.tenants import (
    Environment,
    OrganizationTicketAccess,
    PartnerType,
    PrincipalKind,
    Role,
    TenantKind,
    TenantStatus,
)
from schema.entitlements import ENTITLEMENT_ARGUMENTS, LINK_ARGUMENTS, Entitlement, SupportContractLink
from schema.fields import computed, connection, counted, global_id, many, one, plain
from schema.notifications import NOTIFICATION_ARGUMENTS, Device, Notification, NotificationPreferences
from schema.relay import Connection, Node
from schema.services import SUBSCRIPTION_ARGUMENTS, CustomerService
from schema.ticket_lists import TICKET_ARGUMENTS, VIEWER_TICKET_ARGUMENTS

if TYPE_CHECKING:
    from schema.customers import Customer, CustomerConnection
    from schema.tickets import Ticket


def _name(root: Any) -> str:
    return f"{root['first_name']} {root['last_name']}".strip()


@strawberry.type(description="A person.")
class User(Node):
    """Rows of `domain.tenants.queries.users_by_ids`."""

    id: strawberry.ID = global_id("user")
    name: str = computed(_name, needs=("first_name", "last_name"), description="First and last name.")
    email: str = plain("The e-mail address, in lower case.")


@strawberry.type(description="Administration > Security of a tenant.")
class TenantSecuritySettings:
    """Rows of `domain.tenants.model.TenantSecuritySettings` (A22, A31)."""

    temporary_support_accounts_allowed: bool = plain("Whether an invitation of support may create a temporary account.")
    organization_ticket_access: OrganizationTicketAccess = plain("What colleagues may do with each other's tickets.")
    session_timeout_minutes: int = plain(
        "How many minutes after signing in a session ends; who is a member of several organisations gets the fewest."
    )
    trusted_ips: list[str] = plain(
        "Addresses and CIDR blocks from which members and API tokens may act for the tenant; empty: from everywhere."
    )
    sign_up_domains: list[str] = plain(
        "Domains of e-mail addresses whose owners join as standard users when they sign up (C6)."
    )
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")


def _can_take_over(root: Any, info: Info) -> bool:
    actor = info.context.actor
    own = actor.role is Roles.TENANT_OWNER and actor.holds(Permission.CUSTOMER_MANAGE_MODE)
    return own and root["mode"] is ManagementMode.PARTNER


@strawberry.type(description="By whom a customer's tenant is managed.")
class TenantManagement:
    """Rows of `domain.customers.queries.management_of_tenants`."""

    mode: ManagementMode = plain("Who manages it now.")
    mode_changed_at: datetime | None = plain("When the customer began to manage it itself; null while a partner does.")
    viewer_can_take_over: bool = computed(
        _can_take_over, needs=("mode",), description="Whether you may end the partner's management (B57)."
    )


@strawberry.type(
    description="Whether a partner hides an option by default from all its customers, or from one of them."
)
class ProviderOptionPolicy(Node):
    """Rows of `domain.customers.model.ProviderOptionPolicy` (spec 5.5)."""

    id: strawberry.ID = global_id("optionpolicy")
    option: ProviderOption = plain("Which option.")
    hidden: bool = plain("Whether it is hidden.")
    customer: Annotated["Customer", strawberry.lazy("schema.customers")] | None = one(
        customer_queries.by_tenants,
        key="customer_tenant_id",
        description="For which customer; null for the default of all.",
    )


@strawberry.type(description="What you may do with a tenant; a partner finds what it may do with a customer there.")
class TenantCapabilities:
    """One boolean for each act (spec 3, 10)."""

    read_security_settings: bool = plain("Read its security settings.")
    update_security_settings: bool = plain("Change its security settings.")
    revoke_temporary_accounts: bool = plain("End temporary support accounts.")
    invite_support: bool = plain("Invite support.")
    create_tickets: bool = plain("Ask for support through the portal.")
    link_contracts: bool = plain("Add support contracts by their two ids.")
    read_audit_log: bool = plain("Read its audit log.")


def _viewer_can(root: Any, info: Info) -> Any:
    actor = info.context.actor
    own = root["id"] == actor.tenant_id
    revokes = own or actor.role is Roles.AGENT_LEAD  # agents revoke where the ticket is theirs
    return {
        "read_security_settings": own and actor.holds(Permission.SECURITY_READ),
        "update_security_settings": own and actor.holds(Permission.SECURITY_UPDATE),
        "revoke_temporary_accounts": revokes and actor.holds(Permission.TEMP_ACCOUNT_REVOKE),
        "invite_support": own and not actor.is_partner and actor.holds(Permission.SUPPORT_INVITE),
        "create_tickets": own and actor.holds(Permission.TICKET_CREATE),
        "link_contracts": own and actor.holds(Permission.CONTRACT_LINK),
        "read_audit_log": (own or actor.is_platform) and actor.holds(Permission.AUDIT_READ),
    }


@strawberry.type(description="An organisation with its own users and settings.")
class Tenant(Node):
    """Rows of `domain.tenants.queries.by_ids`."""

    id: strawberry.ID = global_id("tenant")
    name: str = plain("The organisation's name.")
    kind: TenantKind = plain("What it is to the platform.")
    environment: Environment = plain("The cloud in which its services run.")
    country: str | None = plain("Its country or region, by the ISO 3166 code.")
    status: TenantStatus = plain("Whether it is in use.")
    partner_type: PartnerType | None = plain("How it sells; null for everyone but partners.")
    owner: User | None = one(
        queries.owner_of_tenants,
        key="id",
        description="Its owner; null for tenants that have none, and for a partner that has lost its access.",
    )
    services: Connection[CustomerService] | None = connection(
        service_queries.services_of_tenants,
        key="id",
        arguments=SUBSCRIPTION_ARGUMENTS,
        description="The services that it has subscribed to and that you may see, in the order in which they began.",
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("schema.tickets")]] | None = connection(
        ticket_lists.of_tenants,
        key="id",
        arguments=TICKET_ARGUMENTS,
        description="Its tickets that you may see, newest first where nothing else is asked for.",
    )
    entitlements: Connection[Entitlement] | None = connection(
        entitlement_queries.entitlements_of_tenants,
        key="id",
        arguments=ENTITLEMENT_ARGUMENTS,
        description="The balances on support contracts that it holds and that you may see (D2).",
    )
    security_settings: TenantSecuritySettings | None = one(
        queries.security_of_tenants,
        key="secured_tenant_id",
        description="Its security settings; null unless you act in it and may read them (A31).",
    )
    management: TenantManagement | None = one(
        customer_queries.management_of_tenants,
        key="id",
        description="By whom it is managed: for its owner, its service administrators and its partner.",
    )
    provider_option_defaults: list[ProviderOptionPolicy] | None = many(
        policies.defaults_of_tenants,
        key="hiding_tenant_id",
        description="What it hides by default from all its customers; null unless it is yours and you may read that.",
    )
    viewer_can: TenantCapabilities = computed(_viewer_can, needs=("id",), description="What you may do with it.")


@strawberry.type(description="A tenant, as much of it as it takes to choose it.")
class TenantReference:
    """No more: everything else is seen by who acts in it (AMB-34)."""

    id: strawberry.ID = plain("The global id: what the header `Bailiwick-Tenant` takes.")
    name: str = plain("The organisation's name.")
    kind: TenantKind = plain("What it is to the platform.")
    environment: Environment = plain("The cloud in which its services run.")


def _reference(root: Any) -> Any:
    row = {name: root[f"tenant_{name}"] for name in ("name", "kind", "environment")}
    return row | {"id": encode("tenant", root["tenant_id"])}


@strawberry.type(description="A tenant in which you may act, and as what.")
class ViewerMembership:
    """Rows of `domain.tenants.queries.memberships_of_users`."""

    role: Role = plain("What you are there.")
    tenant: TenantReference = computed(
        _reference,
        needs=("tenant_id", "tenant_name", "tenant_kind", "tenant_environment"),
        description="The tenant.",
    )


def _viewer_id(root: Any) -> strawberry.ID:
    return strawberry.ID(encode("viewer", root["principal_id"]))


@strawberry.type(description="Who asks, and for whom.")
class Viewer:
    """Rows of `resolvers.tenants.viewer`."""

    id: strawberry.ID = computed(
        _viewer_id, needs=("principal_id",), description="Yours, whichever tenant you act in; not an id for `node`."
    )
    principal: PrincipalKind = plain("What stands behind the request.")
    name: str = plain("Your name.")
    email: str = plain("Your e-mail address; empty for machines.")
    role: Role = plain("What you are in the tenant in which you act.")
    permissions: list[str] = plain("The acts that your role holds there, as `object:act`.")
    user: User | None = one(queries.users_by_ids, key="user_id", description="You; null where no person asks.")
    tenant: Tenant | None = one(
        queries.by_ids, key="tenant_id", description="The tenant in which you act: a request acts in exactly one."
    )
    memberships: list[ViewerMembership] | None = many(
        queries.memberships_of_users,
        key="principal_id",
        description="Where you may act; choose by the header `Bailiwick-Tenant`.",
    )
    support_contracts: list[SupportContractLink] | None = many(
        entitlement_queries.links_of_viewer,
        key="principal_id",
        arguments=LINK_ARGUMENTS,
        description="The support contracts that you have linked in the tenant in which you act, with what speaks "
        "against using them (D5, D27).",
    )
    unread_notification_count: int | None = counted(
        notifications.unread_of,
        key="principal_id",
        description="How many notifications wait for you (`ticketMarkRead`); null for who reads no tickets.",
    )
    notifications: Connection[Notification] | None = connection(
        notifications.of_users,
        key="principal_id",
        arguments=NOTIFICATION_ARGUMENTS,
        description="What you were told of tickets that you still see, the newest first.",
    )
    notification_preferences: NotificationPreferences | None = one(
        notification_queries.preferences_of_users,
        key="user_id",
        description="What you want to be told, and how; null where no person asks.",
    )
    devices: list[Device] | None = many(
        notification_queries.devices_of_users,
        key="principal_id",
        description="The devices on which you get push, the last registered first.",
    )
    tickets: Connection[Annotated["Ticket", strawberry.lazy("schema.tickets")]] | None = connection(
        ticket_lists.of_viewer,
        key="principal_id",
        arguments=VIEWER_TICKET_ARGUMENTS,
        description="Your tickets, current and earlier ones (C7-C10): as the root field `tickets` has them.",
    )
    pinned_customers: Annotated["CustomerConnection", strawberry.lazy("schema.customers")] | None = connection(
        customer_queries.pinned_by,
        key="pinning_user_id",
        description="The customers that you keep at hand, the last pinned first (B39); null for who is no partner.",
    )
