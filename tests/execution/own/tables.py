"""The tables of the schema, and what is in them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Enum,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    Uuid,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from tests.execution.own.sdl import Genre, Mood

METADATA: Final = MetaData()
AUTHORS: Final = Table(
    "author",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("born", BigInteger),
    Column("mood", Enum(Mood, native_enum=False)),
    Column("royalties", Numeric),
    Column("tags", ARRAY(Text)),
    Column("marks", ARRAY(Integer, dimensions=2)),
    Column("rates", ARRAY(Numeric, dimensions=2)),
    Column("profile", JSONB),
    Column("mentor_id", Uuid),
)
BOOKS: Final = Table(
    "book",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("title", Text),
    Column("genre", Enum(Genre, native_enum=False)),
    Column("price", Numeric),
    Column("printed", DateTime(timezone=True)),
    Column("author_id", Uuid),
)
REVIEWS: Final = Table(
    "review",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("stars", Integer),
    Column("words", Text),
    Column("book_id", Uuid),
)
NOTES: Final = Table("note", METADATA, Column("id", Uuid, primary_key=True), Column("words", Text))

Row = dict[str, Any]


def key(number: int) -> UUID:
    """The key of the row with this number; those of authors begin at 1, of books at 11, of reviews at 101."""
    return UUID(int=number)


def _author(number: int, name: str, mentor: int | None, **more: Any) -> Row:
    mentor_id = None if mentor is None else key(mentor)
    plain: Row = {
        "born": None,
        "mood": None,
        "royalties": None,
        "tags": [],
        "marks": None,
        "rates": None,
        "profile": None,
    }
    return {"__typename": "Author", "id": key(number), "name": name, **plain, **more, "mentor_id": mentor_id}


def _book(number: int, title: str | None, genre: Genre, author: int | None, price: str | None = None) -> Row:
    return {
        "__typename": "Book",
        "id": key(number),
        "title": title,
        "genre": genre,
        "price": None if price is None else Decimal(price),
        "printed": datetime(2000, 1, number, tzinfo=UTC),
        "author_id": None if author is None else key(author),
    }


def _review(number: int, stars: int | None, words: str | None, book: int) -> Row:
    return {"__typename": "Review", "id": key(number), "stars": stars, "words": words, "book_id": key(book)}


ALL_AUTHORS: Final = [
    _author(
        1,
        "Ada",
        None,
        born=1815,
        mood=Mood.CALM,
        royalties=Decimal("12.50"),
        tags=["early", 'with "quotes"'],
        marks=[[1, 2], [3, 4]],
        rates=[[Decimal("0.10"), None], [Decimal(2), Decimal("3.5")]],
        profile={"née": ["Byron"]},
    ),
    _author(2, "Ben", 1, mood=Mood.WILD),
    _author(3, "Cy", 1, born=3_000_000_000, mood=Mood.GLOOMY),
    _author(4, "Dee", 2, born=-5),
]
ALL_BOOKS: Final = [
    _book(11, "Engines", Genre.NOVEL, 1, "20.00"),
    _book(12, "Notes", Genre.POETRY, 1, "5"),
    _book(13, None, Genre.NOVEL, 1),
    _book(14, "Bees", Genre.POETRY, 2, "999.99"),
    _book(15, "Zero", Genre.NOVEL, 2, "0.5"),
    _book(16, "Anonymous", Genre.NOVEL, None),
]
ALL_REVIEWS: Final = [
    _review(101, 5, "Good", 11),
    _review(102, None, None, 11),
    _review(103, 1, "Bad", 12),
    _review(104, 3, None, 14),
]
ROWS: Final = {AUTHORS: ALL_AUTHORS, BOOKS: ALL_BOOKS, REVIEWS: ALL_REVIEWS}
TYPES: Final = {"Author": AUTHORS, "Book": BOOKS, "Review": REVIEWS}
PREFIXES: Final = {"Author": "author", "Book": "book", "Review": "review"}


def everything() -> Select[Any]:
    """The rows of all types, each with its type and the columns of all: null where it has none."""
    columns: dict[str, Any] = {column.name: column for table in TYPES.values() for column in table.c}
    arms = []
    for name, table in TYPES.items():
        own = [(table.c[each] if each in table.c else cast(null(), columns[each].type)).label(each) for each in columns]
        arms.append(select(literal(name).label("__typename"), *own))
    united = union_all(*arms).subquery("thing")
    return select(united).order_by(united.c.id)
