"""Plans and statements are made once, for all for whom they are right."""

from typing import Any

from execution.ask import several
from tests.execution.own.batches import all_authors
from tests.execution.own.library import Library

BOOKS = "query ($g: Genre) { authors { name booksOfGenre(genre: $g) { title } } }"


def counts(library: Library) -> tuple[int, int, int, int]:
    """Misses and hits of plans, and of statements."""
    plans, statements = library.executor.plans, library.executor.statements.cache
    return plans.misses, plans.hits, statements.misses, statements.hits


async def test_a_plan_is_made_once(library: Library) -> None:
    for _ in range(3):
        await library.same("{ authors { name } }")
    assert counts(library) == (1, 2, 1, 2)


async def test_a_plan_is_of_the_shape_of_who_asks(library: Library) -> None:
    for shape in ("reader", "writer", "reader"):
        await library.answer("{ authors { name books { title } } }", shape=shape)
    assert counts(library)[:2] == (2, 1)
    assert library.executor.statements.cache.misses == 4


async def test_values_of_variables_share_a_plan_and_differ_in_statements(library: Library) -> None:
    for genre in ("NOVEL", "POETRY", "NOVEL"):
        await library.same(BOOKS, g=genre)
    assert counts(library) == (1, 2, 3, 3)


async def test_two_operations_share_statements(library: Library) -> None:
    await library.same("{ authors { name books { title } } }")
    await library.same("{ authors { it: name books(descending: false) { also: title } } }")
    assert counts(library) == (2, 0, 2, 2)


async def test_other_columns_are_other_statements(library: Library) -> None:
    await library.same("{ authors { name } }")
    await library.same("{ authors { name born } }")
    assert counts(library)[2:] == (2, 0)


async def test_only_selected_columns_are_read(library: Library) -> None:
    await library.same("{ authors { name } }")
    [statement] = library.asker.statements
    assert statement.split("FROM")[0].split() == ["SELECT", "author.name"]


async def test_what_cannot_be_hashed_is_made_anew_and_answered(library: Library) -> None:
    def of_names(_gate: object, *, names: list[str]) -> object:
        return all_authors(_gate).where(all_authors(_gate).selected_columns.name.in_(names))

    names: Any = ["Ada", "Dee"]
    query = library.schema.query_type
    assert query is not None
    query.fields["authors"].resolve = lambda _root, _info: several(of_names, {"names": names})
    for _ in range(2):
        answer = await library.answer("{ authors { name mentor { name } } }")
        assert answer == {
            "data": {"authors": [{"name": "Ada", "mentor": None}, {"name": "Dee", "mentor": {"name": "Ben"}}]}
        }
    assert len(library.executor.statements.cache) == 1


async def test_a_plan_that_was_used_carefully_is_as_good_as_new(library: Library) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Author { initialRequired } } }"
    for numbers in ([2], [1, 3], [1, 2]):
        await library.same(query, ids=[f"author_{number:032x}" for number in numbers])
    assert counts(library)[:2] == (1, 2)
