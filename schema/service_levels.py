"""What is promised, and what answers a change of it or of a calendar, as clients see it (spec 7)."""

import strawberry

from domain.support import queries
from resolvers.enums.support import SlaClock
from schema.errors import MutationPayload
from schema.fields import many, one, plain
from schema.support_regions import SupportRegion


@strawberry.type(description="What is promised for tickets of one severity.")
class SlaPolicyTarget:
    """Rows of `domain.support.model.SlaTarget`."""

    severity: int = plain("1 (trivial) to 5 (critical).")
    response_minutes: int = plain("Within how many minutes they are answered.")
    resolution_minutes: int = plain("Within how many minutes they are resolved.")
    clock: SlaClock = plain("By which time both are counted.")


@strawberry.type(
    description="What is promised to those with one plan, or to all others. Tickets keep what they were promised."
)
class SlaPolicy:
    """Rows of `domain.support.model.SlaPolicy`."""

    key: str = plain("Its short name, by which it is known for good.")
    name: str = plain("What it is called.")
    plan_name: str | None = plain("To whom it applies: those with a contract of this plan; null: everybody else.")
    version: int = plain("Changes with every change of a target; tickets remember which one was promised.")
    targets: list[SlaPolicyTarget] = many(
        queries.targets_of_policies, key="id", description="What it promises, the worst severity first."
    )


@strawberry.type(description="What mutations of a region answer with.")
class SupportRegionPayload(MutationPayload):
    """Base of their payloads: no type of the schema, but fields of each."""

    region: SupportRegion | None = one(
        queries.regions_by_ids, key="region_id", description="The region as it is now; null if nothing happened."
    )


@strawberry.type(description="What `supportRegionHoursSet` answers with.")
class SupportRegionHoursSetPayload(SupportRegionPayload):
    """Spec 7."""


@strawberry.type(description="What `supportRegionHolidaySet` answers with.")
class SupportRegionHolidaySetPayload(SupportRegionPayload):
    """Spec 7."""


@strawberry.type(description="What `supportRegionHolidayRemove` answers with.")
class SupportRegionHolidayRemovePayload(SupportRegionPayload):
    """Spec 7."""


@strawberry.type(description="What `slaTargetSet` answers with.")
class SlaTargetSetPayload(MutationPayload):
    """Spec 7."""

    policy: SlaPolicy | None = one(queries.policies_by_ids, key="policy_id", description="The policy as it is now.")
