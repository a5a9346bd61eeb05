"""Asking for the audit log."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from domain.records import queries
from domain.records.queries import AuditCriteria
from execution.ask import page
from execution.ids import decode, decode_as
from execution.paging import page_request
from resolvers.arguments import After, Before, First, Last
from resolvers.context import Info
from resolvers.inputs import instant


@strawberry.input(description="Which events of the log: all that is given must hold.")
class AuditFilter:
    """`domain.records.queries.AuditCriteria` as clients give it."""

    actions: list[str] | None = strawberry.field(default=None, description="One of these, such as `customer.update`.")
    actor_user_id: strawberry.ID | None = strawberry.field(default=None, description="Done by this user.")
    object_id: strawberry.ID | None = strawberry.field(default=None, description="Done to this object.")
    since: datetime | None = strawberry.field(default=None, description="At this instant or later.")
    until: datetime | None = strawberry.field(default=None, description="Before this instant.")

    def criteria(self) -> AuditCriteria:
        """As the domain has it; raises `UnknownIdError` for what is no id."""
        return AuditCriteria(
            actions=None if self.actions is None else tuple(self.actions),
            actor_user_id=decode_as("user", self.actor_user_id) if self.actor_user_id is not None else None,
            object_id=decode(self.object_id)[1] if self.object_id is not None else None,
            since=instant(self.since, "since"),
            until=instant(self.until, "until"),
        )


async def audit_events(
    info: Info,
    filter: Annotated[AuditFilter | None, strawberry.argument(description="Only these events.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """The log in pages, newest first."""
    request = page_request(first, after, last, before)
    criteria = (filter or AuditFilter()).criteria()
    return await info.context.answer(page(queries.listing, {"criteria": criteria}, request))
