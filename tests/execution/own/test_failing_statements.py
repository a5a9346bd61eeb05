"""A statement that fails in the database is its field's error; what others ask for is read all the same."""

from typing import Any

from sqlalchemy import Select, func, select

from execution.fields import SOURCE, Related
from execution.relation import Cardinality, Relation
from execution.sql.statements import compiled
from tests.execution.own.library import Library, operation, plain
from tests.execution.own.tables import BOOKS

SAVED = "{ guest { name pupils { name } mentor { books { title } } } again: authors { name } }"
FAILING = "{ guest { name dividing { title } pupils { name } mentor { books { title } } } again: authors { name } }"


async def test_statements_after_it_are_answered(library: Library) -> None:
    answer = await library.answer(FAILING)
    expected = library.expected(SAVED)["data"]
    assert answer["data"] == {**expected, "guest": {**expected["guest"], "dividing": None}}
    assert [(each["path"], each["message"]) for each in answer["errors"]] == [
        (["guest", "dividing"], "division by zero")
    ]


async def test_two_of_them_have_an_error_each(library: Library) -> None:
    answer = await library.answer("{ guest { a: dividing { id } b: dividing { title } books { title } } number }")
    assert answer["data"] == {
        "guest": {"a": None, "b": None, "books": [{"title": "Bees"}, {"title": "Zero"}]},
        "number": 7,
    }
    assert [each["message"] for each in answer["errors"]] == ["division by zero"] * 2


async def test_what_travels_as_one_is_read_again_one_by_one(library: Library) -> None:
    answer = await library.answer("{ authors { name dividing { title } } }")
    assert [each["dividing"] for each in answer["data"]["authors"]] == [None] * 4
    assert len(library.asker.statements) == 3


async def test_apart_where_nothing_comes_after_it_nothing_is_read_again(library: Library) -> None:
    await library.apart("{ authors { name dividing { title } } }")
    assert len(library.asker.statements) == 2


async def test_where_it_is_all_right_nothing_is_read_again(library: Library) -> None:
    await library.answer("{ fails { name } authors { initial } }")
    assert len(library.asker.statements) == 1


async def test_what_is_read_again_is_of_one_instant(library: Library) -> None:
    def instants(_gate: Any, parents: Any, **_given: Any) -> Select[Any]:
        number = func.pg_current_snapshot().cast(BOOKS.c.title.type)
        return select(BOOKS.c.id, number.label("title")).where(parents.match(BOOKS.c.author_id))

    fields: Any = library.schema.type_map["Author"]
    fields.fields["books"].extensions = {SOURCE: Related(Relation(instants, "id", Cardinality.MANY))}
    answer = await library.answer("{ guest { a: books { title } dividing { title } b: books { id title } } }")
    assert [each["path"] for each in answer["errors"]] == [["guest", "dividing"]]
    guest = answer["data"]["guest"]
    assert guest["dividing"] is None
    assert {each["title"] for each in guest["a"]} == {each["title"] for each in guest["b"]}


async def test_a_statement_that_takes_too_long_is_not_tried_again(library: Library) -> None:
    def sleeping(_gate: Any, parents: Any) -> Select[Any]:
        return select(BOOKS).where(parents.match(BOOKS.c.author_id), func.pg_sleep(5).is_not(None))

    fields: Any = library.schema.type_map["Author"]
    fields.fields["raising"].extensions = {SOURCE: Related(Relation(sleeping, "id", Cardinality.MANY))}
    asked = operation(library.schema, "{ guest { raising { title } books { title } pupils { name } } }", {})
    async with library.open_asker() as asker:
        hurry = compiled(select(func.set_config("statement_timeout", "50", True)))
        await asker.fetch(hurry, hurry.values({}))
        answer = plain(await library.executor.execute(asked, asker))
    assert answer["data"] == {"guest": None}
    assert answer["errors"][0]["message"] == "canceling statement due to statement timeout"
    assert len(asker.statements) == 4
