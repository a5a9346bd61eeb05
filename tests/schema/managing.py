"""The documents by which tests manage customers, and what was written because of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from domain.customers.model import CustomerProfile, ManagementRelationship, ProviderOption, ProviderOptionPolicy
from domain.records.model import AuditEvent, OutboxEvent
from domain.tenants.model import Tenant, TenantSecuritySettings
from execution.ids import encode
from tests.schema.asking import ERRORS
from tests.support.app import Client, Running

OWN_SIDE = [
    "service@alder.example",
    "custom@alder.example",
    "apps@alder.example",
    "user@alder.example",
]
STAFF = ["agent@northstar.example", "lead@northstar.example", "operator@northstar.example"]

CUSTOMER = """customer {
  id organizationName status managementMode version displayName notes tags pinned
  billingReports { enabled recipients } serviceReports { enabled recipients }
  optionPolicies { option hidden source }
}"""


def mutation(name: str, arguments: str = "$input: {0}!", given: str = "input: $input", selects: str = CUSTOMER) -> str:
    """A mutation with its errors; `{0}` is its input's type."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation Do({arguments.format(kind)}) {{ {name}({given}) {{ {selects} {ERRORS} }} }}"


WITH_ID = ("$id: ID!, $input: {0}!", "customerId: $id, input: $input")
PIN = mutation("customerPin", *WITH_ID)
UNPIN = mutation("customerUnpin", *WITH_ID)
MODE = mutation("customerManagementModeChange", *WITH_ID)
EXPIRED = mutation("customerExpiredServicesVisibilitySet", *WITH_ID)
UPDATE = mutation(
    "customerUpdate",
    "$id: ID!, $input: {0}!, $version: Int!",
    "customerId: $id, input: $input, expectedVersion: $version",
)
POLICY = "policy { option hidden customer { organizationName } }"
TARGET = ("$id: ID, $input: {0}!", "customerId: $id, input: $input")
SET_POLICY = mutation("providerOptionPolicySet", *TARGET, selects=f"{POLICY} {CUSTOMER}")
CLEAR_POLICY = mutation("providerOptionPolicyClear", *TARGET)
SETTINGS = """tenant { id securitySettings {
  temporarySupportAccountsAllowed organizationTicketAccess sessionTimeoutMinutes trustedIps version } }"""
SECURITY = mutation(
    "tenantSecuritySettingsUpdate",
    "$input: {0}!, $version: Int!",
    "input: $input, expectedVersion: $version",
    selects=SETTINGS,
)
TAKE_OVER = mutation("tenantManagementTakeOver", selects="tenant { id management { mode viewerCanTakeOver } }")


async def done(who: Client, document: str, /, *, key: UUID | None = None, **variables: Any) -> dict[str, Any]:
    """The payload; `key` is the customer's."""
    if key is not None:
        variables["id"] = encode("customer", key)
    (payload,) = (await who.query(document, **{"input": {}} | variables)).data.values()
    return dict(payload)


async def relationship(client: Running, key: UUID) -> ManagementRelationship:
    """A relationship as it is stored."""
    async with client.session() as session:
        statement = select(ManagementRelationship).where(ManagementRelationship.id == key)
        return (await session.execute(statement)).scalar_one()


async def profile(client: Running, key: UUID) -> CustomerProfile:
    """A customer's profile as it is stored."""
    async with client.session() as session:
        statement = select(CustomerProfile).where(CustomerProfile.relationship_id == key)
        return (await session.execute(statement)).scalar_one()


async def settings(client: Running, tenant_id: UUID) -> TenantSecuritySettings:
    """A tenant's security settings as they are stored."""
    async with client.session() as session:
        statement = select(TenantSecuritySettings).where(TenantSecuritySettings.tenant_id == tenant_id)
        return (await session.execute(statement)).scalar_one()


async def policies(client: Running) -> list[tuple[UUID | None, ProviderOption, bool]]:
    """All option policies: for which customer's tenant, of which option, and whether it is hidden."""
    async with client.session() as session:
        rows = (await session.execute(select(ProviderOptionPolicy))).scalars().all()
    return [(row.customer_tenant_id, row.option, row.hidden) for row in rows]


async def hidden_options(client: Running, tenant_id: UUID) -> list[str]:
    """What is hidden from a tenant."""
    async with client.session() as session:
        return (await session.execute(select(Tenant.hidden_options).where(Tenant.id == tenant_id))).scalar_one()


async def log(client: Running, tenant_id: UUID) -> list[str]:
    """What is in a tenant's audit log."""
    async with client.session() as session:
        statement = select(AuditEvent.action).where(AuditEvent.tenant_id == tenant_id).order_by(AuditEvent.id)
        return list((await session.execute(statement)).scalars())


async def outbox(client: Running, topic: str) -> list[tuple[UUID, dict[str, Any]]]:
    """What waits to leave, by the tenant that it is for."""
    async with client.session() as session:
        rows = (await session.execute(select(OutboxEvent).where(OutboxEvent.topic == topic))).scalars().all()
    return [(row.tenant_id, row.payload) for row in rows]
