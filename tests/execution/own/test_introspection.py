"""Introspection stands beside data in one answer."""

from tests.execution.own.library import Library


async def test_the_schema_beside_data(library: Library) -> None:
    await library.same("{ __schema { queryType { name } } authors { name } __schema { mutationType { name } } }")


async def test_a_type_with_fragments_aliases_and_variables(library: Library) -> None:
    answer = await library.same(
        """query ($name: String!, $deep: Boolean!) { it: __type(name: $name) { ...T fields { name type { ...T
        ofType @include(if: $deep) { ...T } } args { name defaultValue } } } guest { name } }
        fragment T on __Type { name kind }""",
        name="Author",
        deep=True,
    )
    assert answer["data"]["it"]["name"] == "Author"


async def test_a_type_that_there_is_not(library: Library) -> None:
    assert (await library.same('{ __type(name: "Nobody") { name } }'))["data"] == {"__type": None}


async def test_introspection_alone_reads_no_rows(library: Library) -> None:
    await library.same("{ __schema { types { name possibleTypes { name } enumValues { name } } } __typename }")
    assert library.asker.statements == []


async def test_introspection_beside_an_error(library: Library) -> None:
    answer = await library.same("{ fails { name } __schema { queryType { name } } authors { initial } }")
    assert answer["data"]["__schema"] == {"queryType": {"name": "Query"}}
