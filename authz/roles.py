"""The roles of spec 5.1."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership makes of a user in one tenant.

    The last three are no membership's: of a temporary support account, of somebody who takes part in single tickets of
    a tenant (docs/adr/0015), and of whoever has not signed in and acts in the platform's.
    """

    TENANT_OWNER = "TENANT_OWNER"
    SERVICE_ADMINISTRATOR = "SERVICE_ADMINISTRATOR"
    CUSTOMIZED_ADMINISTRATOR = "CUSTOMIZED_ADMINISTRATOR"
    APPLICATION_ADMINISTRATOR = "APPLICATION_ADMINISTRATOR"
    STANDARD_USER = "STANDARD_USER"
    PARTNER_ADMIN = "PARTNER_ADMIN"
    PARTNER_USER = "PARTNER_USER"
    AGENT = "AGENT"
    AGENT_LEAD = "AGENT_LEAD"
    OPERATOR = "OPERATOR"
    TEMPORARY_SUPPORT = "TEMPORARY_SUPPORT"
    PARTICIPANT = "PARTICIPANT"
    VISITOR = "VISITOR"


CUSTOMER_ROLES = frozenset(
    {
        Role.TENANT_OWNER,
        Role.SERVICE_ADMINISTRATOR,
        Role.CUSTOMIZED_ADMINISTRATOR,
        Role.APPLICATION_ADMINISTRATOR,
        Role.STANDARD_USER,
    }
)
PARTNER_ROLES = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_USER})
PLATFORM_ROLES = frozenset({Role.AGENT, Role.AGENT_LEAD, Role.OPERATOR})


class DerivedRole(StrEnum):
    """What the relationship makes of a partner, seen from one of its customers (spec 5.4)."""

    PARTNER_MANAGED = "partner_managed"
    PARTNER_LICENSING = "partner_licensing"
