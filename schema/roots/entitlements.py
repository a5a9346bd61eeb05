"""Root fields of support contracts and entitlements."""

import strawberry


@strawberry.type
class EntitlementQueries:
    """What can be asked."""


@strawberry.type
class EntitlementMutations:
    """What can be done."""
