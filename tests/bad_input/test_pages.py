"""Pages that do not exist, and cursors that the list has not given out (spec 0.2: 1-100, one of `first` and `last`)."""

import base64
from typing import Any
from uuid import UUID

import orjson
import pytest
from graphql import get_named_type

from tests.bad_input.asked import QUERIES, allowed, ask
from tests.bad_input.scene import Scene, told
from tests.support.app import Answer, Client

LISTS = sorted(name for name, field in QUERIES.items() if get_named_type(field.type).name.endswith("Connection"))
FILLED = sorted({*LISTS} - {"mailDeliveries", "inboundMails"})
"""Those with rows here: the log of mail is the worker's to write."""
PAGES: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "first"),
    ({"first": None, "last": None}, "first"),
    ({"first": 1, "last": 1}, "first"),
    ({"first": 0}, "first"),
    ({"first": -1}, "first"),
    ({"first": 101}, "first"),
    ({"first": 2**31 - 1}, "first"),
    ({"last": 0}, "last"),
    ({"last": -1}, "last"),
    ({"last": 101}, "last"),
    ({"last": -(2**31)}, "last"),
    ({"first": 1, "before": "x"}, "before"),
    ({"last": 1, "after": "x"}, "after"),
)
NESTED = """query ($tenant: ID!, $first: Int, $last: Int, $after: String, $before: String) {
  tenant(id: $tenant) { name tickets(first: $first, last: $last, after: $after, before: $before) { nodes { id } } }
}"""
KEY, TIME = str(UUID(int=1)), "2026-01-01T00:00:00+00:00"
NO_CURSORS = (
    "",
    " ",
    "null",
    "x" * 100_000,
    "=" * 8,
    "e30",
    "W10",
    base64.b64encode(b"arrayconnection:1").decode(),
    base64.urlsafe_b64encode(b"[" * 5_000).decode(),
)
FORGED: tuple[list[Any], ...] = (
    [],
    [KEY, KEY, KEY],
    [None, None],
    [TIME, None],
    [None, KEY],
    [True, True],
    [1, 2],
    [TIME, 5],
    [5, KEY],
    [5],
    [None],
    [TIME, "' OR true --"],
    ["' OR true --"],
    [TIME, [KEY]],
    [{"a": 1}, KEY],
    ["a\0", KEY],
    [1e308, KEY],
    [2**63 - 1, KEY],
)
"""What stands in a cursor beside the mark of its list."""
BEYOND_TIME = (["0001-01-01T00:00:00+14:00", KEY], ["9999-12-31T23:59:59-14:00", KEY])


async def paged(who: Client, field: str, **arguments: Any) -> Answer:
    """One page of a root list."""
    return await ask(who, field, arguments)


