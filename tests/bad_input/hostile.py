"""Values that nobody means: by the type of the leaf that gets them."""

from typing import Any, Final

LONG: Final = "x" * 100_000
BIDI: Final = "user\u202egnp.exe"
CONTROL: Final = "ring\u0007"
WRONG_TYPES: Final[tuple[Any, ...]] = ({"a": 1}, 1.5, [[["x"]]])
"""Values that no leaf takes, whatever its type."""

NO_CHARACTER: Final = "\ufdd0"
STACKED: Final = "e" + "\u0301\u0327" * 30_000
NEVER: Final = (LONG, CONTROL, NO_CHARACTER, STACKED)
"""Texts that no field for text takes."""
TEXTS: Final = (*NEVER, "", " \u2003 ", BIDI, "%_\\'\";--", "٣٤")
INSTANTS: Final = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01",
    "9999-12-31T23:59:59.999999Z",
)
BY_KIND: Final[dict[str, tuple[Any, ...]]] = {
    "String": TEXTS,
    "Int": (0, -1, 101, 2**31 - 1, -(2**31)),
    "Decimal": (
        "0",
        "-0",
        "-1000000",
        "0.001",
        "1e999999",
        "-1e-999999",
        "1e400",
        "Infinity",
        "-Infinity",
        "NaN",
        "sNaN",
    ),
    "DateTime": INSTANTS,
    "Date": ("0001-01-01", "9999-12-31"),
}
"""Values of the right type; ids have tests of their own."""

MALFORMED: Final[dict[str, tuple[Any, ...]]] = {
    "String": (5, True),
    "ID": (True,),
    "Int": (2**31, -(2**31) - 1, 2**63, "1", True),
    "Boolean": ("true", 1),
    "Decimal": ("one", "1,5", "", "٣/٤", "1e"),
    "Date": ("yesterday", "", "10000-01-01", "2026-13-01", "2026-02-30", 5),
    "DateTime": ("yesterday", "", "10000-01-01T00:00:00Z", "2026-13-01", "2026-02-30T00:00:00Z", 5),
}
"""Values that GraphQL itself, or the scalar, refuses."""

ENUM: Final = ("NOT_A_VALUE", "", 5)


def values(kind: str, *, listed: bool) -> list[Any]:
    """Values of the type of a leaf, each alone or in a list."""
    alone = BY_KIND.get(kind, ())
    if not listed:
        return list(alone)
    return [*([value] for value in alone), []]


def malformed(kind: str, *, listed: bool) -> list[Any]:
    """Values that are not of the type of a leaf."""
    alone = MALFORMED.get(kind, ENUM)
    wrong = [value for value in WRONG_TYPES if not (kind == "Decimal" and value == 1.5)]
    return [*wrong, *alone, *([[value] for value in alone] + [[None]] if listed else [])]
