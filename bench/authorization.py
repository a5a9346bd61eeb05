"""What authorization costs a request: 1,000 custom roles of 10 keys each, 10,000 lines of policy beside the built-in.

What `domain.tenants.principals.user_actor` does with the row that it read, and the grants of a query of six relations.
"""

import time
from random import Random
from typing import Any

from authz.enforcer import permissions_of
from authz.gate import Gate
from authz.permissions import Permission
from authz.powers import PrincipalKind, shared
from authz.roles import Role
from domain.tenants.model import OrganizationTicketAccess
from domain.tenants.principals import CUSTOMIZABLE, customization, powers_of

ROLES, KEYS, GRANTS, REQUESTS = 1_000, 10, 6, 50_000
ROLE = Role.CUSTOMIZED_ADMINISTRATOR


def cost() -> dict[str, float]:
    """Microseconds of a request whose role was seen before, and of one whose role is new to the process."""
    random = Random("bailiwick bench")
    rows = [_row(random) for _ in range(ROLES)]
    new = _microseconds(rows)
    return {
        "lines": ROLES * KEYS,
        "roles": ROLES,
        "new": new,
        "known": _microseconds(random.choices(rows, k=REQUESTS)),
    }


def _row(random: Random) -> dict[str, Any]:
    """What is read of an administrator with a role of its own: nine keys allowed, one denied."""
    *granted, denied = random.sample([each.value for each in Permission], KEYS)
    return {
        "role": ROLE,
        "permissions": granted,
        "denied_permissions": [denied],
        "partner_type": None,
        "organization_ticket_access": OrganizationTicketAccess.VIEW_AND_REPLY,
    }


def _microseconds(rows: list[dict[str, Any]]) -> float:
    began = time.perf_counter()
    for row in rows:
        _request(row)
    return (time.perf_counter() - began) / len(rows) * 1e6


def _request(row: dict[str, Any]) -> None:
    granted, denied = customization(row)
    permissions = permissions_of((ROLE.value,), granted, denied) & permissions_of((CUSTOMIZABLE[ROLE].value,))
    gate = Gate(shared(powers_of(row, PrincipalKind.USER, permissions)))
    for permission in list(permissions)[:GRANTS]:
        gate.grant(permission)
