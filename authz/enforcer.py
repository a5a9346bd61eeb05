"""Casbin answers one question: which acts do these roles hold in this tenant? (spec 5.4)"""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import casbin
from casbin.util import SimpleEval

from authz.permissions import Permission

HERE = Path(__file__).parent
PRINCIPAL = "principal"
OWN_ROLE = "own_role"
TENANT = "tenant"


class _Enforcer(casbin.Enforcer):  # type: ignore[misc]  # Casbin is untyped
    """Parses its matcher once, not for every question: CPython 3.11's parser can fail where others run (gh-106905)."""

    @staticmethod
    def _get_expression(expression: str, functions: Any = None) -> Any:
        made = SimpleEval("", functions)
        made.ast_parsed_value = _parsed(expression)
        return made


@lru_cache(maxsize=1)
def _parsed(expression: str) -> Any:
    return casbin.Enforcer._get_expression(expression).ast_parsed_value  # noqa: SLF001 - there is no other way to it


@lru_cache(maxsize=4096)
def permissions_of(
    roles: tuple[str, ...], granted: tuple[str, ...] = (), denied: tuple[str, ...] = ()
) -> frozenset[Permission]:
    """The acts of a principal with these built-in roles, and a custom role of `granted` and `denied` keys.

    Keys are permissions (`object:act`) or, in `granted`, categories. The answer is kept by content: whoever has the
    same roles and custom permissions shares it, and an edited role is another key, so nothing stale is ever served.
    The union of all roles counts, and a denial beats every allowance.
    """
    held = {*roles, *(key for key in granted if ":" not in key)}
    enforcer = _Enforcer(str(HERE / "model.conf"))
    # A check walks every line that is loaded: those of other roles can neither allow nor deny, and stay out.
    enforcer.add_policies([line for line in _built_in() if line[0] in held])
    enforcer.add_policies([list(policy) for policy in _custom_policies(granted, denied)])
    enforcer.add_grouping_policies([[PRINCIPAL, role, TENANT] for role in (*held, OWN_ROLE)])
    return frozenset(p for p in Permission if enforcer.enforce(PRINCIPAL, TENANT, p.object, p.act))


@lru_cache(maxsize=1)
def _built_in() -> list[list[str]]:
    """The reviewed lines of policy.csv: subject, domain, object, act, effect."""
    with (HERE / "policy.csv").open(newline="") as file:
        rows = csv.reader(file, skipinitialspace=True)
        return [row[1:] for row in rows if row and row[0] == "p"]


def _custom_policies(granted: tuple[str, ...], denied: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for effect, keys in (("allow", granted), ("deny", denied)):
        for key in keys:
            obj, colon, act = key.partition(":")
            if colon:
                yield OWN_ROLE, TENANT, obj, act, effect


permissions_of(())  # the matcher is parsed as this is imported, before anybody asks
