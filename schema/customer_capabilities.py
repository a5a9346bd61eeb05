"""What the viewer may do with a customer: one boolean for each act (spec 3, 10)."""

from typing import Any

import strawberry

from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.model import ManagementMode, RelationshipStatus
from domain.customers.reach import acts_at
from domain.tenants.model import PartnerType
from schema.fields import plain

ACTS = {
    "update": Permission.CUSTOMER_UPDATE,
    "tag": Permission.CUSTOMER_TAG,
    "pin": Permission.CUSTOMER_PIN,
    "disconnect": Permission.CUSTOMER_DISCONNECT,
    "access_environment": Permission.CUSTOMER_ACCESS,
    "set_expired_services_visibility": Permission.CUSTOMER_HIDE_EXPIRED,
    "set_option_policies": Permission.OPTION_POLICY_UPDATE,
    "read_subscriptions": Permission.SUBSCRIPTION_READ,
    "update_subscriptions": Permission.SUBSCRIPTION_UPDATE,
    "start_services": Permission.SERVICE_START,
    "read_tickets": Permission.TICKET_READ,
    "reply_to_tickets": Permission.TICKET_REPLY,
    "apply_templates": Permission.TEMPLATE_APPLY,
    "generate_reports": Permission.REPORT_GENERATE,
    "view_reports": Permission.REPORT_VIEW,
    "export": Permission.EXPORT_CREATE,
}


@strawberry.type(
    description="What you may do with a customer: your role's acts, as far as the customer lets them reach."
)
class CustomerCapabilities:
    """Rows of `capabilities`."""

    update: bool = plain("Edit what you keep about the customer.")
    tag: bool = plain("Change its tags.")
    pin: bool = plain("Keep it at hand.")
    disconnect: bool = plain("End the relationship and delete what you keep about the customer.")
    access_environment: bool = plain("Work in the customer's environment.")
    change_management_mode: bool = plain("Leave the management of its tenant to the customer, for good.")
    set_expired_services_visibility: bool = plain("Hide its expired services, and show them again.")
    set_option_policies: bool = plain("Hide options from the customer.")
    read_subscriptions: bool = plain("See its licences.")
    update_subscriptions: bool = plain("Change its licences.")
    start_services: bool = plain("Start its services.")
    read_tickets: bool = plain("Read its tickets.")
    reply_to_tickets: bool = plain("Answer its tickets.")
    create_tickets: bool = plain("Ask for support on its behalf.")
    invite_support: bool = plain("Invite support into its environment on its behalf.")
    apply_templates: bool = plain("Apply a setting template to it.")
    generate_reports: bool = plain("Generate reports about it.")
    view_reports: bool = plain("View reports about it.")
    export: bool = plain("Export what is known about it.")


def capabilities(powers: Powers, status: RelationshipStatus, mode: ManagementMode) -> dict[str, Any]:
    """The row of `CustomerCapabilities` for a customer whose relationship is in this state."""
    held = acts_at(powers, status, mode)
    behalf = powers.partner_type != PartnerType.INDIRECT_RESELLER  # AMB-7
    changeable = status is RelationshipStatus.ACTIVE and mode is ManagementMode.PARTNER
    return {name: act in held for name, act in ACTS.items()} | {
        "change_management_mode": changeable and Permission.CUSTOMER_MANAGE_MODE in held,
        "create_tickets": behalf and Permission.TICKET_CREATE in held,
        "invite_support": behalf and Permission.SUPPORT_INVITE in held,
    }
