"""The enums of services."""

from domain.services.model import ServiceFamily, SetupStatus, SubscriptionKind, SubscriptionStatus
from domain.support.model import PartnerPrivilege, SignInKind
from resolvers.enums.describe import describe

__all__ = [
    "PartnerPrivilege",
    "ServiceFamily",
    "SetupStatus",
    "SignInKind",
    "SubscriptionKind",
    "SubscriptionStatus",
]

describe(
    ServiceFamily,
    "Where a service runs, which decides what contracts cover it.",
    CLOUD="In the cloud.",
    ON_PREMISES="On the customer's own machines.",
)
describe(
    SubscriptionKind,
    "How a subscription is paid.",
    TRIAL="Not at all, for a time.",
    PAID="By the tenant itself.",
    POOLED="From a licence that a partner shares out among its customers.",
)
describe(
    SubscriptionStatus,
    "Where a subscription stands now.",
    PENDING="It has not begun.",
    ACTIVE="It can be used.",
    SUSPENDED="The platform has stopped it for a time.",
    EXPIRED="Its time is over.",
    ENDED="It was cancelled, or the partner that assigned it is gone.",
)
describe(
    SetupStatus,
    "How far a service has been started for a tenant.",
    NOT_STARTED="Nothing is set up yet.",
    IN_PROGRESS="It is being set up.",
    PARTIALLY_STARTED="Some of what can be protected is set up.",
    STARTED="All of what can be protected is set up.",
)
describe(
    PartnerPrivilege,
    "What a partner needs at its customer to use a channel on its behalf.",
    NONE="Nothing beyond the relationship.",
    DELEGATED_ADMIN="Delegated administration of the customer.",
    SUBSCRIPTION_WRITE="Administration of, or write permission on, the customer's subscription.",
)
describe(
    SignInKind,
    "With what kind of account somebody signs in.",
    LOCAL="An account of this platform; a channel that says so takes every kind.",
    MICROSOFT="A Microsoft account.",
    MPN="An account of the partner network.",
    OFFICE_PORTAL="An account of the Office portal.",
    AZURE_SUBSCRIPTION="The account of an Azure subscription.",
    GOOGLE="A Google account.",
    SALESFORCE="A Salesforce account.",
)
