"""K2 The role matrix of what is followed: who is refused gets the typed error, and nothing of what happens.

Whatever happens is told to every stream that there is, so that it is the predicate of reading that keeps it from whom
it does not concern, and no name of a topic.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.http.live import SubscriptionRefusedError
from app.sign_in.callers import Caller
from app.subscriptions import News, Subscriptions
from execution.errors import PublicError
from tenancy.live import Event, EventKind, Hub
from tests.authz.ground import Ground, laid
from tests.authz.test_matrix import DOCUMENTS, ROLES, ROWS, SUBSCRIPTIONS
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.parts import InParts
from tests.support.world import World

FEEDS = EventKind.TICKET, EventKind.MESSAGE, EventKind.BULK_OPERATION, EventKind.NOTIFICATION


class Followers:
    """Begins subscriptions in this process, over a hub of its own."""

    def __init__(self, client: Running) -> None:
        self._asking = InParts(client)
        self.hub = Hub(client.addresses.application_url)
        self._begin = Subscriptions(self._asking.operations, self.hub, 2)

    async def follow(self, who: Client, field: str, ground: Ground) -> News:
        """A stream; raises `SubscriptionRefusedError`."""

        async def renew() -> Caller:
            return Caller(await self._asking.actor(who) if who.token else None, "127.0.0.1")

        document = DOCUMENTS[field]
        operation = self._asking.subscription(document, ground.values_for(document), await renew())
        return await self._begin(operation, renew, who.token)

    def tell(self, event: Event) -> None:
        """Tell it to everybody who follows anything."""
        self.hub.tell(event, list(self.hub._feeds))


@asynccontextmanager
async def followers(client: Running) -> AsyncIterator[Followers]:
    followers = Followers(client)
    try:
        yield followers
    finally:
        await followers.hub.close()


async def said(client: Running, world: World) -> list[Event]:
    """What happens: a message in Alder's ticket, and that nobody knows what else."""
    async with client.session() as session:
        message = await make.message(session, world.alder.tenant, world.alder.ticket)
    happened = [Event(kind, world.alder.ticket, message if kind is EventKind.MESSAGE else None) for kind in FEEDS]
    return [*happened, Event(EventKind.MISSED)]


async def heard(stream: News, field: str) -> str:
    """`yes` if the first of the news has something, `none` if it only says that something may have been missed."""
    try:
        result = await anext(stream)
    finally:
        await stream.aclose()
    assert result.errors is None
    return "none" if (result.data or {})[field] is None else "yes"


@pytest.mark.parametrize("field", sorted(SUBSCRIPTIONS))
async def test_K2_what_is_followed_is_that_of_the_matrix(client: Running, field: str) -> None:
    answers: dict[str, str] = {}
    world, ground = await laid(client)
    events = await said(client, world)
    async with followers(client) as following:
        for role, enter in ROLES.items():
            asker = await enter(client, world, ground)
            try:
                stream = await following.follow(asker, field, ground)
            except SubscriptionRefusedError as refused:
                reason = refused.errors[0].original_error
                assert isinstance(reason, PublicError)
                answers[role] = reason.code
                assert following.hub.topics == 0, role
                continue
            for event in events:
                following.tell(event)
            answers[role] = await heard(stream, field)
    assert answers == ROWS[field]
