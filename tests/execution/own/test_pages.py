"""Connections on the schema of its own: pages forward and backward, at the root and of each parent."""

from typing import Any

import pytest

from tests.execution.own.library import Library

ROOT = """query ($first: Int, $after: String, $last: Int, $before: String) {
    bookPage(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { title author { name } } } nodes { id }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }"""
OF_PARENTS = """query ($first: Int, $last: Int, $genre: Genre) { authors { name
    bookPage(first: $first, last: $last, genre: $genre) { totalCount nodes { title reviews { words } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { price } } } } }"""


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
@pytest.mark.parametrize("backward", [False, True])
async def test_all_pages_one_after_the_other(library: Library, size: int, backward: bool) -> None:
    which, place, told = ("last", "before", "startCursor") if backward else ("first", "after", "endCursor")
    more = "hasPreviousPage" if backward else "hasNextPage"
    found: list[Any] = []
    cursor: dict[str, Any] = {}
    for _ in range(6):
        page = (await library.same(ROOT, **{which: size}, **cursor))["data"]["bookPage"]
        titles = [each["node"]["title"] for each in page["edges"]]
        found = titles + found if backward else found + titles
        if not page["pageInfo"][more]:
            break
        cursor = {place: page["pageInfo"][told]}
    assert found == ["Anonymous", "Zero", "Bees", None, "Notes", "Engines"]


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize("genre", [None, "NOVEL", "POETRY"])
async def test_a_page_of_each_parent(library: Library, size: int, which: str, genre: str | None) -> None:
    await library.same(OF_PARENTS, **{which: size}, genre=genre)


async def test_a_page_of_each_parent_goes_on_after_a_cursor(library: Library) -> None:
    first = await library.same("{ authors { bookPage(first: 1) { pageInfo { endCursor } } } }")
    after = first["data"]["authors"][0]["bookPage"]["pageInfo"]["endCursor"]
    await library.same(
        "query ($c: String) { guest { mentor { bookPage(first: 1, after: $c) { nodes { title } } } } }", c=after
    )


async def test_the_number_of_rows_alone_reads_no_page(library: Library) -> None:
    await library.same("{ bookPage(first: 1) { totalCount } authors { bookPage(first: 1) { totalCount } } }")
    assert len(library.asker.statements) == 2
    assert "LIMIT" not in " ".join(library.asker.statements)


@pytest.mark.parametrize("page", ["nodes { title }", "edges { cursor }", "pageInfo { hasNextPage }", "__typename"])
async def test_each_part_of_a_page_alone(library: Library, page: str) -> None:
    await library.same(f"{{ bookPage(last: 2) {{ {page} }} authors {{ bookPage(first: 1) {{ {page} }} }} }}")


async def test_two_pages_of_the_same_parents(library: Library) -> None:
    await library.same(
        "{ authors { a: bookPage(first: 1) { nodes { title } } b: bookPage(last: 1) { nodes { title } totalCount } } }"
    )


async def test_a_page_without_a_size_is_an_error_of_its_field(library: Library) -> None:
    answer = await library.answer("{ number bookPage { totalCount } guest { bookPage(first: 0) { totalCount } } }")
    assert answer["data"] == {"number": 7, "bookPage": None, "guest": None}
    assert [(each["path"], each["message"]) for each in answer["errors"]] == [
        (["bookPage"], "Give either `first` or `last`."),
        (["guest", "bookPage"], "`first` must be between 1 and 100."),
    ]


async def test_what_is_no_cursor_is_an_error_of_its_field(library: Library) -> None:
    answer = await library.answer(ROOT, first=1, after="nonsense")
    assert answer["data"] == {"bookPage": None}
    assert answer["errors"][0]["message"] == "`after` is not a cursor of this list."


async def test_a_cursor_that_was_cut_is_refused(library: Library) -> None:
    given = await library.answer("{ bookPage(first: 1) { pageInfo { endCursor } } }")
    cursor = given["data"]["bookPage"]["pageInfo"]["endCursor"]
    assert (await library.answer(ROOT, last=1, before=cursor))["data"]["bookPage"]["nodes"] == []
    assert (await library.answer(ROOT, last=1, before=cursor[:-4]))["data"] == {"bookPage": None}
