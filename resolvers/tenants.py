"""Asking for oneself and for tenants, and their security settings."""

from functools import lru_cache
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.tenants import security
from domain.tenants.security import SecurityChanges
from domain.tickets.revocation import revoke_all
from resolvers.arguments import INPUT, ExpectedVersion, Id
from resolvers.context import Info
from resolvers.enums.tenants import OrganizationTicketAccess
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found


async def viewer(info: Info) -> Any:
    """Who asks: the actor as a row, with null keys to what it has none of."""
    actor = info.context.actor
    return {
        "name": actor.name,
        "email": actor.email,
        "principal": actor.principal,
        "role": actor.role,
        "permissions": list(_names(actor.powers.permissions)),
        "principal_id": actor.user_id,
        "user_id": actor.user_id if actor.principal is PrincipalKind.USER else None,
        "tenant_id": actor.tenant_id,
        "pinning_user_id": actor.user_id if actor.holds(Permission.CUSTOMER_READ) else None,
    }


@lru_cache(maxsize=1024)
def _names(permissions: frozenset[Permission]) -> tuple[str, ...]:
    """In order; most people hold what many others hold."""
    return tuple(sorted(permission.value for permission in permissions))


async def tenant(info: Info, id: Id) -> Any:
    """One tenant by its id."""
    return await found(info.context, "tenant", id)


async def rate_limit(info: Info) -> Any:
    """What the transport charged for this request."""
    return info.context.rate_limit


@strawberry.input(description="Input of `tenantSecuritySettingsUpdate`: what is not given stays as it is.")
class TenantSecuritySettingsUpdateInput(MutationInput):
    """Administration > Security (A22, A31)."""

    temporary_support_accounts_allowed: bool | None = strawberry.field(
        default=None, description="Whether an invitation of support may create a temporary account."
    )
    organization_ticket_access: OrganizationTicketAccess | None = strawberry.field(
        default=None, description="What colleagues may do with each other's tickets."
    )
    session_timeout_minutes: int | None = strawberry.field(
        default=None,
        description="How many minutes after signing in a session ends, 5-43,200, for who signs in from then on.",
    )
    trusted_ips: list[str] | None = strawberry.field(
        default=None,
        description="All addresses or CIDR blocks, up to 100, from which members and API tokens may act for the "
        "tenant, your own among them; an empty list: from everywhere. Support that acts with a temporary account, and "
        "those who take part in a ticket without being members, are not bound.",
    )
    sign_up_domains: list[str] | None = strawberry.field(
        default=None,
        description="All domains of e-mail addresses, up to 20, whose owners join your organisation as standard users "
        "when they sign up (C6): domains in which you or its owner have proved an address of your own.",
    )
    revoke_existing: bool = strawberry.field(
        default=False, description="Whether the temporary support accounts that exist end at once."
    )

    def changes(self) -> SecurityChanges:
        """What is given, as the domain has it."""
        changes = SecurityChanges()
        if self.temporary_support_accounts_allowed is not None:
            changes["temporary_support_accounts_allowed"] = self.temporary_support_accounts_allowed
        if self.organization_ticket_access is not None:
            changes["organization_ticket_access"] = self.organization_ticket_access
        if self.session_timeout_minutes is not None:
            changes["session_timeout_minutes"] = self.session_timeout_minutes
        if self.trusted_ips is not None:
            changes["trusted_ips"] = self.trusted_ips
        if self.sign_up_domains is not None:
            changes["sign_up_domains"] = self.sign_up_domains
        return changes


async def tenant_security_settings_update(
    info: Info, input: Annotated[TenantSecuritySettingsUpdateInput, INPUT], expected_version: ExpectedVersion
) -> Any:
    """Save the security settings of the tenant in which one acts."""

    async def command(gate: Gate) -> Changed:
        tenant_id = await security.update(gate, input.changes(), expected_version)
        if input.revoke_existing:
            await revoke_all(gate)
        return {"tenant_id": tenant_id}

    return await mutate(info, input, command, expected_version=expected_version)
