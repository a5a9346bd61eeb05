"""What authorization costs a request: 1,000 custom roles of 10 keys each, 10,000 lines of policy beside the built-in.

That is from what was read about a principal to its powers, as every request asks for them anew, and the grants of a
query of six relations.
"""

import time
from random import Random
from typing import TypeAlias

from authz.enforcer import permissions_of
from authz.gate import Gate
from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind, shared
from authz.roles import Role

ROLES, KEYS, GRANTS, REQUESTS = 1_000, 10, 6, 50_000
ROLE = Role.CUSTOMIZED_ADMINISTRATOR
Custom: TypeAlias = tuple[list[str], list[str]]
"""What a custom role allows and denies, as it is read."""


def cost() -> dict[str, float]:
    """Microseconds of a request whose role was seen before, and of one whose role is new to the process."""
    random = Random("bailiwick bench")
    roles = [_role(random) for _ in range(ROLES)]
    new = _microseconds(roles)
    return {
        "lines": ROLES * KEYS,
        "roles": ROLES,
        "new": new,
        "known": _microseconds(random.choices(roles, k=REQUESTS)),
    }


def _role(random: Random) -> Custom:
    *granted, denied = random.sample([each.value for each in Permission], KEYS)
    return granted, [denied]


def _microseconds(roles: list[Custom]) -> float:
    began = time.perf_counter()
    for granted, denied in roles:
        _request(granted, denied)
    return (time.perf_counter() - began) / len(roles) * 1e6


def _request(granted: list[str], denied: list[str]) -> None:
    permissions = permissions_of((ROLE.value,), tuple(granted), tuple(denied))
    gate = Gate(shared(Powers(PrincipalKind.USER, ROLE, permissions)))
    for permission in list(permissions)[:GRANTS]:
        gate.grant(permission)
