"""The one way in which a mutation acts on a ticket: whichever it is, it names the ticket and answers with it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from authz.gate import Gate
from resolvers.context import Info
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate

Command = Callable[..., Awaitable[UUID | Changed]]


async def on_ticket(
    info: Info, ticket_id: str, given: MutationInput, command: Command, *said: Any, **version: Any
) -> dict[str, Any]:
    """Run `command(gate, ticket, *said, **version)` and answer with what it has changed, at the least with a ticket.

    `version` is `expected_version`, where the command minds concurrent edits.
    """

    async def run(gate: Gate) -> Changed:
        changed = await command(gate, key_of("ticket", ticket_id, "ticketId"), *said, **version)
        return {"ticket_id": changed} if isinstance(changed, UUID) else changed

    return await mutate(info, given, run, ticket_id=ticket_id, **version)
