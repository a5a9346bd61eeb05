"""The schema whose fields say where their values come from, for the planner."""

from typing import Any

from graphql import GraphQLSchema

from execution.ask import Ask, by_key, page, several
from execution.fields import SOURCE, Column, Computed, Counted, Identifier, PagePart, Related
from execution.ids import UnknownIdError, decode
from execution.paging import page_request
from execution.relation import Cardinality, Relation
from tests.execution.own import batches, shared
from tests.execution.own.sdl import Genre, build
from tests.execution.own.tables import ALL_AUTHORS, PREFIXES


def _one(batch: Any, key: str) -> Related:
    return Related(Relation(batch, key, Cardinality.ONE))


def _many(batch: Any, convert: Any = None) -> Related:
    relation = Relation(batch, "id", Cardinality.MANY)
    return Related(relation, convert) if convert else Related(relation)


PAGED = Relation(batches.listed, "id", Cardinality.PAGE)
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
        "mentor": _one(batches.author_by_key, "mentor_id"),
        "mentorRequired": _one(batches.author_by_key, "mentor_id"),
        "pupils": _many(batches.pupils_of),
        "books": _many(
            batches.books_of, lambda given: {"wanted": given.get("filter"), "descending": given["descending"]}
        ),
        "booksOfGenre": _many(batches.books_of_genre),
        "bookPage": Related(PAGED),
        "bookCount": Counted(PAGED, {}),
        "poemCount": Counted(PAGED, {"genre": Genre.POETRY}),
        "raising": _many(batches.raising),
        "dividing": _many(batches.dividing),
        "dividingRequired": _many(batches.dividing),
    },
    "Book": {
        "id": Identifier("book"),
        "label": Column("title"),
        "titleRequired": Column("title"),
        "author": _one(batches.author_by_key, "author_id"),
        "authorRequired": _one(batches.author_by_key, "author_id"),
        "reviews": _many(batches.reviews_of),
    },
    "Review": {"id": Identifier("review"), "label": Column("words"), "book": _one(batches.book_by_key, "book_id")},
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
BY_KEY = {"Author": batches.author_by_key, "Book": batches.book_by_key, "Review": batches.review_by_key}


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


ROOTS: dict[str, dict[str, Any]] = {
    "Query": {
        "authors": lambda _root, _info: several(batches.all_authors, {}),
        "books": lambda _root, _info: several(batches.all_books, {}),
        "bookPage": lambda _root, _info, **given: page(
            batches.all_listed, {}, page_request(*(given.get(name) for name in ("first", "after", "last", "before")))
        ),
        "node": lambda _root, _info, **given: _by_id(given["id"]),
        "nodes": lambda _root, _info, ids: _each(ids),
        "things": lambda _root, _info: several(batches.all_things, {}),
        "grid": lambda _root, _info: shared.GRID,
        "guest": lambda _root, _info: ALL_AUTHORS[1],
        "number": lambda _root, _info: 7,
        "echo": lambda _root, _info, **given: shared.echo(given),
        "fails": _fail,
        "failsRequired": _fail,
        "strange": lambda _root, _info: several(batches.all_strange, {}),
    },
    "Mutation": {
        "note": _note,
        "notes": lambda _root, _info: several(batches.all_notes, {}),
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
