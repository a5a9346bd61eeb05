"""Batch functions: the statements of the schema's relations and roots."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, cast, func, select

from execution.paging import Listing, Way
from tests.execution.own import shared
from tests.execution.own.sdl import Genre
from tests.execution.own.tables import AUTHORS, BOOKS, NOTES, REVIEWS, everything

SEVERAL = select(func.count() > 1).select_from(AUTHORS).scalar_subquery()
"""Holds, but nobody knows it before the statement runs."""


def author_by_key(_gate: Any, parents: Any) -> Any:
    """An author of any key."""
    return select(AUTHORS).where(parents.match(AUTHORS.c.id))


def book_by_key(_gate: Any, parents: Any) -> Any:
    """A book of any key."""
    return select(BOOKS).where(parents.match(BOOKS.c.id))


def review_by_key(_gate: Any, parents: Any) -> Any:
    """A review of any key."""
    return select(REVIEWS).where(parents.match(REVIEWS.c.id))


def pupils_of(_gate: Any, parents: Any) -> Any:
    """Those whose mentors the parents are."""
    return select(AUTHORS).where(parents.match(AUTHORS.c.mentor_id)).order_by(AUTHORS.c.id)


def reviews_of(_gate: Any, parents: Any) -> Any:
    """What is said of books."""
    return select(REVIEWS).where(parents.match(REVIEWS.c.book_id)).order_by(REVIEWS.c.id)


def books_of(_gate: Any, parents: Any, *, wanted: Mapping[str, Any] | None = None, descending: bool = False) -> Any:
    """The books of authors, filtered."""
    order = BOOKS.c.id.desc() if descending else BOOKS.c.id
    made = select(BOOKS).where(parents.match(BOOKS.c.author_id)).order_by(order)
    if not wanted:
        return made
    if wanted.get("genres") is not None:
        made = made.where(BOOKS.c.genre.in_(wanted["genres"]))
    price = wanted.get("price") or {}
    if price.get("from") is not None:
        made = made.where(BOOKS.c.price >= price["from"])
    if price.get("to") is not None:
        made = made.where(BOOKS.c.price <= price["to"])
    return made.where(BOOKS.c.title.is_not(None)) if wanted["titled"] else made


def books_of_genre(_gate: Any, parents: Any, *, genre: Genre | None = None, genres: list[Genre] | None = None) -> Any:
    """The books of authors of these genres."""
    named = [*(genres or ()), *([genre] if genre else ())]
    return select(BOOKS).where(parents.match(BOOKS.c.author_id), BOOKS.c.genre.in_(named)).order_by(BOOKS.c.id)


def listed(_gate: Any, parents: Any, *, genre: Genre | None = None) -> Listing:
    """The books of authors, the newest first; those of a genre in the way for few rows."""
    books = select(BOOKS).where(parents.match(BOOKS.c.author_id))
    if genre is None:
        return Listing(books, shared.NEWEST)
    return Listing(books.where(BOOKS.c.genre == genre), shared.NEWEST, (Way(SEVERAL, few=True), Way(~SEVERAL)))


def raising(_gate: Any, _parents: Any) -> Any:
    """No statement at all."""
    raise LookupError("there is no such statement")


def dividing(_gate: Any, parents: Any) -> Any:
    """A statement that fails in the database."""
    zero = func.length(BOOKS.c.genre) * 0
    return select(BOOKS).where(parents.match(BOOKS.c.author_id), cast(1 / zero, Integer) == 1)


def all_authors(_gate: Any) -> Any:
    """All authors."""
    return select(AUTHORS).order_by(AUTHORS.c.id)


def all_books(_gate: Any) -> Any:
    """All books."""
    return select(BOOKS).order_by(BOOKS.c.id)


def all_listed(_gate: Any) -> Listing:
    """All books, the newest first, in the way for many rows."""
    return Listing(select(BOOKS), shared.NEWEST, (Way(~SEVERAL, few=True), Way(SEVERAL)))


def all_things(_gate: Any) -> Any:
    """All rows of all types."""
    return everything()


def all_strange(_gate: Any) -> Any:
    """Rows of a type that the schema has not."""
    things = everything().subquery("strange")
    others = [each for each in things.c if each.name != "__typename"]
    return select(func.lower(things.c["__typename"]).label("__typename"), *others)


def all_notes(_gate: Any) -> Any:
    """What was noted."""

    return select(NOTES).order_by(NOTES.c.words)
