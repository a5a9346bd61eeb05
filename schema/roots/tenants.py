"""Root fields of the viewer, tenants and the audit log."""

from datetime import datetime

import strawberry

from resolvers import audit, customer_management, tenants
from schema.customer_payloads import TenantManagementTakeOverPayload, TenantSecuritySettingsUpdatePayload
from schema.fields import plain
from schema.records import AuditEvent
from schema.relay import Connection
from schema.tenants import Tenant, Viewer


@strawberry.type(description="What you may spend on queries in this hour.")
class RateLimit:
    """`app.http.rate_limit.RateLimit`."""

    cost: int = plain("What this request costs.")
    limit: int = plain("What an hour may cost.")
    remaining: int = plain("What is left of this hour after this request.")
    reset_at: datetime = plain("When the next hour begins.")


@strawberry.type
class TenantQueries:
    """What can be asked."""

    viewer: Viewer = strawberry.field(resolver=tenants.viewer, description="You, and the tenant in which you act.")
    tenant: Tenant | None = strawberry.field(resolver=tenants.tenant, description="One tenant by its id.")
    audit_events: Connection[AuditEvent] = strawberry.field(
        resolver=audit.audit_events, description="The audit log of your tenant, newest first."
    )
    rate_limit: RateLimit | None = strawberry.field(
        resolver=tenants.rate_limit, description="Your budget of query cost; null where none is set."
    )


@strawberry.type
class TenantMutations:
    """What can be done."""

    tenant_security_settings_update: TenantSecuritySettingsUpdatePayload = strawberry.field(
        resolver=tenants.tenant_security_settings_update,
        description="Change the security settings of the tenant in which you act (A22, A31).",
    )
    tenant_management_take_over: TenantManagementTakeOverPayload = strawberry.field(
        resolver=customer_management.tenant_management_take_over,
        description="As its owner, end the partner's management of your tenant, for good (B57).",
    )
