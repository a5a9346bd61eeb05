"""The same schema with plain resolvers over the same rows in Python: graphql-core's answers are right by definition."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema

from execution.ids import UnknownIdError
from execution.paging import encode_cursor
from tests.execution.own import shared
from tests.execution.own.sdl import Genre, build
from tests.execution.own.tables import ALL_AUTHORS, ALL_BOOKS, ALL_REVIEWS, Row

RESOLVERS: dict[tuple[str, str], Callable[..., Any]] = {}
EVERYTHING = [*ALL_AUTHORS, *ALL_BOOKS, *ALL_REVIEWS]
BY_ID = {shared.identifier(row): row for row in EVERYTHING}
NEWEST = sorted(ALL_BOOKS, key=lambda row: row["printed"], reverse=True)


def resolves(*places: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say which fields a function is the resolver of."""

    def note(function: Callable[..., Any]) -> Callable[..., Any]:
        for place in places:
            kind, _, field = place.partition(".")
            RESOLVERS[kind, field] = function
        return function

    return note


def _column(place: str, column: str) -> None:
    resolves(place)(lambda row, _info: row[column])


for _place, _name in {
    "Author.label": "name",
    "Author.bornRequired": "born",
    "Author.moodRequired": "mood",
    "Book.label": "title",
    "Book.titleRequired": "title",
    "Review.label": "words",
}.items():
    _column(_place, _name)


@resolves("Author.id", "Book.id", "Review.id")
def _identifier(row: Row, _info: Any) -> str:
    return shared.identifier(row)


@resolves("Author.initial", "Author.initialRequired")
def _initial(row: Row, _info: Any) -> str:
    return shared.initial(row)


resolves("Author.asked")(shared.asked)
resolves("Author.cells")(lambda row, _info: shared.cells(row))
resolves("Author.corner")(lambda row, _info: shared.corner(row))


def _with_key(rows: list[Row], key: Any) -> Row | None:
    return next((row for row in rows if row["id"] == key), None)


@resolves("Author.mentor", "Author.mentorRequired")
def _mentor(row: Row, _info: Any) -> Row | None:
    return _with_key(ALL_AUTHORS, row["mentor_id"])


@resolves("Book.author", "Book.authorRequired")
def _author(row: Row, _info: Any) -> Row | None:
    return _with_key(ALL_AUTHORS, row["author_id"])


@resolves("Review.book")
def _book(row: Row, _info: Any) -> Row | None:
    return _with_key(ALL_BOOKS, row["book_id"])


@resolves("Author.pupils")
def _pupils(row: Row, _info: Any) -> list[Row]:
    return [each for each in ALL_AUTHORS if each["mentor_id"] == row["id"]]


@resolves("Book.reviews")
def _reviews(row: Row, _info: Any) -> list[Row]:
    return [each for each in ALL_REVIEWS if each["book_id"] == row["id"]]


def _books_of(row: Row, books: list[Row] = ALL_BOOKS) -> list[Row]:
    return [each for each in books if each["author_id"] == row["id"]]


@resolves("Author.books")
def _books(row: Row, _info: Any, *, descending: bool, filter: dict[str, Any] | None = None) -> list[Row]:  # noqa: A002
    found = [each for each in _books_of(row) if not filter or _is_wanted(each, filter)]
    return found[::-1] if descending else found


def _is_wanted(row: Row, wanted: dict[str, Any]) -> bool:
    genres, price = wanted.get("genres"), wanted.get("price") or {}
    low, high = price.get("from"), price.get("to")
    cost = row["price"]
    return (
        (genres is None or row["genre"] in genres)
        and (low is None or (cost is not None and cost >= low))
        and (high is None or (cost is not None and cost <= high))
        and (not wanted["titled"] or row["title"] is not None)
    )


@resolves("Author.booksOfGenre")
def _books_of_genre(
    row: Row, _info: Any, *, genre: Genre | None = None, genres: list[Genre] | None = None
) -> list[Row]:
    return [each for each in _books_of(row) if each["genre"] in [*(genres or ()), genre]]


@resolves("Author.bookCount")
def _book_count(row: Row, _info: Any) -> int:
    return len(_books_of(row))


@resolves("Author.poemCount")
def _poem_count(row: Row, _info: Any) -> int:
    return len([each for each in _books_of(row) if each["genre"] is Genre.POETRY])


@resolves("Author.bookPage")
def _page_of(row: Row, _info: Any, genre: Genre | None = None, **given: Any) -> Any:
    books = _books_of(row, NEWEST)
    return _page([each for each in books if genre is None or each["genre"] is genre], **given)


def _page(
    rows: list[Row], first: int | None = None, after: Any = None, last: int | None = None, before: Any = None
) -> Any:
    cursors = [encode_cursor(shared.NEWEST, [row["printed"], row["id"]]) for row in rows]
    start = cursors.index(after) + 1 if after else 0
    end = cursors.index(before) if before else len(rows)
    start, end = (start, min(end, start + first)) if first else (max(start, end - (last or 0)), end)
    span = range(start, end)
    return {
        "nodes": [rows[each] for each in span],
        "edges": [{"node": rows[each], "cursor": cursors[each]} for each in span],
        "totalCount": len(rows),
        "pageInfo": {
            "hasNextPage": end < len(rows) if first else before is not None,
            "hasPreviousPage": after is not None if first else start > 0,
            "startCursor": cursors[start] if span else None,
            "endCursor": cursors[end - 1] if span else None,
        },
    }


@resolves("Query.bookPage")
def _pages(_root: Any, _info: Any, **given: Any) -> Any:
    return _page(NEWEST, **given)


@resolves("Query.node")
def _node(_root: Any, _info: Any, **given: str) -> Row:
    if given["id"] not in BY_ID:
        raise UnknownIdError
    return BY_ID[given["id"]]


@resolves("Query.nodes")
def _nodes(_root: Any, _info: Any, ids: list[str]) -> list[Any]:
    return [BY_ID.get(each, UnknownIdError()) for each in ids]


resolves("Query.authors")(lambda _root, _info: ALL_AUTHORS)
resolves("Query.books")(lambda _root, _info: ALL_BOOKS)
resolves("Query.things")(lambda _root, _info: EVERYTHING)
resolves("Query.grid")(lambda _root, _info: shared.GRID)
resolves("Query.guest")(lambda _root, _info: ALL_AUTHORS[1])
resolves("Query.number")(lambda _root, _info: 7)
resolves("Query.echo")(lambda _root, _info, **given: shared.echo(given))


@resolves("Query.fails", "Query.failsRequired", "Mutation.refuse")
def _fails(_root: Any, _info: Any) -> Any:
    raise ValueError("nobody is here")


@resolves("Mutation.note")
def _note(notes: list[str], _info: Any, words: str) -> Row:
    notes.append(words)
    return {"id": "new", "words": words}


@resolves("Mutation.notes")
def _notes(notes: list[str], _info: Any) -> list[Row]:
    return [{"id": words, "words": words} for words in sorted(notes)]


def resolved() -> GraphQLSchema:
    """The schema with resolvers."""
    schema = build()
    for (name, field), resolve in RESOLVERS.items():
        kind: Any = schema.type_map[name]
        kind.fields[field].resolve = resolve
    return schema
