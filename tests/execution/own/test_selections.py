"""What is selected is answered: in its order, under its names, of its type."""

from tests.execution.own.library import Library


async def test_fields_have_the_order_of_the_selection(library: Library) -> None:
    answer = await library.same("{ authors { name id born } }")
    assert list(answer["data"]["authors"][0]) == ["name", "id", "born"]


async def test_aliases_name_fields_at_every_level(library: Library) -> None:
    await library.same("{ all: authors { who: name also: name its: books { called: title } } again: authors { name } }")


async def test_the_same_field_selected_twice_is_merged(library: Library) -> None:
    await library.same("{ authors { books { title } name books { reviews { words } } } authors { books { price } } }")


async def test_one_relation_with_other_arguments_under_aliases(library: Library) -> None:
    answer = await library.same(
        """{ authors { up: books { title } down: books(descending: true) { title price }
        poems: booksOfGenre(genre: POETRY) { title } novels: booksOfGenre { title } } }"""
    )
    assert [each["title"] for each in answer["data"]["authors"][0]["down"]] == [None, "Notes", "Engines"]


async def test_arguments_may_come_from_variables_under_aliases(library: Library) -> None:
    await library.same(
        """query ($yes: Boolean!, $no: Boolean!) { authors { down: books(descending: $yes) { title }
        up: books(descending: $no) { title } } }""",
        yes=True,
        no=False,
    )


async def test_fragments_named_inline_and_nested(library: Library) -> None:
    await library.same(
        """{ authors { ...Who ... { tags } ... on Author { books { ...What } } } }
        fragment Who on Author { id ...Called } fragment Called on Author { name }
        fragment What on Book { title author { ...Called } }"""
    )


async def test_a_fragment_spread_twice_counts_once(library: Library) -> None:
    await library.same("{ authors { ...A name ...A } } fragment A on Author { born name }")


async def test_fragments_of_a_union(library: Library) -> None:
    answer = await library.same(
        """{ things { __typename ... on Author { name books { title } } ... on Book { title }
        ... on Review { stars book { title author { name } } } } }"""
    )
    assert len(answer["data"]["things"]) == 14


async def test_a_union_of_whose_types_some_select_nothing(library: Library) -> None:
    answer = await library.same("{ things { ... on Review { words } } }")
    assert answer["data"]["things"][0] == {}


async def test_fragments_on_interfaces_within_a_union(library: Library) -> None:
    await library.same("{ things { ...L ... on Rated { stars } } } fragment L on Labelled { id label }")


async def test_an_interface_by_id(library: Library) -> None:
    await library.same(
        """query ($id: ID!) { node(id: $id) { id label
        ... on Book { price reviews { words } } ... on Author { born } } }""",
        id="book_0000000000000000000000000000000b",
    )


async def test_a_list_of_an_interface_has_the_order_that_was_asked_for(library: Library) -> None:
    ids = [f"{prefix}_{number:032x}" for prefix, number in (("book", 12), ("author", 1), ("book", 11), ("review", 101))]
    answer = await library.same(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Book { title } ... on Rated { stars } } }",
        ids=[*ids, ids[0]],
    )
    assert [each["id"] for each in answer["data"]["nodes"]] == [*ids, ids[0]]


async def test_a_field_under_one_name_from_two_types(library: Library) -> None:
    await library.same(
        "{ things { ... on Author { it: initial } ... on Book { it: title } ... on Review { it: words } } }"
    )


async def test_typenames_at_every_level(library: Library) -> None:
    await library.same(
        """{ __typename authors { __typename mentor { __typename } bookPage(first: 1) { __typename
        edges { __typename node { __typename kind: __typename } } pageInfo { __typename } }
        cells { __typename } } things { __typename } }"""
    )


async def test_typename_alone(library: Library) -> None:
    assert (await library.same("{ __typename }"))["data"] == {"__typename": "Query"}
    assert library.asker.statements == []


async def test_lists_of_lists_of_leaves(library: Library) -> None:
    answer = await library.same("{ authors { marks rates tags } }")
    assert answer["data"]["authors"][0]["rates"] == [["0.10", None], ["2", "3.5"]]


async def test_rows_that_python_has_lead_to_further_rows(library: Library) -> None:
    await library.same("{ guest { id name mentor { name } books { title } bookCount who: asked } }")


async def test_leaves_at_the_root(library: Library) -> None:
    assert (await library.same("{ number n: number }"))["data"] == {"number": 7, "n": 7}


async def test_a_function_of_a_row_knows_who_asks(library: Library) -> None:
    answer = await library.answer("{ authors { asked } }", shape="writer")
    assert answer["data"]["authors"][0] == {"asked": "Ada for writer"}


async def test_custom_scalars_and_enumerations_are_written_as_their_types_say(library: Library) -> None:
    await library.same("{ authors { royalties profile tags } books { price printed genre } }")


async def test_keys_that_are_null_lead_to_nothing(library: Library) -> None:
    answer = await library.same("{ authors { mentor { name } } books { author { name mentor { name } } } }")
    assert answer["data"]["authors"][0] == {"mentor": None}


async def test_apart_no_parents_no_statement(library: Library) -> None:
    asked = '{ node(id: "author_00000000000000000000000000000004") { ... on Author { books { reviews { words } } } } }'
    await library.same(asked)
    await library.apart(asked)
    assert len(library.asker.statements) == 2


async def test_apart_the_statements_are_those_of_the_relations_and_not_of_the_rows(library: Library) -> None:
    asked = "{ authors { mentor { name } pupils { name books { reviews { words book { title } } } } } }"
    await library.same(asked)
    await library.apart(asked)
    assert len(library.asker.statements) == 6
