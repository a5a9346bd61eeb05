"""What an actor may do, without who it is: all that decides the text of a statement, and nothing else."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from authz.permissions import Permission
from authz.roles import PARTNER_ROLES, PLATFORM_ROLES, Role


class PrincipalKind(StrEnum):
    """What stands behind a request."""

    USER = "USER"
    SERVICE_PRINCIPAL = "SERVICE_PRINCIPAL"
    TEMPORARY_SUPPORT = "TEMPORARY_SUPPORT"
    VISITOR = "VISITOR"


@dataclass(frozen=True, slots=True)
class Powers:
    """What a principal may do in the acting tenant, and how far that reaches at a partner's customers.

    Everybody of the same powers shares statements, plans and caches, so that no id, name or time may stand here: those
    are values of a statement (`authz.binds`). `managed` are the acts held at customers in PARTNER mode, `licensed` at
    those in CUSTOMER mode (spec 4.4); both are empty but for partners. `limited_to_services` tells that an application
    administrator or a temporary support account works with named services only (A2, A18), `grouped` that customer
    groups limit which customers a partner's user reaches.
    """

    principal: PrincipalKind
    role: Role
    permissions: frozenset[Permission]
    partner_type: str | None = None
    managed: frozenset[Permission] = frozenset()
    licensed: frozenset[Permission] = frozenset()
    limited_to_services: bool = False
    grouped: bool = False
    organization_tickets: bool = False
    organization_replies: bool = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Hash once: powers are part of the key of every cache that a request looks into."""
        acts = (self.permissions, self.managed, self.licensed)
        flags = (self.limited_to_services, self.grouped, self.organization_tickets, self.organization_replies)
        object.__setattr__(self, "_hash", hash((self.principal, self.role, self.partner_type, acts, flags)))

    def __hash__(self) -> int:
        return self._hash

    def holds(self, permission: Permission) -> bool:
        """Whether the roles hold this act in the acting tenant."""
        return permission in self.permissions

    @property
    def is_platform(self) -> bool:
        """Whether these are powers of the platform's own staff."""
        return self.role in PLATFORM_ROLES

    @property
    def is_partner(self) -> bool:
        """Whether the acting tenant is a partner."""
        return self.role in PARTNER_ROLES


@lru_cache(maxsize=4096)
def shared(powers: Powers) -> Powers:
    """The one object that stands for all equal powers: it is equal to itself at a glance."""
    return powers
