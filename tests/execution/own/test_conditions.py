"""`@skip` and `@include`, with and without variables."""

import pytest
from graphql import GraphQLError

from tests.execution.own.library import Library

BOTH = """query ($skip: Boolean!, $include: Boolean!) { authors { name
    born @skip(if: $skip) @include(if: $include) ... @include(if: $include) { books { title @skip(if: $skip) } }
    ...M @skip(if: $skip) } } fragment M on Author { mentor { name @include(if: $include) id } }"""


async def test_fields_are_left_out_by_constants(library: Library) -> None:
    answer = await library.same("{ authors { name @skip(if: true) id @include(if: true) born @include(if: false) } }")
    assert [list(each) for each in answer["data"]["authors"]] == [["id"]] * 4


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("include", [True, False])
async def test_both_directives_with_all_values_of_their_variables(library: Library, skip: bool, include: bool) -> None:
    await library.same(BOTH, skip=skip, include=include)


async def test_one_operation_is_planned_for_each_choice(library: Library) -> None:
    for skip, include in [(True, True), (True, False), (False, True), (False, False), (True, True)]:
        await library.same(BOTH, skip=skip, include=include)
    assert (library.executor.plans.misses, library.executor.plans.hits) == (4, 1)


async def test_the_default_of_a_condition(library: Library) -> None:
    query = "query ($some: Boolean = false) { authors { name born @include(if: $some) } }"
    assert list((await library.same(query))["data"]["authors"][0]) == ["name"]
    assert list((await library.same(query, some=True))["data"]["authors"][0]) == ["name", "born"]


async def test_what_is_left_out_is_not_read(library: Library) -> None:
    query = (
        "query ($some: Boolean!) { authors { name books @include(if: $some) { title } } books @skip(if: true) { id } }"
    )
    await library.same(query, some=False)
    assert len(library.asker.statements) == 1


async def test_a_whole_answer_may_be_left_out(library: Library) -> None:
    assert await library.same("{ authors @skip(if: true) { name } }") == {"data": {}}


async def test_one_of_two_selections_that_merge_may_be_left_out(library: Library) -> None:
    query = "query ($s: Boolean!) { authors { books @include(if: $s) { title } books { price } } }"
    for some in (True, False):
        await library.same(query, s=some)


async def test_a_condition_that_is_null_refuses_the_whole_operation(library: Library) -> None:
    """It is a fault of the request: nothing is read, where graphql-core would give what stands beside it."""
    with pytest.raises(GraphQLError, match="Argument 'if' has invalid value"):
        await library.answer("query ($x: Boolean = true) { number guest { name @include(if: $x) } }", x=None)
    assert library.asker.statements == []
