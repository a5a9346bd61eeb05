# mypy: disable-error-code="import-not-found, no-any-return"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""What resolvers are handed, and the extension that opens and closes it around each operation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import strawberry
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from strawberry.extensions import SchemaExtension

from bench.peers.usual.database import Actor, Database
from bench.peers.usual.loaders import Loaders


@dataclass
class Context:
    """One request."""

    request: Request
    response: Response
    database: Database
    session: AsyncSession = field(init=False)
    actor: Actor = field(init=False)
    loaders: Loaders = field(init=False)


Info = strawberry.Info[Context, None]


class Session(SchemaExtension):
    """A session for the operation, committed when it was done."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Open the session in the scope of the caller."""
        context: Context = self.execution_context.context
        async with context.database.session(context.request.headers.get("authorization")) as (session, actor):
            context.session, context.actor = session, actor
            context.loaders = Loaders(session, actor)
            yield
            await session.commit()
