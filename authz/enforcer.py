"""Casbin answers one question: which acts do these roles hold in this tenant? (spec 5.4)"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import casbin

from authz.permissions import Permission

HERE = Path(__file__).parent
PRINCIPAL = "principal"
OWN_ROLE = "own_role"
TENANT = "tenant"


@lru_cache(maxsize=4096)
def permissions_of(
    roles: tuple[str, ...], granted: tuple[str, ...] = (), denied: tuple[str, ...] = ()
) -> frozenset[Permission]:
    """The acts of a principal with these built-in roles, and a custom role of `granted` and `denied` keys.

    Keys are permissions (`object:act`) or, in `granted`, categories. The answer is kept by content: whoever has the
    same roles and custom permissions shares it, and an edited role is another key, so nothing stale is ever served.
    The union of all roles counts, and a denial beats every allowance.
    """
    enforcer = casbin.Enforcer(str(HERE / "model.conf"), str(HERE / "policy.csv"))
    for role in roles:
        enforcer.add_grouping_policy(PRINCIPAL, role, TENANT)
    enforcer.add_grouping_policy(PRINCIPAL, OWN_ROLE, TENANT)
    for policy in _custom_policies(granted, denied):
        enforcer.add_policy(*policy)
    for category in (key for key in granted if ":" not in key):
        enforcer.add_grouping_policy(PRINCIPAL, category, TENANT)
    return frozenset(p for p in Permission if enforcer.enforce(PRINCIPAL, TENANT, p.object, p.act))


def _custom_policies(granted: tuple[str, ...], denied: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for effect, keys in (("allow", granted), ("deny", denied)):
        for key in keys:
            obj, colon, act = key.partition(":")
            if colon:
                yield OWN_ROLE, TENANT, obj, act, effect
