"""Who asks: one principal, acting in exactly one tenant (AMB-34)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind, shared
from authz.roles import Role
from tenancy.scope import Scope, platform_scope, tenant_scope, visitor_scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal with its powers in the acting tenant, and the instant of its request.

    `credential_id` is the API token or the temporary support account by which it acts; a user has a session alone.
    `service_ids` are the services that its powers are limited to, if they are. `binds` is who it is, by the names that
    statements know (`authz.binds`).
    """

    powers: Powers
    user_id: UUID
    name: str
    email: str
    tenant_id: UUID
    tenant_name: str
    environment: str
    now: datetime
    membership_id: UUID | None = None
    session_id: UUID | None = None
    credential_id: UUID | None = None
    service_ids: frozenset[UUID] = frozenset()
    ticket_id: UUID | None = None
    email_verified: bool = True
    ip_address: str | None = None
    request_id: str | None = None
    binds: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "powers", shared(self.powers))
        binds = {
            "actor_tenant_id": self.tenant_id,
            "actor_user_id": self.user_id,
            "actor_membership_id": self.membership_id,
            "actor_ticket_id": self.ticket_id,
            "actor_service_ids": list(self.service_ids),
            "actor_now": self.now,
        }
        object.__setattr__(self, "binds", binds)

    def holds(self, permission: Permission) -> bool:
        """Whether the actor's roles hold this act in the acting tenant."""
        return self.powers.holds(permission)

    @property
    def principal(self) -> PrincipalKind:
        """What stands behind the request."""
        return self.powers.principal

    @property
    def role(self) -> Role:
        """The role of the principal in the acting tenant."""
        return self.powers.role

    @property
    def is_platform(self) -> bool:
        """Whether the actor is of the platform's own staff."""
        return self.powers.is_platform

    @property
    def is_partner(self) -> bool:
        """Whether the acting tenant is a partner."""
        return self.powers.is_partner

    @property
    def scope(self) -> Scope:
        """The reach that row-level security grants to this actor."""
        if self.role is Role.VISITOR:
            return visitor_scope(self.tenant_id, self.user_id)
        if self.is_platform:
            return platform_scope(self.tenant_id, self.user_id)
        return tenant_scope(self.tenant_id, self.user_id)
