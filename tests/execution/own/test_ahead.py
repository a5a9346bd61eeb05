"""What a root field leads to travels with its rows: one statement, and the answers that several would give."""

from typing import Any

from sqlalchemy import Select, literal_column, select

from execution.fields import SOURCE, Counted, Related
from execution.relation import Cardinality, Relation
from execution.running.ahead import MOST_PARTS
from tests.execution.own import batches
from tests.execution.own.library import Library
from tests.execution.own.tables import BOOKS


def relate(library: Library, field: str, batch: Any) -> None:
    """Let a field of authors lead to the rows of another batch function."""
    fields: Any = library.schema.type_map["Author"]
    fields.fields[field].extensions = {SOURCE: Related(Relation(batch, "id", Cardinality.MANY))}


async def test_a_root_field_is_one_statement_with_all_that_it_leads_to(library: Library) -> None:
    await library.same(
        "{ authors { name mentor { mood } books { price printed reviews { stars book { title } } } bookCount } }"
    )
    assert len(library.asker.statements) == 1


async def test_each_root_field_has_its_own(library: Library) -> None:
    await library.same("{ authors { books { title } } books { author { name } } }")
    assert len(library.asker.statements) == 2


async def test_a_page_with_all_that_its_rows_lead_to(library: Library) -> None:
    await library.same(
        """{ bookPage(first: 2) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { title } }
             nodes { author { bookPage(first: 1) { totalCount nodes { reviews { words } } pageInfo { hasNextPage } } } }
        } }"""
    )
    assert len(library.asker.statements) == 1


async def test_each_page_has_the_cursor_of_its_own(library: Library) -> None:
    page = await library.same("{ bookPage(first: 9) { edges { cursor } } }")
    first, second = [each["cursor"] for each in page["data"]["bookPage"]["edges"]][:2]
    asked = """query ($first: String, $second: String) { bookPage(first: 3, after: $first) { nodes {
                 title author { a: bookPage(first: 1, after: $second) { nodes { title } }
                                b: bookPage(last: 1, before: $second) { nodes { title } } } } } }"""
    expected = await library.apart(asked, first=first, second=second)
    assert await library.answer(asked, first=first, second=second) == expected
    assert "errors" not in expected
    assert len(library.asker.statements) == 1


async def test_a_wrong_argument_far_down_is_its_field_s_error(library: Library) -> None:
    asked = '{ guest { name books { title } pupils { bad: bookPage(first: 1, after: "no") { nodes { title } } } } }'
    expected = await library.apart(asked)
    assert [each["path"] for each in expected["errors"]] == [["guest", "pupils", 0, "bad"]]
    assert await library.answer(asked) == expected


async def test_a_count_that_is_refused_is_its_field_s_error(library: Library) -> None:
    fields: Any = library.schema.type_map["Author"]
    refused = Relation(batches.raising, "id", Cardinality.PAGE)
    fields.fields["poemCount"].extensions = {SOURCE: Counted(refused, {})}
    answer = await library.answer("{ guest { name poemCount books { title } } }")
    assert [each["path"] for each in answer["errors"]] == [["guest", "poemCount"]]
    assert answer["data"]["guest"]["name"] == "Ben"
    assert answer["data"]["guest"]["poemCount"] is None


async def test_more_than_fit_are_read_by_themselves(library: Library) -> None:
    fields = " ".join(f"b{number}: books {{ title }}" for number in range(MOST_PARTS + 1))
    await library.same(f"{{ authors {{ {fields} }} }}")
    assert len(library.asker.statements) == 1 + 2


async def test_rows_of_several_types_are_read_apart_with_what_they_lead_to(library: Library) -> None:
    await library.same("{ things { ... on Author { books { title } } ... on Book { author { name } } } }")
    assert len(library.asker.statements) == 3


async def test_several_roots_by_their_ids_are_one_statement_a_type(library: Library) -> None:
    ids = ["author_00000000000000000000000000000001", "author_00000000000000000000000000000002"]
    await library.same("query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Author { books { title } } } }", ids=ids)
    assert len(library.asker.statements) == 1


async def test_a_column_whose_type_nobody_knows_stays_apart(library: Library) -> None:
    def untyped(_gate: Any, parents: Any) -> Select[Any]:
        return select(BOOKS.c.id, literal_column("'Bees'").label("title")).where(parents.match(BOOKS.c.author_id))

    relate(library, "raising", untyped)
    answer = await library.answer("{ authors { raising { title } } }")
    assert {book["title"] for each in answer["data"]["authors"] for book in each["raising"]} == {"Bees"}
    assert len(library.asker.statements) == 2


async def test_what_is_quoted_is_no_parameter(library: Library) -> None:
    def quoting(_gate: Any, parents: Any) -> Select[Any]:
        title = literal_column("""'it''s $1'""", BOOKS.c.title.type)
        return select(BOOKS.c.id, title.label("title")).where(parents.match(BOOKS.c.author_id))

    relate(library, "raising", quoting)
    answer = await library.answer("{ authors { raising { title } } }")
    assert {book["title"] for each in answer["data"]["authors"] for book in each["raising"]} == {"it's $1"}
    assert len(library.asker.statements) == 1


async def test_the_statement_is_made_once_whatever_the_values(library: Library) -> None:
    document = "query ($id: ID!) { node(id: $id) { ... on Author { books { title } } } }"
    await library.answer(document, id="author_00000000000000000000000000000001")
    [first] = library.asker.statements
    await library.answer(document, id="author_00000000000000000000000000000002")
    assert library.asker.statements == [first]
    assert library.executor.joints.cache.misses == 1


async def test_what_those_may_see_who_may_do_less_is_another_statement(library: Library) -> None:
    document = "{ authors { books { title } } }"
    await library.answer(document)
    await library.answer(document, shape="guest")
    assert library.executor.joints.cache.misses == 2
