"""Where something is wrong the nearest field that may be null is, and the error says where it was."""

from tests.execution.own.library import Library


def paths(answer: dict[str, object]) -> list[object]:
    """The paths of the errors."""
    errors = answer["errors"]
    assert isinstance(errors, list)
    return [each.get("path") for each in errors]


async def test_an_error_of_one_row_is_the_only_one(library: Library) -> None:
    answer = await library.same("{ authors { name initial } }")
    assert [each["initial"] for each in answer["data"]["authors"]] == ["A", None, "C", "D"]
    assert paths(answer) == [["authors", 1, "initial"]]


async def test_errors_have_aliases_places_in_lists_and_locations(library: Library) -> None:
    answer = await library.same("{\n  all: authors {\n    pupils { first: initial }\n  }\n}")
    assert answer["errors"] == [
        {
            "message": "Ben has no initial",
            "locations": [{"line": 3, "column": 14}],
            "path": ["all", 0, "pupils", 0, "first"],
        }
    ]


async def test_merged_fields_are_all_located(library: Library) -> None:
    answer = await library.same("{ authors { initial ...I } } fragment I on Author { initial }")
    assert len(answer["errors"][0]["locations"]) == 2


async def test_a_required_leaf_makes_its_object_null(library: Library) -> None:
    answer = await library.same("{ authors { mentor { initialRequired } } }")
    assert [each["mentor"] for each in answer["data"]["authors"]] == [None, *[{"initialRequired": "A"}] * 2, None]
    assert paths(answer) == [["authors", 3, "mentor", "initialRequired"]]


async def test_a_null_goes_up_to_data(library: Library) -> None:
    answer = await library.same("{ number authors { books { titleRequired } } }")
    assert answer["data"] is None
    assert paths(answer) == [["authors", 0, "books", 2, "titleRequired"]]


async def test_a_null_goes_up_several_levels_to_a_field_that_may_be_null(library: Library) -> None:
    answer = await library.same(
        "{ guest { name mentor { books { reviews { stars book { titleRequired } } titleRequired } } } }"
    )
    assert answer["data"] == {"guest": {"name": "Ben", "mentor": None}}
    assert paths(answer) == [["guest", "mentor", "books", 2, "titleRequired"]]


async def test_a_required_relation_without_a_row(library: Library) -> None:
    answer = await library.same("{ things { ... on Book { title authorRequired { name } } } }")
    assert answer["data"] == {"things": None}
    assert paths(answer) == [["things", 9, "authorRequired"]]


async def test_a_list_whose_items_may_be_null_keeps_the_others(library: Library) -> None:
    ids = [f"{prefix}_{number:032x}" for prefix, number in (("author", 2), ("author", 1), ("book", 99))]
    answer = await library.same(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Author { initialRequired } } }", ids=[*ids, "nothing"]
    )
    assert answer["data"]["nodes"][1] == {"id": ids[1], "initialRequired": "A"}
    assert paths(answer) == [["nodes", 0, "initialRequired"], ["nodes", 2], ["nodes", 3]]


async def test_numbers_out_of_range(library: Library) -> None:
    answer = await library.same("{ authors { name born } }")
    assert paths(answer) == [["authors", 2, "born"]]
    assert "3000000000" in answer["errors"][0]["message"]


async def test_a_required_number_out_of_range(library: Library) -> None:
    answer = await library.same("{ things { ... on Author { bornRequired } } }")
    assert answer["data"] == {"things": None}


async def test_a_value_that_an_enumeration_does_not_have(library: Library) -> None:
    answer = await library.same("{ authors { mood } }")
    assert [each["mood"] for each in answer["data"]["authors"]] == ["QUIET", "LOUD", None, None]
    assert paths(answer) == [["authors", 2, "mood"]]


async def test_a_required_enumeration(library: Library) -> None:
    answer = await library.same("{ guest { moodRequired pupils { name moodRequired } } }")
    assert answer["data"] == {"guest": None}


async def test_lists_of_lists_of_objects_with_nulls_at_every_depth(library: Library) -> None:
    answer = await library.same("{ grid { x y } }")
    assert answer["data"]["grid"] == [[{"x": 1, "y": 1}, None], None, [], [None, {"x": 3, "y": None}]]
    assert paths(answer) == [["grid", 3, 0, "x"]]


async def test_lists_of_lists_of_a_row_with_nulls_at_every_depth(library: Library) -> None:
    answer = await library.same("{ authors { cells { x y } } }")
    assert [each["cells"] for each in answer["data"]["authors"]] == [
        [[{"x": 3, "y": 1}], []],
        [None, [{"x": 3, "y": None}]],
        [None, [{"x": 4, "y": 5}]],
        [None],
    ]
    assert paths(answer) == [["authors", 2, "cells", 0, 1, "x"], ["authors", 3, "cells", 0, 1]]


async def test_an_object_that_one_row_cannot_give(library: Library) -> None:
    answer = await library.same("{ authors { name corner { x y } } }")
    assert [each["corner"] for each in answer["data"]["authors"]] == [{"x": 1, "y": None}, None, None, None]
    assert paths(answer) == [["authors", 2, "corner", "x"], ["authors", 3, "corner"]]


async def test_errors_of_several_fields_and_rows_come_in_the_order_of_the_answer(library: Library) -> None:
    answer = await library.same("{ authors { born initial mood pupils { initial born } } }")
    assert len(answer["errors"]) == 5


async def test_a_root_field_fails_alone(library: Library) -> None:
    answer = await library.same("{ number bad: fails { name } authors { name } }")
    assert answer["data"]["bad"] is None
    assert len(answer["data"]["authors"]) == 4
    assert answer["errors"] == [
        {"message": "nobody is here", "locations": [{"line": 1, "column": 10}], "path": ["bad"]}
    ]


async def test_a_required_root_field_that_fails_is_all(library: Library) -> None:
    answer = await library.same("{ number failsRequired { name } }")
    assert answer["data"] is None
    assert paths(answer) == [["failsRequired"]]


async def test_an_error_within_what_became_null_is_told(library: Library) -> None:
    await library.same("{ guest { initial mentor { name } moodRequired pupils { moodRequired } } number }")


async def test_a_row_of_a_type_that_is_not_possible(library: Library) -> None:
    answer = await library.answer("{ number strange { __typename } }")
    assert answer["data"] == {"number": 7, "strange": None}
    assert paths(answer) == [["strange"]]
