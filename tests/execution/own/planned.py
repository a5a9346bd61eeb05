"""The schema whose fields say where their values come from, for the planner."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema
from sqlalchemy import Integer, cast, func, select, true

from execution.ask import Ask, by_key, page, several
from execution.fields import SOURCE, Column, Computed, Counted, Identifier, PagePart, Related
from execution.ids import UnknownIdError, decode
from execution.paging import Listing, page_request
from execution.relation import Cardinality, Relation
from tests.execution.own import shared
from tests.execution.own.sdl import Genre, build
from tests.execution.own.tables import ALL_AUTHORS, AUTHORS, BOOKS, NOTES, PREFIXES, REVIEWS, everything


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
    """The books of authors, the newest first."""
    condition = true() if genre is None else BOOKS.c.genre == genre
    return Listing(select(BOOKS).where(parents.match(BOOKS.c.author_id), condition), shared.NEWEST)


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
    """All books, the newest first."""
    return Listing(select(BOOKS), shared.NEWEST)


def all_things(_gate: Any) -> Any:
    """All rows of all types."""
    return everything()


def all_strange(_gate: Any) -> Any:
    """Rows of a type that the schema has not."""
    things = everything().subquery("strange")
    others = [each for each in things.c if each.name != "__typename"]
    return select(func.lower(things.c["__typename"]).label("__typename"), *others)


def _one(batch: Any, key: str) -> Related:
    return Related(Relation(batch, key, Cardinality.ONE))


def _many(batch: Any, convert: Any = None) -> Related:
    relation = Relation(batch, "id", Cardinality.MANY)
    return Related(relation, convert) if convert else Related(relation)


PAGED = Relation(listed, "id", Cardinality.PAGE)
SOURCES: dict[str, dict[str, Any]] = {
    "Author": {
        "id": Identifier("author"),
        "label": Column("name"),
        "bornRequired": Column("born"),
        "moodRequired": Column("mood"),
        "initial": Computed(shared.initial, ("name",)),
        "initialRequired": Computed(shared.initial, ("name",)),
        "asked": Computed(shared.asked, ("name",), contextual=True),
        "cells": Computed(shared.cells, ("name",)),
        "corner": Computed(shared.corner, ("name",)),
        "mentor": _one(author_by_key, "mentor_id"),
        "mentorRequired": _one(author_by_key, "mentor_id"),
        "pupils": _many(pupils_of),
        "books": _many(books_of, lambda given: {"wanted": given.get("filter"), "descending": given["descending"]}),
        "booksOfGenre": _many(books_of_genre),
        "bookPage": Related(PAGED),
        "bookCount": Counted(PAGED, {}),
        "poemCount": Counted(PAGED, {"genre": Genre.POETRY}),
        "raising": _many(raising),
        "dividing": _many(dividing),
        "dividingRequired": _many(dividing),
    },
    "Book": {
        "id": Identifier("book"),
        "label": Column("title"),
        "titleRequired": Column("title"),
        "author": _one(author_by_key, "author_id"),
        "authorRequired": _one(author_by_key, "author_id"),
        "reviews": _many(reviews_of),
    },
    "Review": {"id": Identifier("review"), "label": Column("words"), "book": _one(book_by_key, "book_id")},
    "BookConnection": {
        "nodes": PagePart.NODES,
        "edges": PagePart.EDGES,
        "pageInfo": PagePart.PAGE_INFO,
        "totalCount": PagePart.TOTAL_COUNT,
    },
    "BookEdge": {"node": PagePart.NODE, "cursor": PagePart.CURSOR},
    "PageInfo": {
        "hasNextPage": Column("has_next_page"),
        "hasPreviousPage": Column("has_previous_page"),
        "startCursor": Column("start_cursor"),
        "endCursor": Column("end_cursor"),
    },
}
BY_KEY = {"Author": author_by_key, "Book": book_by_key, "Review": review_by_key}


def _by_id(text: str) -> Ask:
    prefix, key = decode(text)
    for name, known in PREFIXES.items():
        if known == prefix:
            return by_key(BY_KEY[name], key, name)
    raise UnknownIdError


def _each(texts: list[str]) -> list[Any]:
    found: list[Any] = []
    for text in texts:
        try:
            found.append(_by_id(text))
        except UnknownIdError as error:
            found.append(error)
    return found


async def _fail(_root: Any, _info: Any) -> Any:
    raise ValueError("nobody is here")


async def _note(_root: Any, info: Any, words: str) -> Any:
    await info.context.write("INSERT INTO note (id, words) VALUES (gen_random_uuid(), $1)", words)
    return {"id": "new", "words": words}


def _all_notes(_gate: Any) -> Any:

    return select(NOTES).order_by(NOTES.c.words)


ROOTS: dict[str, dict[str, Any]] = {
    "Query": {
        "authors": lambda _root, _info: several(all_authors, {}),
        "books": lambda _root, _info: several(all_books, {}),
        "bookPage": lambda _root, _info, **given: page(
            all_listed, {}, page_request(*(given.get(name) for name in ("first", "after", "last", "before")))
        ),
        "node": lambda _root, _info, **given: _by_id(given["id"]),
        "nodes": lambda _root, _info, ids: _each(ids),
        "things": lambda _root, _info: several(all_things, {}),
        "grid": lambda _root, _info: shared.GRID,
        "guest": lambda _root, _info: ALL_AUTHORS[1],
        "number": lambda _root, _info: 7,
        "echo": lambda _root, _info, **given: shared.echo(given),
        "fails": _fail,
        "failsRequired": _fail,
        "strange": lambda _root, _info: several(all_strange, {}),
    },
    "Mutation": {
        "note": _note,
        "notes": lambda _root, _info: several(_all_notes, {}),
        "refuse": _fail,
    },
}


def planned() -> GraphQLSchema:
    """The schema with sources, and resolvers at its roots alone."""
    schema = build()
    for name, sources in SOURCES.items():
        kind: Any = schema.type_map[name]
        for field, source in sources.items():
            kind.fields[field].extensions = {SOURCE: source}
    for name, resolvers in ROOTS.items():
        kind = schema.type_map[name]
        for field, resolve in resolvers.items():
            kind.fields[field].resolve = resolve
    return schema
