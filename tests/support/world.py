"""A small world with everybody in it, under the names of the demo, and twin partners for the tests of isolation."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from authz.roles import Role
from domain.customers.model import ManagementMode, ProviderOption
from domain.services.model import ServiceFamily
from domain.support.clock import RESPONSE_TARGETS
from domain.support.model import Agreement, AgreementKind
from domain.tenants.model import Environment, TenantKind
from domain.tickets.model import ClosureCode, TicketStatus
from tests.support import factories as make
from tests.support.factories.adding import add

PRIVACY_VERSION = "2026-01"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the platform publishes. `backup` and `archive` need no support contract, `premium` does."""

    region: UUID
    channel: UUID
    contract_channel: UUID
    backup: UUID
    archive: UUID
    premium: UUID


@dataclass(frozen=True, slots=True)
class Platform:
    """Northstar Online and its people: `agent@`, `lead@`, `operator@northstar.example`."""

    tenant: UUID
    agent: UUID
    lead: UUID
    operator: UUID


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner and its people: `admin@` and `staff@`."""

    tenant: UUID
    admin: UUID
    staff: UUID
    staff_membership: UUID


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's tenant and its owner; `relationship`, the id of the Customer, is None where nobody manages it."""

    tenant: UUID
    owner: UUID
    subscription: UUID
    relationship: UUID | None = None


@dataclass(frozen=True, slots=True)
class Alder:
    """Alder & Finch, managed by Meridian IT: somebody of every role, `apps` for the service `backup` alone.

    `user` has raised `ticket` about `backup`; `custom` holds the category ADMINISTRATION. The addresses are
    `owner@`, `service@`, `apps@`, `custom@`, `user@`, `colleague@alder.example`.
    """

    tenant: UUID
    relationship: UUID
    owner: UUID
    service: UUID
    apps: UUID
    custom: UUID
    user: UUID
    colleague: UUID
    subscription: UUID
    archive_subscription: UUID
    ticket: UUID


@dataclass(frozen=True, slots=True)
class World:
    """Everybody."""

    catalogue: Catalogue
    platform: Platform
    meridian: Partner
    alder: Alder
    solstice: Customer
    lone_pine: Customer
    tarn_valley: Customer


async def catalogue(session: AsyncSession) -> Catalogue:
    """What the platform publishes, with targets for every severity and a privacy agreement."""
    promised = {level: (to.minutes, to.minutes * 10, to.clock) for level, to in RESPONSE_TARGETS.items()}
    await make.policy(session, promised)
    published = datetime(2026, 1, 1, tzinfo=UTC)
    for kind in AgreementKind:
        url = f"https://northstar.example/{kind.lower()}"
        await add(session, Agreement, kind=kind, version=PRIVACY_VERSION, url=url, published_at=published)
    channel = await make.channel(session)
    contracts = await make.channel(session, name="Contract support", requires_support_contract=True)
    return Catalogue(
        region=await make.region(session, is_default=True),
        channel=channel,
        contract_channel=contracts,
        backup=await make.service(session, channel, "Cloud Backup", startable=True),
        archive=await make.service(session, channel, "Archive"),
        premium=await make.service(session, contracts, "Recovery", family=ServiceFamily.CLOUD),
    )


async def platform(session: AsyncSession) -> Platform:
    """The platform's own staff."""
    tenant = await make.tenant(session, "Northstar Online", TenantKind.PLATFORM)
    return Platform(
        tenant,
        agent=await make.person(session, tenant, Role.AGENT, "agent@northstar.example"),
        lead=await make.person(session, tenant, Role.AGENT_LEAD, "lead@northstar.example"),
        operator=await make.person(session, tenant, Role.OPERATOR, "operator@northstar.example"),
    )


async def partner(session: AsyncSession, name: str, domain: str) -> Partner:
    """A DIRECT partner with an administrator and a user."""
    tenant = await make.tenant(session, name, TenantKind.PARTNER)
    await make.security_settings(session, tenant)
    admin = await make.person(session, tenant, Role.PARTNER_ADMIN, f"admin@{domain}")
    staff = await make.user(session, f"staff@{domain}")
    membership = await make.membership(session, tenant, staff, Role.PARTNER_USER)
    return Partner(tenant, admin, staff, membership)


async def customer(
    session: AsyncSession,
    name: str,
    domain: str,
    service: UUID,
    managed_by: Partner | None = None,
    *,
    mode: ManagementMode = ManagementMode.PARTNER,
    environment: Environment = Environment.COMMERCIAL,
) -> Customer:
    """A customer with an owner and one subscription."""
    tenant = await make.tenant(session, name, environment=environment, country="NO")
    await make.security_settings(session, tenant)
    owner = await make.person(session, tenant, Role.TENANT_OWNER, f"owner@{domain}")
    subscription = await make.subscription(session, tenant, service)
    edge = None
    if managed_by is not None:
        edge = await make.relationship(session, managed_by.tenant, tenant, mode=mode)
    return Customer(tenant, owner, subscription, edge)


