"""Who asks: one principal, acting in exactly one tenant (AMB-34)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from authz.permissions import Permission
from authz.roles import PARTNER_ROLES, PLATFORM_ROLES, Role
from tenancy.scope import Scope, platform_scope, tenant_scope


class PrincipalKind(StrEnum):
    """What stands behind a request."""

    USER = "USER"
    SERVICE_PRINCIPAL = "SERVICE_PRINCIPAL"
    TEMPORARY_SUPPORT = "TEMPORARY_SUPPORT"


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal with what it may do in the acting tenant, and how far that reaches at a partner's customers.

    `managed` are the acts that it holds at customers in PARTNER mode, `licensed` at those in CUSTOMER mode (spec 4.4);
    both are empty but for partners. `service_ids` limits an application administrator or a temporary support
    account to these services (A2, A18): None is no limit, empty is nothing. `grouped` tells that customer groups
    limit which customers a partner's user reaches.
    """

    principal: PrincipalKind
    user_id: UUID
    name: str
    email: str
    tenant_id: UUID
    tenant_name: str
    environment: str
    role: Role
    permissions: frozenset[Permission]
    now: datetime
    membership_id: UUID | None = None
    session_id: UUID | None = None
    partner_type: str | None = None
    managed: frozenset[Permission] = frozenset()
    licensed: frozenset[Permission] = frozenset()
    service_ids: frozenset[UUID] | None = None
    ticket_id: UUID | None = None
    grouped: bool = False
    organization_tickets: bool = False
    organization_replies: bool = False
    email_verified: bool = True
    ip_address: str | None = None
    request_id: str | None = None
    binds: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        binds = {
            "actor_tenant_id": self.tenant_id,
            "actor_user_id": self.user_id,
            "actor_membership_id": self.membership_id,
            "actor_ticket_id": self.ticket_id,
            "actor_service_ids": list(self.service_ids or ()),
            "actor_now": self.now,
        }
        object.__setattr__(self, "binds", binds)

    def holds(self, permission: Permission) -> bool:
        """Whether the actor's roles hold this act in the acting tenant."""
        return permission in self.permissions

    @property
    def is_platform(self) -> bool:
        """Whether the actor is of the platform's own staff."""
        return self.role in PLATFORM_ROLES

    @property
    def is_partner(self) -> bool:
        """Whether the acting tenant is a partner."""
        return self.role in PARTNER_ROLES

    @property
    def scope(self) -> Scope:
        """The reach that row-level security grants to this actor."""
        if self.is_platform:
            return platform_scope(self.tenant_id, self.user_id)
        return tenant_scope(self.tenant_id, self.user_id)
