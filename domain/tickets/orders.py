"""In which order tickets are listed."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Label,
    Select,
    case,
    cast,
    func,
    literal,
)

from domain.customers.criteria import keywords
from domain.tickets.finding import words
from domain.tickets.model import DUE, Ticket
from execution.paging import Key, Listing


class TicketOrder(StrEnum):
    """By what tickets are ordered; equal ones newest first."""

    NEWEST = "NEWEST"
    DUE_SOONEST = "DUE_SOONEST"
    RELEVANCE = "RELEVANCE"


NEWEST: Final = (Key(Ticket.created_at, descending=True), Key(Ticket.id, descending=True))


def in_order(statement: Select[Any], order: TicketOrder, search: str) -> Listing:
    """The tickets of a statement in this order."""
    if order is TicketOrder.DUE_SOONEST:
        due = next_due_at()
        return Listing(statement.add_columns(due), (Key(due), Key(Ticket.id)))
    if order is TicketOrder.RELEVANCE and keywords(search):
        relevance = cast(_relevance(search), BigInteger).label("relevance")
        return Listing(statement.add_columns(relevance), (Key(relevance, descending=True), *NEWEST))
    return Listing(statement, NEWEST)


def next_due_at() -> Label[Any]:
    """When something of a ticket is due next; what rests, is over, or was never promised comes after all else."""
    columns = (getattr(Ticket, name) for name in DUE)
    return func.next_due_at(*columns, type_=DateTime(timezone=True)).label("next_due_at")


def _relevance(search: str) -> ColumnElement[Any]:
    """Where the keywords are: the number counts most, then the summary, then ids and people, then all else."""
    people = func.concat_ws(" ", Ticket.contact_name, Ticket.contact_email, func.array_to_string(Ticket.job_ids, " "))
    places = ((8, Ticket.number), (4, Ticket.summary), (2, people))
    found = [
        case((func.strpos(func.searchable(text), words(keyword)) > 0, weight), else_=0)
        for keyword in keywords(search)
        for weight, text in places
    ]
    return sum(found, literal(0, BigInteger()))
