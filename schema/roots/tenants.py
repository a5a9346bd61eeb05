"""Root fields of the viewer, tenants and the audit log."""

import strawberry


@strawberry.type
class TenantQueries:
    """What can be asked."""


@strawberry.type
class TenantMutations:
    """What can be done."""
