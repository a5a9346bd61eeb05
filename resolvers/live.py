"""Live updates: where a subscription's events come from, and what each of them comes to for who asks (spec 3, 7).

A source passes on ids; each event is answered by a context of its own, whose actor was looked up anew, and by the
predicate of reading. What the actor cannot see ends the subscription with the error that reading it gives; what is no
news for the actor is passed over, so that an internal note is not even an empty event for those who may not read it.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Final
from uuid import UUID

import strawberry

from authz.actor import Actor
from authz.permissions import Permission
from domain.tickets import queries
from domain.tickets.notifications import unread_of
from execution.ask import Ask, by_key
from execution.ids import decode_as
from execution.relation import KEYS, Cardinality, Relation, related_counts
from resolvers.arguments import Id
from resolvers.context import Context, Info
from resolvers.enums.tickets import TicketScope
from tenancy.live import Event, EventKind, Feed

Scope = Annotated[TicketScope, strawberry.argument(description='Of which section of "My tickets".')]


UNREAD: Final = Relation(unread_of, "principal_id", Cardinality.PAGE)


class NoNewsError(Exception):
    """An event that is none for who asks: nothing is sent, and nothing ends."""


async def ticket_source(info: Info, ticket_id: Id) -> AsyncIterator[Event]:
    """The events of one ticket that the actor sees."""
    key = decode_as("ticket", ticket_id)
    feed = await feed_of(info.context, f"ticket:{key}")  # before it is looked at, so that nothing falls between
    try:
        await _refuse_unseen(info.context, key)
    except BaseException:
        await feed.aclose()
        raise
    return feed


async def ticket_updated(event: Event, info: Info, ticket_id: Id) -> Any:
    """The ticket as it is now."""
    key = decode_as("ticket", ticket_id)
    if event.kind in (EventKind.ACCESS, EventKind.MESSAGE) or _is_hidden(event, info.context.actor):
        await _refuse_unseen(info.context, key)
        raise NoNewsError
    return by_key(queries.by_ids, key)


async def conversation_updated(event: Event, info: Info, ticket_id: Id) -> Any:
    """The message that was said; None where some may have been missed."""
    key = decode_as("ticket", ticket_id)
    if event.kind is EventKind.MESSAGE and event.message_id is not None:
        return _or_no_news(queries.messages_by_ids, event.message_id)
    await _refuse_unseen(info.context, key)
    if event.kind is EventKind.MISSED:
        return None
    raise NoNewsError


async def tickets_source(info: Info, scope: Scope = TicketScope.ALL) -> AsyncIterator[Event]:  # noqa: ARG001 - of answers
    """The events of all tickets that the actor may come to see."""
    context = info.context
    context.gate.grant(Permission.TICKET_READ)
    return await feed_of(context, _tickets_of(context.actor))


async def tickets_updated(event: Event, info: Info, scope: Scope = TicketScope.ALL) -> Any:
    """The ticket, if the actor sees it and it is of the section; None where events may have been missed."""
    context = info.context
    context.gate.grant(Permission.TICKET_READ)
    if event.kind is EventKind.MISSED:
        return None
    if event.ticket_id is None or _is_hidden(event, context.actor):
        raise NoNewsError
    return _or_no_news(queries.by_ids_of, event.ticket_id, scope=scope)


async def notifications_source(info: Info) -> AsyncIterator[Event]:
    """The events of what waits for the actor, and one to begin with, so that the count is there at once."""
    context = info.context
    context.gate.grant(Permission.TICKET_READ)
    feed = await feed_of(context, f"notifications:{context.actor.user_id}")
    feed.put(Event(EventKind.NOTIFICATION))
    return feed


async def notification_count(_event: Event, info: Info) -> int:
    """How many messages wait for the actor now."""
    context = info.context
    unread = related_counts(UNREAD, context.gate, {})
    row = await context.row(unread, **{KEYS: [context.actor.user_id]})
    return row["count"] if row else 0


async def feed_of(context: Context, topic: str) -> Feed:
    """The events of a topic, and word of changes of what the actor may see."""
    actor = context.actor
    return await context.hub.feed(topic, f"access:{actor.user_id}", f"access:{actor.tenant_id}")


def _tickets_of(actor: Actor) -> str:
    """The topic in which all is told that the actor may see (`domain.tickets.reach`)."""
    if actor.ticket_id is not None:
        return f"ticket:{actor.ticket_id}"
    return "tickets" if actor.is_platform else f"tickets:{actor.tenant_id}"


def _is_hidden(event: Event, actor: Actor) -> bool:
    return event.internal and not actor.holds(Permission.TICKET_NOTE_INTERNAL)


async def _refuse_unseen(context: Context, key: UUID) -> None:
    """Raise what reading the ticket raises, if it is not seen any more."""
    await context.get(queries.by_ids, key)


def _or_no_news(batch: Callable[..., Any], key: UUID, **arguments: Any) -> Ask:
    """The row with this key; where it is not seen, nothing has happened."""
    return Ask(batch, Cardinality.ONE, arguments, key, missing=NoNewsError())
