"""The enums of services."""

from domain.services.model import ServiceFamily as ServiceFamily
from resolvers.enums.describe import describe

describe(
    ServiceFamily,
    "Where a service runs, which decides what contracts cover it.",
    CLOUD="In the cloud.",
    ON_PREMISES="On the customer's own machines.",
)
