"""The enums of tenants and the people in them."""

from authz.powers import PrincipalKind
from authz.roles import Role
from domain.tenants.model import Environment, OrganizationTicketAccess, PartnerType, TenantKind, TenantStatus
from resolvers.enums.describe import describe

__all__ = [
    "Environment",
    "OrganizationTicketAccess",
    "PartnerType",
    "PrincipalKind",
    "Role",
    "TenantKind",
    "TenantStatus",
]

describe(
    TenantKind,
    "What a tenant is to the platform.",
    PLATFORM="The operator of the platform, whose staff gives support.",
    PARTNER="A service provider that manages customers.",
    CUSTOMER="An organisation that uses services.",
)
describe(
    Environment,
    "The cloud in which a tenant's services run; what is in one never refers to what is in the other.",
    COMMERCIAL="The commercial cloud.",
    US_GOVERNMENT="The cloud of the United States government.",
)
describe(
    PartnerType,
    "How a partner sells, which decides whether it asks for support on behalf of customers.",
    DIRECT="To customers, itself.",
    INDIRECT_PROVIDER="Through resellers, whose customers it supports.",
    INDIRECT_RESELLER="To customers, supported by an indirect provider.",
)
describe(
    TenantStatus,
    "Whether a tenant is in use.",
    ACTIVE="It is in use.",
    SUSPENDED="The platform has suspended it: nobody acts in it.",
)
describe(
    OrganizationTicketAccess,
    "What colleagues may do with each other's tickets.",
    NONE="Nothing: everybody sees what they raised, and what names them as contact or copies them in.",
    VIEW="Read them.",
    VIEW_AND_REPLY="Read and answer them.",
)
describe(
    PrincipalKind,
    "What stands behind a request.",
    USER="A person.",
    SERVICE_PRINCIPAL="A machine with an API token.",
    TEMPORARY_SUPPORT="The vendor's support team, with a temporary account.",
    VISITOR="Somebody who has not signed in.",
)
describe(
    Role,
    "What somebody is in one tenant.",
    TENANT_OWNER="Owns a customer's tenant; each has exactly one.",
    SERVICE_ADMINISTRATOR="Administers all of a customer's tenant.",
    CUSTOMIZED_ADMINISTRATOR="Administers services, and whatever else its custom role says.",
    APPLICATION_ADMINISTRATOR="Administers the services assigned to it.",
    STANDARD_USER="Uses services, and asks for support through the portal.",
    PARTNER_ADMIN="Administers a partner and its customers.",
    PARTNER_USER="Works for a partner, as far as its custom role and customer groups go.",
    AGENT="Answers tickets for the vendor.",
    AGENT_LEAD="Leads agents, and credits incidents.",
    OPERATOR="Operates the catalogue and the contracts.",
    TEMPORARY_SUPPORT="Reads one tenant and one service for the vendor's support, for at most 15 days.",
    PARTICIPANT="Is of no organisation, and takes part in single tickets of this one: contact or copied in.",
    VISITOR="Has not signed in.",
)
