"""What the planner's schema and the oracle's have in common: functions of a row, which are Python in both."""

from typing import Any

from execution.ids import encode
from execution.paging import Key
from tests.execution.own.tables import BOOKS, PREFIXES, Row

NEWEST = (Key(BOOKS.c.printed, descending=True), Key(BOOKS.c.id, descending=True))
INFORMED: dict[str, Any] = {"Ada": {"x": 1, "y": 2}, "Ben": None, "Cy": {"x": 3}}


def initial(row: Row) -> str:
    """Fails for one row of many."""
    if row["name"] == "Ben":
        raise ValueError("Ben has no initial")
    return str(row["name"][0])


def asked(row: Row, info: Any) -> str:
    """Depends on who asks."""
    return f"{row['name']} for {info.context.shape}"


def cells(row: Row) -> Any:
    """Lists of lists of objects, which are not regular for all."""
    x = len(row["name"])
    found: dict[str, Any] = {
        "Ada": [[{"x": x, "y": 1}], []],
        "Ben": [None, [{"x": x, "y": None}]],
        "Cy": [[{"x": 1, "y": 2}, {"x": None, "y": 3}], [{"x": 4, "y": 5}]],
        "Dee": [[{"x": 7, "y": 7}, None]],
    }
    return found[row["name"]]


def corner(row: Row) -> Any:
    """One object, or null; the type wants a field that one row has not."""
    if row["name"] == "Dee":
        raise ValueError("Dee has no corner")
    return {"Ada": {"x": 1, "y": None}, "Ben": None, "Cy": {"x": None, "y": 9}}[row["name"]]


def identifier(row: Row) -> str:
    """The global id of a row."""
    return encode(PREFIXES[row["__typename"]], row["id"])


def echo(given: dict[str, Any]) -> str:
    """What arrived."""
    return repr(sorted(given.items()))


GRID: Any = [[{"x": 1, "y": 1}, None], None, [], [{"x": None, "y": 2}, {"x": 3, "y": None}]]
