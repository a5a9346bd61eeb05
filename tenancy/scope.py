"""Whose rows a transaction may touch. No transaction is without a scope, and no scope means "everything" by default."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ScopeViolationError(Exception):
    """A statement without a scope, or a row of a tenant outside it: a defect of ours, never shown to callers."""


class ScopeKind(StrEnum):
    """What row-level security lets through, besides what the statement itself asks for."""

    TENANT = "tenant"  # rows of one tenant, and of the customers that it manages
    PLATFORM = "platform"  # rows of every tenant: the platform's own staff
    SIGN_IN = "sign_in"  # accounts, memberships and sessions, before the acting tenant is known
    WORKER = "worker"  # rows of every tenant: jobs


@dataclass(frozen=True, slots=True)
class Scope:
    """A named reach over rows; `tenant_id` and `user_id` are the acting ones, where there are any."""

    kind: ScopeKind
    tenant_id: UUID | None = None
    user_id: UUID | None = None

    @property
    def spans_tenants(self) -> bool:
        """Whether rows of more tenants than the acting one and its customers can be reached."""
        return self.kind is not ScopeKind.TENANT

    def settings(self) -> dict[str, str]:
        """The configuration parameters that the row-level policies read."""
        return {
            "bailiwick.scope": self.kind.value,
            "bailiwick.tenant_id": str(self.tenant_id or ""),
            "bailiwick.user_id": str(self.user_id or ""),
        }


def tenant_scope(tenant_id: UUID, user_id: UUID | None) -> Scope:
    """The reach of someone who acts in one tenant (AMB-34)."""
    return Scope(ScopeKind.TENANT, tenant_id, user_id)


def platform_scope(tenant_id: UUID, user_id: UUID) -> Scope:
    """The reach of the platform's own staff, who look after every tenant."""
    return Scope(ScopeKind.PLATFORM, tenant_id, user_id)


def check_owner(what: str, scope: Scope, tenant_id: UUID, managed_by: UUID | None) -> None:
    """Raise `ScopeViolationError` where a new row belongs to nobody whom the scope reaches."""
    if not scope.spans_tenants and scope.tenant_id not in (tenant_id, managed_by):
        raise ScopeViolationError(f"{what} of another tenant was added")


def visitor_scope(tenant_id: UUID, user_id: UUID) -> Scope:
    """The reach of who has not signed in: that of signing in, and records of its own in the platform's tenant."""
    return Scope(ScopeKind.SIGN_IN, tenant_id, user_id)


def person_scope(user_id: UUID) -> Scope:
    """The reach of signing in for one person: the rows that name them, too."""
    return Scope(ScopeKind.SIGN_IN, user_id=user_id)


SIGN_IN = Scope(ScopeKind.SIGN_IN)
WORKER = Scope(ScopeKind.WORKER)
