"""Keyset pages: what the four arguments mean, what cursors hold, and what is refused."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid, select
from sqlalchemy.dialects import postgresql

from execution.paging import (
    CursorError,
    Key,
    Listing,
    PageRequest,
    PageSizeError,
    cursor_values,
    encode_cursor,
    page_request,
    paged,
)

THING = Table("thing", MetaData(), Column("id", Uuid), Column("name", Text), Column("made_at", DateTime(timezone=True)))
BY_NAME = Listing(select(THING), (Key(THING.c.name), Key(THING.c.id)))
NEWEST = Listing(select(THING), (Key(THING.c.made_at, descending=True), Key(THING.c.id)))
ONE = UUID(int=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sql(listing: Listing, request: PageRequest) -> str:
    statement = paged(listing, request.shape).params(cursor_values(listing.order, request))
    compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
    return " ".join(str(compiled).split()).partition("FROM thing ")[2]


class TestArguments:
    def test_first_and_after_go_forward(self) -> None:
        assert page_request(5, "x", None, None) == PageRequest(5, backward=False, cursor="x")

    def test_last_and_before_go_backward(self) -> None:
        assert page_request(None, None, 5, "x") == PageRequest(5, backward=True, cursor="x")

    @pytest.mark.parametrize(
        ("arguments", "at_fault"),
        [
            ((None, None, None, None), "first"),
            ((5, None, 5, None), "first"),
            ((0, None, None, None), "first"),
            ((101, None, None, None), "first"),
            ((-1, None, None, None), "first"),
            ((None, None, 0, None), "last"),
            ((None, None, 101, None), "last"),
            ((5, None, None, "x"), "before"),
            ((None, "x", 5, None), "after"),
        ],
    )
    def test_sizes_out_of_range_and_crossed_cursors_are_refused(self, arguments: Any, at_fault: str) -> None:
        with pytest.raises(PageSizeError) as refused:
            page_request(*arguments)
        assert (refused.value.code, refused.value.extensions) == ("OUT_OF_RANGE", {"argument": at_fault})


class TestStatements:
    def test_the_first_page_is_ordered_and_one_row_longer(self) -> None:
        assert sql(BY_NAME, PageRequest(10)) == "ORDER BY thing.name ASC, thing.id ASC LIMIT 11"

    def test_keys_of_one_direction_are_one_row_comparison(self) -> None:
        cursor = encode_cursor(BY_NAME.order, ["Åsa", ONE])
        assert sql(BY_NAME, PageRequest(1, cursor=cursor)).startswith("WHERE (thing.name, thing.id) > ('Åsa', ")

    def test_backward_turns_order_and_comparison_around(self) -> None:
        statement = sql(BY_NAME, PageRequest(1, backward=True, cursor=encode_cursor(BY_NAME.order, ["b", ONE])))
        assert "(thing.name, thing.id) < ('b', " in statement
        assert statement.endswith("ORDER BY thing.name DESC, thing.id DESC LIMIT 2")

    def test_keys_of_both_directions_are_compared_one_after_another(self) -> None:
        statement = sql(NEWEST, PageRequest(1, cursor=encode_cursor(NEWEST.order, [NOON, ONE])))
        assert "thing.made_at < '2026-03-01 12:00:00+00:00' OR thing.made_at = " in statement


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "aGVsbG8",
        "é",
        "\ud800",
        "W10",
        encode_cursor(NEWEST.order, ["a", ONE]),
        *(
            encode_cursor(BY_NAME.order, values)
            for values in (
                [],
                ["a"],
                ["a", "b"],
                [1, ONE],
                ["a", 5],
                ["a", ["a"]],
                [None, ONE],
                [["a"], ONE],
                ["a\0", ONE],
                ["a", ONE, 3],
            )
        ),
    ],
)
def test_a_cursor_that_the_list_did_not_give_out_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError) as refused:
        cursor_values(BY_NAME.order, PageRequest(1, cursor=cursor))
    assert (refused.value.code, refused.value.extensions) == ("INVALID_CURSOR", {"argument": "after"})