@pytest.mark.parametrize("field", LISTS)
async def test_a_page_that_does_not_exist_is_out_of_range(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    for arguments, blamed in PAGES:
        answer = await paged(who, field, **arguments)
        assert [(code, path) for code, _, path in told(answer, field)] == [("OUT_OF_RANGE", [field])], arguments
        assert answer.body["errors"][0]["extensions"]["argument"] == blamed, arguments


async def test_a_nested_page_that_does_not_exist_is_null_and_the_rest_is_there(scene: Scene) -> None:
    who = await scene.enter("tenant_owner")
    for arguments, blamed in PAGES:
        answer = await who.query(NESTED, tenant=scene.ground.values["tenantId"], **arguments)
        assert answer.body["data"] == {"tenant": {"name": "Alder & Finch", "tickets": None}}, arguments
        assert (answer.codes, answer.error_paths) == (["OUT_OF_RANGE"], [["tenant", "tickets"]]), arguments
        assert answer.body["errors"][0]["extensions"]["argument"] == blamed, arguments


@pytest.mark.parametrize("size", [2**31, -(2**31) - 1, 10**30, 1.5, "5", True])
async def test_a_size_that_is_no_int_is_the_callers_mistake(scene: Scene, size: Any) -> None:
    answer = await paged(await scene.enter("tenant_owner"), "tickets", first=size)
    assert [code for code, *_ in told(answer, "tickets")] == ["BAD_USER_INPUT"]
    assert "data" not in answer.body


@pytest.mark.parametrize("literal", ["2147483648", "-2147483649", "1" * 400, "1e400", "0x10"])
async def test_a_size_in_the_document_that_is_no_int_does_not_validate(scene: Scene, literal: str) -> None:
    answer = await (await scene.enter("tenant_owner")).query(f"{{ tickets(first: {literal}) {{ totalCount }} }}")
    assert {code for code, *_ in told(answer, "tickets")} <= {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    assert ("data" in answer.body, answer.response.status_code) == (False, 400)


async def cursor_of(who: Client, field: str) -> str:
    """The cursor of the first row of a list."""
    return str((await paged(who, field, first=1)).data[field]["pageInfo"]["endCursor"])


def forged(cursor: str, values: list[Any]) -> str:
    """A cursor with the mark of a true one and other values."""
    mark = orjson.loads(base64.urlsafe_b64decode(cursor + "=="))[0]
    return base64.urlsafe_b64encode(orjson.dumps([mark, *values])).decode()


@pytest.mark.parametrize("field", FILLED)
async def test_a_forged_cursor_is_no_cursor(scene: Scene, field: str) -> None:
    who = await scene.enter("operator" if field in {"auditEvents", "entitlements"} else allowed(field))
    await noted(scene)
    true = await cursor_of(who, field)
    of_time = field in {"auditEvents", "tickets"}
    made = [forged(true, values) for values in (*FORGED, *(BEYOND_TIME if of_time else ()))]
    for cursor in (*NO_CURSORS, *made, true[:-1], true + "A", true.swapcase()):
        for size, argument in (("first", "after"), ("last", "before")):
            answer = await paged(who, field, **{size: 1, argument: cursor})
            assert told(answer, field) == [
                ("INVALID_CURSOR", f"`{argument}` is not a cursor of this list.", [field])
            ], cursor[:60]


async def noted(scene: Scene) -> None:
    """Something in the audit log."""
    who = await scene.enter("tenant_owner")
    given = {"input": {"sessionTimeoutMinutes": 45}, "expectedVersion": 1}
    assert told(await ask(who, "tenantSecuritySettingsUpdate", given), "tenantSecuritySettingsUpdate") == []


async def test_a_cursor_of_another_list_is_no_cursor(scene: Scene) -> None:
    await noted(scene)
    who = {field: await scene.enter(allowed(field)) for field in FILLED}
    cursors = {field: await cursor_of(who[field], field) for field in FILLED}
    for field in FILLED:
        for other, cursor in cursors.items():
            answer = await paged(who[field], field, first=1, after=cursor)
            expected = [] if field == other else ["INVALID_CURSOR"]
            assert [code for code, *_ in told(answer, field)] == expected, (field, other)


async def test_a_forged_cursor_shows_nothing_that_the_list_would_not(scene: Scene) -> None:
    """A cursor is a place, not a right: before the first and behind the last of all rows stand only one's own."""
    who = await scene.enter("tenant_owner")
    everything = await who.query("{ tickets(first: 100) { totalCount nodes { id } } }")
    first = forged(await cursor_of(who, "tickets"), ["9999-12-31T00:00:00+00:00", str(UUID(int=2**128 - 1))])
    document = "query ($after: String) { tickets(first: 100, after: $after) { totalCount nodes { id } } }"
    assert (await who.query(document, after=first)).data == everything.data


@pytest.mark.parametrize("count", [101, 10_000])
async def test_more_than_a_hundred_ids_at_once_are_too_many(scene: Scene, count: int) -> None:
    answer = await ask(await scene.enter("tenant_owner"), "nodes", {"ids": [scene.ground.values["ticketId"]] * count})
    assert [(code, path) for code, _, path in told(answer, "nodes")] == [("OUT_OF_RANGE", ["nodes"])]
