"""Administration > Security of one's own tenant (A22, A31)."""

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.tenants.model import OrganizationTicketAccess, TenantSecuritySettings
from domain.tenants.sign_up_domains import checked_domains
from domain.tenants.trusted_ips import checked_networks

SHORTEST_SESSION = 5
LONGEST_SESSION = 30 * 24 * 60


class SecurityChanges(TypedDict, total=False):
    """What is to change; what is not given stays. Time-outs are in minutes; networks are addresses or CIDR blocks."""

    temporary_support_accounts_allowed: bool
    organization_ticket_access: OrganizationTicketAccess
    session_timeout_minutes: int
    trusted_ips: Sequence[str]
    sign_up_domains: Sequence[str]


@requires(Permission.SECURITY_UPDATE)
async def update(grant: Grant, changes: SecurityChanges, expected_version: int) -> UUID:
    """Save the form of the acting tenant: all of it, or, with every error at once, nothing. Returns the tenant's id.

    CONFLICT where it was made of an older version.
    """
    settings = await _settings(grant)
    if settings.version != expected_version:
        message = "Somebody else changed these settings in the meantime: read them again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=settings.version)
    values = await _checked(grant, changes)
    before = {name: getattr(settings, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    for name, value in changed.items():
        setattr(settings, name, value)
    if changed:
        tenant_id, previous = settings.tenant_id, {name: before[name] for name in changed}
        audit(grant, "tenant.security_settings_update", "tenant", tenant_id, before=previous, after=changed)
    return settings.tenant_id


async def _settings(grant: Grant) -> TenantSecuritySettings:
    """The acting tenant's, locked; made with the defaults where it has none yet."""
    mine = TenantSecuritySettings.tenant_id == grant.actor.tenant_id
    statement = grant.select(TenantSecuritySettings).where(mine).with_for_update()
    found: TenantSecuritySettings | None = await grant.first(statement)
    if found is None:
        found = grant.add(TenantSecuritySettings(tenant_id=grant.actor.tenant_id, trusted_ips=[]))
        await grant.flush()
    return found


async def _checked(grant: Grant, changes: SecurityChanges) -> dict[str, Any]:
    problems = Problems()
    values: dict[str, Any] = dict(changes)
    if "session_timeout_minutes" in changes:
        _check_timeout(changes["session_timeout_minutes"], problems)
    if "trusted_ips" in changes:
        values["trusted_ips"] = checked_networks(changes["trusted_ips"], grant.actor.ip_address, problems)
    if "sign_up_domains" in changes:
        values["sign_up_domains"] = await checked_domains(grant, changes["sign_up_domains"], problems)
    problems.refuse_if_any()
    return values


def _check_timeout(minutes: int, problems: Problems) -> None:
    if not SHORTEST_SESSION <= minutes <= LONGEST_SESSION:
        message = f"A session ends after {SHORTEST_SESSION} to {LONGEST_SESSION:,} minutes."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "sessionTimeoutMinutes")
