"""Changing when regions work, and what is promised (spec 7)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.support import editing, queries
from domain.support.editing import Target, Times
from execution.ask import several
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.enums.support import SlaClock, Weekday
from resolvers.mutations import Changed, MutationInput, mutate

OPENS = "From when on, where the region is, such as 08:30."
CLOSES = "Until when, which is outside; 24:00 is the end of the day."
DAYS = tuple(Weekday)

RegionKey = Annotated[str, strawberry.argument(description="The region's `key`.")]
PolicyKey = Annotated[str, strawberry.argument(description="The policy's `key`.")]


@strawberry.input(description="An interval of working time on a weekday; a day may have several.")
class BusinessHoursInput:
    """`domain.support.editing.Times` as clients give it."""

    weekday: Weekday = strawberry.field(description="The day, where the region is.")
    opens_at: str = strawberry.field(description=OPENS)
    closes_at: str = strawberry.field(description=CLOSES)


@strawberry.input(description="An interval of working time on one day.")
class OpeningHoursInput:
    """`domain.support.editing.Times` of one day as clients give it."""

    opens_at: str = strawberry.field(description=OPENS)
    closes_at: str = strawberry.field(description=CLOSES)


@strawberry.input(description="Input of `supportRegionHoursSet`.")
class SupportRegionHoursSetInput(MutationInput):
    """Spec 7."""

    business_hours: list[BusinessHoursInput] = strawberry.field(
        description="The working time of a week, all of it: 1 to 50 intervals."
    )

    def times(self) -> Iterable[Times]:
        """As the domain has it."""
        return (Times(each.opens_at, each.closes_at, DAYS.index(each.weekday)) for each in self.business_hours)


@strawberry.input(description="Input of `supportRegionHolidaySet`.")
class SupportRegionHolidaySetInput(MutationInput):
    """Spec 7."""

    on_date: date = strawberry.field(description="The day, where the region is.")
    name: str = strawberry.field(description="What it is called, up to 100 characters.")
    hours: list[OpeningHoursInput] = strawberry.field(
        default_factory=list, description="When it is open all the same; none where it is closed."
    )


@strawberry.input(description="Input of `supportRegionHolidayRemove`.")
class SupportRegionHolidayRemoveInput(MutationInput):
    """Spec 7."""

    on_date: date = strawberry.field(description="The day that is worked as its weekday.")


@strawberry.input(description="Input of `slaTargetSet`.")
class SlaTargetSetInput(MutationInput):
    """Spec 7."""

    severity: int = strawberry.field(description="Of which severity: 1 (trivial) to 5 (critical).")
    response_minutes: int = strawberry.field(description="Within how many minutes it is answered, 1-527040.")
    resolution_minutes: int = strawberry.field(
        description="Within how many it is resolved: no fewer than it is answered in."
    )
    clock: SlaClock = strawberry.field(description="By which time both are counted.")


async def sla_policies(info: Info) -> Any:
    """All of them."""
    return await info.context.answer(several(queries.policies, {}))


async def support_region_hours_set(
    info: Info, key: RegionKey, input: Annotated[SupportRegionHoursSetInput, INPUT]
) -> Any:
    """Set when a region works."""

    async def command(gate: Gate) -> Changed:
        return {"region_id": await editing.set_hours(gate, key, list(input.times()))}

    return await mutate(info, input, command, key=key)


async def support_region_holiday_set(
    info: Info, key: RegionKey, input: Annotated[SupportRegionHolidaySetInput, INPUT]
) -> Any:
    """Add or change a holiday."""

    async def command(gate: Gate) -> Changed:
        hours = [Times(each.opens_at, each.closes_at) for each in input.hours]
        return {"region_id": await editing.set_holiday(gate, key, input.on_date, input.name, hours)}

    return await mutate(info, input, command, key=key)


async def support_region_holiday_remove(
    info: Info, key: RegionKey, input: Annotated[SupportRegionHolidayRemoveInput, INPUT]
) -> Any:
    """Remove a holiday."""

    async def command(gate: Gate) -> Changed:
        return {"region_id": await editing.remove_holiday(gate, key, input.on_date)}

    return await mutate(info, input, command, key=key)


async def sla_target_set(info: Info, policy_key: PolicyKey, input: Annotated[SlaTargetSetInput, INPUT]) -> Any:
    """Promise something else."""
    given = Target(input.severity, input.response_minutes, input.resolution_minutes, input.clock)

    async def command(gate: Gate) -> Changed:
        return {"policy_id": await editing.set_target(gate, policy_key, given)}

    return await mutate(info, input, command, policy_key=policy_key)
