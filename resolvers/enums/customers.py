"""The enums of customers."""

from enum import StrEnum

from domain.customers.model import CustomerStatus, ManagementMode, ProviderOption
from domain.customers.policies import OptionSource
from resolvers.enums.describe import describe

__all__ = [
    "AccessLevel",
    "AccessReason",
    "CustomerFilterField",
    "CustomerOrderField",
    "CustomerStatus",
    "ManagementMode",
    "OptionSource",
    "OrderDirection",
    "ProviderOption",
]


class AccessLevel(StrEnum):
    """How far a partner reaches into a customer's tenant (B54)."""

    FULL = "FULL"
    LICENSING_ONLY = "LICENSING_ONLY"


class AccessReason(StrEnum):
    """Why a partner does not reach all of it (B25)."""

    CUSTOMER_MANAGED = "CUSTOMER_MANAGED"
    NOT_ACCEPTED = "NOT_ACCEPTED"


class CustomerFilterField(StrEnum):
    """By what customers are searched and filtered (B43, B44)."""

    SEARCH = "search"
    SUBSCRIPTION_PRODUCT_IDS = "subscription_product_ids"
    SERVICE_IDS = "service_ids"
    STATUSES = "statuses"
    COUNTRIES = "countries"
    TAGS = "tags"
    HAS_OPEN_TICKETS = "has_open_tickets"


class CustomerOrderField(StrEnum):
    """By what customers are sorted (B52)."""

    ORGANIZATION_NAME = "ORGANIZATION_NAME"


class OrderDirection(StrEnum):
    """Which way a list runs."""

    ASC = "ASC"
    DESC = "DESC"


describe(
    ManagementMode,
    "Who manages a customer's tenant.",
    PARTNER="The partner.",
    CUSTOMER="The customer itself, for good: the partner keeps licences alone.",
)
describe(
    CustomerStatus,
    "Where a customer stands for its partner.",
    INVITED="It has not accepted the invitation yet.",
    ACTIVE="The partner manages its tenant.",
    ACCESS_DISABLED="It manages its tenant itself and has ended the partner's access.",
    SUSPENDED="The platform has suspended its tenant.",
)
describe(
    AccessLevel,
    "How far you reach into a customer's tenant.",
    FULL="As far as your role goes.",
    LICENSING_ONLY="Products and subscriptions alone.",
)
describe(
    AccessReason,
    "Why you do not reach all of a customer's tenant.",
    CUSTOMER_MANAGED="The customer manages its tenant itself.",
    NOT_ACCEPTED="The customer has not accepted the invitation yet.",
)
describe(
    ProviderOption,
    "What a provider can hide from the customers it manages.",
    SUPPORT_TEMPORARY_ACCOUNT="The question whether support gets a temporary account, in both forms of an invitation.",
    EXPIRED_SERVICES="Services whose subscription has expired, in the portal and on the customer's own pages.",
)
describe(
    OptionSource,
    "What decides whether an option is hidden.",
    SPECIFIC="A policy for this customer.",
    DEFAULT="The policy for all customers.",
    REGISTRY="No policy applies: the option is offered.",
)
describe(CustomerOrderField, "By what customers are sorted.", ORGANIZATION_NAME="By the organisation's name.")
describe(
    OrderDirection, "Which way a list runs.", ASC="From the first to the last.", DESC="From the last to the first."
)
describe(
    CustomerFilterField,
    "By what a list of customers was searched or filtered.",
    SEARCH="The search: keywords of the organisation's name.",
    SUBSCRIPTION_PRODUCT_IDS="The filter `subscriptionProductIds`.",
    SERVICE_IDS="The filter `serviceIds`.",
    STATUSES="The filter `statuses`.",
    COUNTRIES="The filter `countries`.",
    TAGS="The filter `tags`.",
    HAS_OPEN_TICKETS="The filter `hasOpenTickets`.",
)
