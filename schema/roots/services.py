"""Root fields of services and subscriptions."""

import strawberry


@strawberry.type
class ServiceQueries:
    """What can be asked."""


@strawberry.type
class ServiceMutations:
    """What can be done."""
