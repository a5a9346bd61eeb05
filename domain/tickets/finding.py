"""How tickets are found by what they say (docs/adr/0008): what a keyword means, and the ways to those that say it."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from authz.powers import Powers
from domain.customers.criteria import keywords
from domain.tickets.model import Ticket
from domain.tickets.reach import in_range
from execution.paging import Way


def says(keyword: str) -> ColumnElement[bool]:
    """The words of the keyword are in the ticket, side by side."""
    return func.strpos(Ticket.search_text, words(keyword)) > 0


def words(keyword: str) -> Any:
    """The words of a keyword as tickets have theirs; it is looked at once, not once for each ticket."""
    return select(func.searchable(literal(keyword))).scalar_subquery()


def ways_to(search: str, powers: Powers) -> tuple[Way, ...]:
    """By an index where few tickets of a partner, or of all, have the words, else from one to the next in its range.

    The database decides, as it runs: `tickets_that_say` gives ids, or null where reading a list is the shorter way.
    Whoever sees one tenant's tickets alone reads so few that there is nothing to decide. Who has groups of customers
    reads the list: the index knows no groups, and how long it takes would tell of what is said in others.
    """
    said = keywords(search)
    if not said or powers.grouped or not (powers.is_partner or powers.is_platform):
        return ()
    asked = array([func.searchable(literal(keyword)) for keyword in said])
    found = select(func.tickets_that_say(asked, type_=ARRAY(Uuid())).label("ids")).cte("said")
    ids = select(found.c.ids).scalar_subquery()
    return (Way(Ticket.id == any_(cast(ids, ARRAY(Uuid()))), few=True), Way(ids.is_(None) & in_range(Ticket, powers)))
