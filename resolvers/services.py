"""Asking for services of the catalogue."""

from typing import Annotated, Any

import strawberry

from domain.services import queries
from execution.ask import page
from execution.paging import page_request
from resolvers.arguments import After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.nodes import found

Search = Annotated[
    str | None,
    strawberry.argument(description="Keywords that must all be in the name; case and accents do not matter."),
]


async def service(info: Info, id: Id) -> Any:
    """One service by its id."""
    return await found(info.context, "service", id)


async def services(
    info: Info,
    search: Search = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """The catalogue in pages."""
    request = page_request(first, after, last, before)
    return await info.context.answer(page(queries.listing, {"search": search or ""}, request))
