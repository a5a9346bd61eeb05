"""The schema that the planner is tested on: authors, their books and what is said of these."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from graphql import GraphQLEnumType, GraphQLSchema, build_schema

SDL = """
scalar Money
scalar Instant
scalar JSON

enum Mood { QUIET LOUD }
enum Genre { NOVEL POETRY }

input Range { from: Money, to: Money = "1000" }
input BookFilter { genres: [Genre!], price: Range, titled: Boolean = false }

interface Labelled { id: ID! label: String }
interface Rated implements Labelled { id: ID! label: String stars: Int }
union Thing = Author | Book | Review

type Cell { x: Int! y: Int }

type Author implements Labelled {
  id: ID!
  label: String
  name: String!
  born: Int
  bornRequired: Int!
  mood: Mood
  moodRequired: Mood!
  royalties: Money
  tags: [String!]!
  marks: [[Int!]!]
  rates: [[Money]]
  profile: JSON
  initial: String
  initialRequired: String!
  asked: String!
  cells: [[Cell!]]!
  corner: Cell
  mentor: Author
  mentorRequired: Author!
  pupils: [Author!]!
  books(filter: BookFilter, descending: Boolean! = false): [Book!]!
  booksOfGenre(genre: Genre = NOVEL, genres: [Genre!]): [Book!]
  bookPage(first: Int, after: String, last: Int, before: String, genre: Genre): BookConnection!
  bookCount: Int!
  poemCount: Int
  raising: [Book!]
  dividing: [Book!]
  dividingRequired: [Book!]!
}

type Book implements Labelled {
  id: ID!
  label: String
  title: String
  titleRequired: String!
  genre: Genre!
  price: Money
  printed: Instant
  author: Author
  authorRequired: Author!
  reviews: [Review!]!
}

type Review implements Labelled & Rated { id: ID! label: String stars: Int words: String book: Book! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type BookEdge { node: Book! cursor: String! }
type BookConnection { nodes: [Book!]! edges: [BookEdge!]! pageInfo: PageInfo! totalCount: Int! }

type Query {
  authors: [Author!]!
  books: [Book!]!
  bookPage(first: Int, after: String, last: Int, before: String): BookConnection
  node(id: ID!): Labelled
  nodes(ids: [ID!]!): [Labelled]!
  things: [Thing!]
  grid: [[Cell]]
  guest: Author
  number: Int
  echo(filter: BookFilter, at: Instant, lists: [[Int!]], mood: Mood, text: String = "none"): String
  fails: Author
  failsRequired: Author!
  strange: [Thing]
}

type Note { id: ID! words: String! }
type Mutation { note(words: String!): Note notes: [Note!]! refuse: Note }
type Subscription { told(names: [String!]!): Author! counted: Int numbers(to: Int!): Int! never: Int notAStream: Int }
"""


class Mood(Enum):
    """Values that are others inside than outside; the schema does not know the last."""

    CALM = 1
    WILD = 2
    GLOOMY = 3


class Genre(Enum):
    """Values of the same names inside and outside."""

    NOVEL = "a novel"
    POETRY = "poems"


def build() -> GraphQLSchema:
    """The schema, without a word about where values come from."""
    schema = build_schema(SDL)
    _enumerate(schema, "Mood", {"QUIET": Mood.CALM, "LOUD": Mood.WILD})
    _enumerate(schema, "Genre", {each.name: each for each in Genre})
    _scalar(schema, "Money", str, _money)
    _scalar(schema, "Instant", datetime.isoformat, lambda text: datetime.fromisoformat(text).astimezone(UTC))
    return schema


def _enumerate(schema: GraphQLSchema, name: str, values: dict[str, Enum]) -> None:
    kind = schema.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    for key, value in values.items():
        kind.values[key].value = value


def _scalar(schema: GraphQLSchema, name: str, written: Any, read: Any) -> None:
    kind: Any = schema.type_map[name]
    kind.serialize = kind.coerce_output_value = written
    kind.parse_value = kind.coerce_input_value = read


def _money(text: Any) -> Decimal:
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError):
        raise ValueError(f"{text!r} is no amount of money.") from None
