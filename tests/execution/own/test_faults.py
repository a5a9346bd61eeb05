"""A schema that says where values come from and is wrong: an error that names the field, never a wrong answer."""

from typing import Any

import pytest

from execution.errors import PlanError
from execution.fields import SOURCE, Computed, Counted, Identifier, PagePart, Related, Resolver
from execution.relation import Cardinality, Relation
from tests.execution.own.batches import author_by_key, books_of, pupils_of
from tests.execution.own.library import Library
from tests.execution.own.planned import PAGED

NOTHING: Any = None


def declare(library: Library, kind: str, field: str, source: Any) -> None:
    """Say of one field where its value comes from."""
    fields: Any = library.schema.type_map[kind]
    fields.fields[field].extensions = {SOURCE: source}


async def test_a_count_of_which_objects_are_selected(library: Library) -> None:
    declare(library, "Author", "books", Counted(PAGED, {}))
    with pytest.raises(PlanError, match=r"^all\.mentor\.theirs: Author\.books gives a leaf"):
        await library.answer("{ all: authors { mentor { theirs: books { title } } } }")
    assert library.asker.statements == []


async def test_a_relation_without_a_batch_function(library: Library) -> None:
    declare(library, "Author", "pupils", Related(Relation(NOTHING, "id", Cardinality.MANY)))
    with pytest.raises(PlanError, match=r"^authors\.pupils: Author\.pupils has a relation without a batch function$"):
        await library.answer("{ authors { pupils { name } } }")


@pytest.mark.parametrize(
    ("kind", "field", "source", "selected"),
    [
        ("Author", "name", Related(Relation(author_by_key, "id", Cardinality.ONE)), ""),
        ("Author", "mentor", Related(Relation(pupils_of, "id", Cardinality.MANY)), "{ name }"),
        ("Author", "pupils", Related(Relation(author_by_key, "id", Cardinality.ONE)), "{ name }"),
        ("Author", "pupils", Related(PAGED), "{ name }"),
        ("Author", "cells", Related(Relation(pupils_of, "id", Cardinality.MANY)), "{ x }"),
        ("Author", "mentor", Identifier("author"), "{ name }"),
        ("Author", "tags", Identifier("author"), ""),
        ("Author", "bookCount", Counted(Relation(books_of, "id", Cardinality.MANY), {}), ""),
        ("Author", "name", Resolver(author_by_key), ""),
        ("Author", "name", "name", ""),
        ("Author", "pupils", PagePart.TOTAL_COUNT, "{ name }"),
        ("Author", "name", PagePart.NODES, ""),
    ],
)
async def test_a_source_that_cannot_give_what_the_type_says(
    library: Library, kind: str, field: str, source: Any, selected: str
) -> None:
    declare(library, kind, field, source)
    with pytest.raises(PlanError, match=rf"^authors\.wrong: {kind}\.{field} "):
        await library.answer(f"{{ authors {{ wrong: {field} {selected} }} }}")


async def test_a_fault_within_a_fragment_of_one_type(library: Library) -> None:
    declare(library, "Book", "reviews", Related(Relation(NOTHING, "id", Cardinality.MANY)))
    with pytest.raises(PlanError, match=r"^things\.reviews: "):
        await library.answer("{ things { ...B } } fragment B on Book { reviews { id } }")


async def test_a_plan_that_cannot_be_made_is_not_kept(library: Library) -> None:
    declare(library, "Author", "pupils", Related(PAGED))
    with pytest.raises(PlanError):
        await library.answer("{ authors { pupils { name } } }")
    declare(library, "Author", "pupils", Related(Relation(pupils_of, "id", Cardinality.MANY)))
    await library.same("{ authors { pupils { name } } }")


async def test_other_operations_are_answered(library: Library) -> None:
    declare(library, "Author", "pupils", Related(PAGED))
    await library.same("{ authors { name mentor { name } } }")


async def test_a_column_that_a_statement_does_not_have_is_an_error_of_its_field(library: Library) -> None:
    declare(library, "Review", "words", Computed(str, ("nowhere",)))
    answer = await library.answer("{ number guest { mentor { books { title reviews { words } } } } }")
    assert answer["data"] == {"number": 7, "guest": {"mentor": None}}
    assert [each["path"] for each in answer["errors"]] == [["guest", "mentor", "books", 0, "reviews"]]


async def test_a_connection_of_what_is_no_list_is_an_error_of_its_field(library: Library) -> None:
    declare(library, "Author", "bookPage", Related(Relation(books_of, "id", Cardinality.PAGE)))
    answer = await library.answer("{ number guest { bookPage(first: 1) { nodes { title } } } }")
    assert answer["data"] == {"number": 7, "guest": None}
    assert [each["path"] for each in answer["errors"]] == [["guest", "bookPage"]]
