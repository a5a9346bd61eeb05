"""Arguments arrive as GraphQL coerces them, at the root and on relations."""

from typing import Any

import pytest

from tests.execution.own.library import Library

BOOKS = "query ($filter: BookFilter) { authors { books(filter: $filter) { title price } } }"


@pytest.mark.parametrize(
    "filter",
    [
        None,
        {},
        {"genres": None},
        {"genres": []},
        {"genres": ["POETRY"]},
        {"genres": "NOVEL"},
        {"titled": True},
        {"price": {}},
        {"price": {"from": "5"}},
        {"price": {"from": "5", "to": "20.00"}},
        {"price": {"from": 1, "to": None}, "genres": ["NOVEL", "POETRY"], "titled": True},
    ],
)
async def test_input_objects_as_variables(library: Library, filter: Any) -> None:  # noqa: A002
    await library.same(BOOKS, filter=filter)


@pytest.mark.parametrize(
    "argument",
    [
        "filter: {}",
        "filter: null",
        "filter: {genres: POETRY}",
        "filter: {genres: [POETRY], titled: true}",
        'filter: {price: {from: "5"}}',
        "filter: {genres: NOVEL}, descending: true",
    ],
)
async def test_input_objects_as_literals(library: Library, argument: str) -> None:
    await library.same(f"{{ authors {{ books({argument}) {{ title }} }} }}")


async def test_variables_within_literals(library: Library) -> None:
    query = """query ($g: Genre!, $from: Money, $t: Boolean = true) {
        authors { books(filter: {genres: [$g], price: {from: $from}, titled: $t}) { title } } }"""
    await library.same(query, g="NOVEL")
    await library.same(query, g="NOVEL", **{"from": "1"})
    await library.same(query, g="POETRY", t=False, **{"from": None})


async def test_a_variable_that_is_missing_leaves_the_default_of_the_argument(library: Library) -> None:
    query = "query ($genre: Genre) { authors { booksOfGenre(genre: $genre) { title genre } } }"
    missing = await library.same(query)
    null = await library.same(query, genre=None)
    assert [len(each["booksOfGenre"]) for each in missing["data"]["authors"]] == [2, 1, 0, 0]
    assert [len(each["booksOfGenre"]) for each in null["data"]["authors"]] == [0, 0, 0, 0]


async def test_the_default_of_a_variable(library: Library) -> None:
    query = "query ($genre: Genre = POETRY) { authors { booksOfGenre(genre: $genre) { title } } }"
    default = await library.same(query)
    assert [len(each["booksOfGenre"]) for each in default["data"]["authors"]] == [1, 1, 0, 0]
    await library.same(query, genre=None)
    await library.same(query, genre="NOVEL")


async def test_one_value_is_a_list_of_one(library: Library) -> None:
    await library.same("{ authors { booksOfGenre(genre: null, genres: POETRY) { title } } }")
    await library.same(
        "query ($g: [Genre!]) { authors { booksOfGenre(genre: null, genres: $g) { title } } }", g="POETRY"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "(text: null)",
        '(at: "2020-01-02T03:04:05+02:00")',
        "(lists: 1)",
        "(lists: [1, 2])",
        "(lists: [[1, 2], null, 3])",
        "(mood: LOUD)",
        '(filter: {genres: [NOVEL], price: {to: "2.50"}})',
    ],
)
async def test_arguments_of_root_fields(library: Library, arguments: str) -> None:
    await library.same(f"{{ echo{arguments} }}")


async def test_root_fields_with_variables_of_their_own_defaults(library: Library) -> None:
    query = 'query ($t: String = "mine", $u: String) { a: echo(text: $t) b: echo(text: $u) }'
    await library.same(query)
    await library.same(query, t=None, u=None)


async def test_a_null_variable_where_null_is_not_allowed_is_an_error_of_its_field(library: Library) -> None:
    query = "query ($d: Boolean = true) { number guest { name books(descending: $d) { title } } }"
    await library.same(query)
    answer = await library.same(query, d=None)
    assert answer["data"] == {"number": 7, "guest": None}
    assert [each["path"] for each in answer["errors"]] == [["guest", "books"]]
