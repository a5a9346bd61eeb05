"""Mutations: one field after the other, each with what those before it have done."""

from typing import Any

from tests.execution.own.library import Library


async def test_fields_run_in_their_order_and_see_what_was_done(library: Library) -> None:
    answer = await library.matching(
        """mutation { before: notes { words } one: note(words: "b") { words } between: notes { words }
        two: note(words: "a") { words } after: notes { words } }"""
    )
    assert [[note["words"] for note in answer["data"][key]] for key in ("before", "between", "after")] == [
        [],
        ["b"],
        ["a", "b"],
    ]


async def test_a_field_fails_alone(library: Library) -> None:
    answer = await library.matching('mutation { refuse { id } note(words: "kept") { words } notes { words } }')
    assert answer["data"] == {"refuse": None, "note": {"words": "kept"}, "notes": [{"words": "kept"}]}
    assert [each["path"] for each in answer["errors"]] == [["refuse"]]


async def test_variables_aliases_and_fragments(library: Library) -> None:
    await library.matching(
        """mutation ($w: String = "x", $again: Boolean!) { a: note(words: $w) { ...N }
        b: note(words: "y") @include(if: $again) { ...N } notes { words } } fragment N on Note { words __typename }""",
        again=True,
    )


async def test_what_is_left_out_is_not_done(library: Library) -> None:
    answer = await library.matching('mutation { note(words: "no") @skip(if: true) { id } notes { words } }')
    assert answer["data"] == {"notes": []}


async def test_an_error_in_the_answer_does_not_undo(library: Library) -> None:
    document = 'mutation { a: note(words: "kept") { words } b: refuse { id } }'
    await library.matching(document)
    found: Any = await library.answer("mutation { notes { words } }")
    assert found["data"] == {"notes": [{"words": "kept"}]}
