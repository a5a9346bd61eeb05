"""What the built-in roles may do, without anybody who has them."""

from typing import Any

from authz.enforcer import permissions_of
from authz.powers import Powers, PrincipalKind
from authz.roles import PARTNER_ROLES, DerivedRole, Role

LIMITED = (Role.APPLICATION_ADMINISTRATOR, Role.TEMPORARY_SUPPORT)


def powers(role: Role, **more: Any) -> Powers:
    """The powers of a role, as `domain.tenants.principals` makes them for users of a direct partner or a customer."""
    held, partner = permissions_of((role.value,)), role in PARTNER_ROLES
    given: dict[str, Any] = {
        "role": role,
        "permissions": held,
        "principal": PrincipalKind.USER,
        "partner_type": "DIRECT" if partner else None,
        "managed": held & permissions_of((DerivedRole.PARTNER_MANAGED.value,)) if partner else frozenset(),
        "licensed": held & permissions_of((DerivedRole.PARTNER_LICENSING.value,)) if partner else frozenset(),
        "limited_to_services": role in LIMITED,
    }
    return Powers(**(given | more))
