"""Root fields of what the platform publishes about its support."""

import strawberry

from resolvers import service_levels, support_regions
from schema.service_levels import (
    SlaPolicy,
    SlaTargetSetPayload,
    SupportRegionHolidayRemovePayload,
    SupportRegionHolidaySetPayload,
    SupportRegionHoursSetPayload,
)
from schema.support_regions import SupportRegion


@strawberry.type
class SupportQueries:
    """What can be asked."""

    support_regions: list[SupportRegion] = strawberry.field(
        resolver=support_regions.support_regions,
        description="The regions of support, by name, with their working time.",
    )
    sla_policies: list[SlaPolicy] = strawberry.field(
        resolver=service_levels.sla_policies,
        description="What is promised by plan, the one for everybody else first.",
    )


@strawberry.type
class SupportMutations:
    """What can be done."""

    support_region_hours_set: SupportRegionHoursSetPayload = strawberry.field(
        resolver=service_levels.support_region_hours_set,
        description="Set the working time of a region's weeks. What was promised before stays.",
    )
    support_region_holiday_set: SupportRegionHolidaySetPayload = strawberry.field(
        resolver=service_levels.support_region_holiday_set,
        description="Have a region closed on a day, or open at other times than on its weekday.",
    )
    support_region_holiday_remove: SupportRegionHolidayRemovePayload = strawberry.field(
        resolver=service_levels.support_region_holiday_remove,
        description="Have a region work on a day as on its weekday, published holidays included.",
    )
    sla_target_set: SlaTargetSetPayload = strawberry.field(
        resolver=service_levels.sla_target_set,
        description="Promise something else for a severity from now on. What was promised before stays.",
    )