async def alder(session: AsyncSession, offered: Catalogue, managed_by: Partner) -> Alder:
    """The customer in which every role has somebody."""
    made = await customer(session, "Alder & Finch", "alder.example", offered.backup, managed_by)
    tenant, edge = made.tenant, made.relationship
    apps = await make.user(session, "apps@alder.example")
    membership = await make.membership(session, tenant, apps, Role.APPLICATION_ADMINISTRATOR)
    await make.service_scope(session, tenant, membership, offered.backup)
    role = await make.custom_role(session, tenant, ["ADMINISTRATION"], name="Security desk")
    custom = await make.person(
        session, tenant, Role.CUSTOMIZED_ADMINISTRATOR, "custom@alder.example", custom_role_id=role
    )
    user = await make.person(session, tenant, Role.STANDARD_USER, "user@alder.example")
    return Alder(
        tenant,
        relationship=edge or tenant,
        owner=made.owner,
        service=await make.person(session, tenant, Role.SERVICE_ADMINISTRATOR, "service@alder.example"),
        apps=apps,
        custom=custom,
        user=user,
        colleague=await make.person(session, tenant, Role.STANDARD_USER, "colleague@alder.example"),
        subscription=made.subscription,
        archive_subscription=await make.subscription(session, tenant, offered.archive),
        ticket=await make.ticket(session, tenant, user, offered.backup),
    )


async def world(session: AsyncSession) -> World:
    """Everybody."""
    offered = await catalogue(session)
    meridian = await partner(session, "Meridian IT", "meridian.example")
    taken_over = ManagementMode.CUSTOMER
    return World(
        offered,
        await platform(session),
        meridian,
        await alder(session, offered, meridian),
        solstice=await customer(
            session, "Solstice Foods", "solstice.example", offered.backup, meridian, mode=taken_over
        ),
        lone_pine=await customer(session, "Lone Pine Labs", "lonepine.example", offered.backup),
        tarn_valley=await customer(
            session,
            "Tarn Valley Clinic",
            "tarnvalley.example",
            offered.backup,
            environment=Environment.US_GOVERNMENT,
        ),
    )


@dataclass(frozen=True, slots=True)
class TwinCustomer:
    """One of a twin's customers: a row of everything that a customer has."""

    customer: Customer
    ticket: UUID
    message: UUID
    temporary_account: UUID
    contract: UUID
    entitlement: UUID


@dataclass(frozen=True, slots=True)
class Twin:
    """A partner with two customers."""

    partner: Partner
    customers: tuple[TwinCustomer, TwinCustomer]


async def twin_customer(session: AsyncSession, offered: Catalogue, by: Partner, name: str) -> TwinCustomer:
    """A managed customer with a row of everything, and a contract that its owner linked."""
    made = await customer(session, name, f"{name.lower()}.example", offered.backup, by)
    contract, entitlement = await make.contract(session, made.tenant)
    await make.link(session, made.tenant, made.owner, contract, offered.contract_channel)
    drawn = {"contract_id": contract, "entitlement_id": entitlement, "entitlement_quantity": 1}
    promised = make.promises(offered.region)
    ticket = await make.ticket(session, made.tenant, made.owner, offered.backup, **drawn, **promised)
    await make.debit(session, made.tenant, entitlement, ticket)
    await make.setup(session, made.tenant, offered.backup, made.subscription)
    message = await make.message(session, made.tenant, ticket)
    await make.attachment(session, made.tenant, ticket, made.owner, message_id=message)
    await make.notification(session, made.tenant, made.owner, ticket, message_id=message)
    await make.device(session, made.owner, f"a token of {made.owner}")
    await make.webhook_delivery(session, made.tenant, await make.webhook(session, made.tenant), ticket)
    await make.event(session, made.tenant, ticket, message_id=message, related_ticket_id=ticket)
    await make.bulk_operation(session, made.tenant, made.owner, [ticket])
    await make.export_job(session, made.tenant, made.owner)
    await make.export_schedule(session, made.tenant, made.owner)
    over: dict[str, Any] = {
        "status": TicketStatus.CLOSED,
        "closure_code": ClosureCode.MERGED,
        "closed_at": datetime.now(UTC),
    }
    await make.ticket(session, made.tenant, made.owner, merged_into_id=ticket, follow_up_of_id=ticket, **over)
    await make.rating(session, made.tenant, ticket, made.owner)
    await make.appointment(session, made.tenant, ticket, made.owner)
    return TwinCustomer(
        made,
        ticket,
        message,
        await make.temporary_account(session, made.tenant, ticket, offered.backup),
        contract,
        entitlement,
    )


async def keep(session: AsyncSession, by: Partner, of: Customer) -> None:
    """What a partner keeps about a customer, with policies that hide nothing, and what is in both their logs."""
    await make.pin(session, by.tenant, by.admin, of.relationship or of.tenant)
    for customer_id in (None, of.tenant):
        option = ProviderOption.EXPIRED_SERVICES
        await make.option_policy(session, by.tenant, option, customer_id=customer_id, hidden=False)
    for tenant in (by.tenant, of.tenant):
        await make.audit_event(session, tenant)


async def twins(session: AsyncSession, offered: Catalogue) -> tuple[Twin, Twin]:
    """Two partners that have the same and share nothing: what one sees, the other never does."""
    made = []
    for side in ("Left", "Right"):
        by = await partner(session, side, f"{side.lower()}.example")
        first = await twin_customer(session, offered, by, f"{side}One")
        second = await twin_customer(session, offered, by, f"{side}Two")
        await keep(session, by, first.customer)
        made.append(Twin(by, (first, second)))
    return made[0], made[1]
