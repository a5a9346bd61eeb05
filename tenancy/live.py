"""What changes, told to whoever waits for it: ids alone, from transactions that are committed, in any process.

The database tells (migration 0013), one connection hears, and feeds take what concerns them. Nothing that is told here
is shown to anybody: it says what is to be read anew, by the rules of reading.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson

from tenancy.listening import Listener

CHANNEL: Final = "bailiwick_live"
PATIENCE: Final = 5.0
"""Seconds that somebody who begins to wait gives the connection to stand."""
MOST_WAITING: Final = 256
"""Events that a feed keeps for one who does not take them."""


class EventKind(StrEnum):
    """What happened."""

    TICKET = "ticket"  # what everybody who sees the ticket may know of it has changed
    MESSAGE = "message"  # something was said
    NOTIFICATION = "notification"  # somebody has one more, or one less, that is unread
    BULK_OPERATION = "bulk_operation"  # one has moved on
    ACCESS = "access"  # somebody may see less than before, or more
    MISSED = "missed"  # nobody knows: events were lost


@dataclass(frozen=True, slots=True)
class Event:
    """`internal` tells that only the vendor's staff may know that it happened."""

    kind: EventKind
    ticket_id: UUID | None = None
    message_id: UUID | None = None
    internal: bool = False


class FallenBehindError(Exception):
    """Somebody takes events more slowly than they come: none more are kept."""


class Feed(AsyncIterator[Event]):
    """Events of some topics, in their order; one that waits already is not kept twice."""

    def __init__(self, hub: "Hub", topics: Iterable[str]) -> None:
        self.topics = tuple(topics)
        self._hub = hub
        self._waiting: dict[Event, None] = {}
        self._news = asyncio.Event()
        self._fell_behind = False

    def put(self, event: Event) -> None:
        """Keep an event until it is taken."""
        if len(self._waiting) >= MOST_WAITING:
            self._fell_behind = True
        else:
            self._waiting[event] = None
        self._news.set()

    async def __anext__(self) -> Event:
        """The next event; raises `FallenBehindError` for one who left too many."""
        while not self._waiting and not self._fell_behind:
            self._news.clear()
            await self._news.wait()
        if self._fell_behind:
            raise FallenBehindError
        event = next(iter(self._waiting))
        del self._waiting[event]
        return event

    async def aclose(self) -> None:
        """Take no more."""
        self._hub.forget(self)


class Hub:
    """The feeds of this process; `url` is the database's."""

    def __init__(self, url: str) -> None:
        self._feeds: defaultdict[str, set[Feed]] = defaultdict(set)
        self._listener = Listener(url, CHANNEL, self._heard, resumed=self._missed)

    @property
    def topics(self) -> int:
        """How many topics somebody waits for."""
        return len(self._feeds)

    async def feed(self, *topics: str) -> Feed:
        """A feed of these topics, from now on; raises `TimeoutError` while the database cannot be heard."""
        feed = Feed(self, topics)
        for topic in topics:
            self._feeds[topic].add(feed)
        try:
            await self._listener.hearing(PATIENCE)
        except BaseException:
            self.forget(feed)
            raise
        return feed

    def forget(self, feed: Feed) -> None:
        """Put nothing more into a feed."""
        for topic in feed.topics:
            self._feeds[topic].discard(feed)
            if not self._feeds[topic]:
                del self._feeds[topic]

    def tell(self, event: Event, topics: Iterable[str]) -> None:
        """Put an event into the feeds of these topics in this process."""
        for feed in {feed for topic in topics for feed in self._feeds.get(topic, ())}:
            feed.put(event)

    async def close(self) -> None:
        """Hear no more."""
        await self._listener.close()

    def _heard(self, payload: str) -> None:
        told: dict[str, Any] = orjson.loads(payload)
        event = Event(
            EventKind(told["kind"]), _key(told, "ticket"), _key(told, "message"), bool(told.get("internal", False))
        )
        self.tell(event, told["topics"] or ())

    def _missed(self) -> None:
        self.tell(Event(EventKind.MISSED), list(self._feeds))


def _key(told: dict[str, Any], name: str) -> UUID | None:
    value = told.get(name)
    return UUID(value) if value else None
