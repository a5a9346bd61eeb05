"""Root fields of what the platform publishes about its support."""

import strawberry

from resolvers import support_regions
from schema.support_regions import SupportRegion


@strawberry.type
class SupportQueries:
    """What can be asked."""

    support_regions: list[SupportRegion] = strawberry.field(
        resolver=support_regions.support_regions,
        description="The regions of support, by name, with their working time.",
    )
