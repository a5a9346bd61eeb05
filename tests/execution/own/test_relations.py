"""What relations lead to, and what comes of one that fails: its own field's error, and nobody else's."""

from tests.execution.own.library import Library


async def test_a_batch_function_that_raises_concerns_its_field_alone(library: Library) -> None:
    answer = await library.answer("{ authors { name raising { title } books { title } } }")
    expected = library.expected("{ authors { name books { title } } }")["data"]["authors"]
    assert answer["data"]["authors"] == [
        {"name": each["name"], "raising": None, "books": each["books"]} for each in expected
    ]
    assert [each["path"] for each in answer["errors"]] == [["authors", place, "raising"] for place in range(4)]
    assert {each["message"] for each in answer["errors"]} == {"there is no such statement"}


async def test_a_batch_function_that_raises_far_down_has_the_path_of_each_row(library: Library) -> None:
    answer = await library.answer("{ guest { pupils { me: name bad: raising { title } } mentor { name } } }")
    assert answer["data"]["guest"] == {"pupils": [{"me": "Dee", "bad": None}], "mentor": {"name": "Ada"}}
    assert [each["path"] for each in answer["errors"]] == [["guest", "pupils", 0, "bad"]]


async def test_a_statement_that_fails_is_its_field_s_error(library: Library) -> None:
    answer = await library.answer("{ authors { name books { title } dividing { title } } }")
    expected = library.expected("{ authors { name books { title } } }")["data"]["authors"]
    assert answer["data"]["authors"] == [each | {"dividing": None} for each in expected]
    assert [each["path"] for each in answer["errors"]] == [["authors", place, "dividing"] for place in range(4)]
    assert {each["message"] for each in answer["errors"]} == {"division by zero"}


async def test_a_required_relation_that_fails_makes_its_object_null(library: Library) -> None:
    answer = await library.answer("{ number guest { name dividingRequired { title } } }")
    assert answer["data"] == {"number": 7, "guest": None}
    assert [each["path"] for each in answer["errors"]] == [["guest", "dividingRequired"]]


async def test_counts_with_and_without_arguments(library: Library) -> None:
    await library.same("{ authors { bookCount poems: poemCount pupils { bookCount } } }")


async def test_an_order_that_an_argument_decides(library: Library) -> None:
    await library.same("{ authors { books(descending: true) { title reviews { words } } } }")


async def test_relations_go_in_circles(library: Library) -> None:
    await library.same("{ authors { mentor { pupils { mentor { pupils { name } } } } } }")


async def test_the_same_row_is_told_wherever_it_is_reached(library: Library) -> None:
    await library.same(
        "{ authors { books { author { name books { author { born } } } reviews { book { author { id } } } } } }"
    )
