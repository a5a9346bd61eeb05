"""The enums of services."""

from domain.services.model import ServiceFamily
from resolvers.enums.describe import describe

__all__ = ["ServiceFamily"]

describe(
    ServiceFamily,
    "Where a service runs, which decides what contracts cover it.",
    CLOUD="In the cloud.",
    ON_PREMISES="On the customer's own machines.",
)
