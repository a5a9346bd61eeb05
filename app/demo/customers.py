"""Customers' tenants, their relationships with partners, and what partners keep about them."""

from datetime import timedelta

from app.demo import words
from app.demo.history import note
from app.demo.ids import block_of, ids_of
from app.demo.people import staff_customer
from app.demo.world import DAY, Customer, Partner, World, random_of
from domain.customers.model import (
    CustomerProfile,
    ManagementMode,
    ManagementRelationship,
    ProviderOption,
    ProviderOptionPolicy,
    RelationshipStatus,
)
from domain.tenants.model import (
    Environment,
    OrganizationTicketAccess,
    Tenant,
    TenantKind,
    TenantSecuritySettings,
    TenantStatus,
)

_ACCESS = list(OrganizationTicketAccess)


def sketch(partner: Partner, number: int, organization: int) -> Customer:
    """A generated customer: its number among the partner's customers (from 1) decides which edges it shows."""
    name, rng = words.organization(organization), random_of(partner.number, number)
    ids = ids_of(block_of(partner.number, number))
    customer = Customer(
        number=number,
        tenant_id=ids(),
        name=name,
        domain=f"{words.slug(name)}.example",
        country=rng.choice(words.COUNTRIES),
        environment=Environment.COMMERCIAL,
        ids=ids,
        rng=rng,
        partner=partner,
        temporary_accounts=number % 6 != 5,
    )
    if number % 25 == 9:
        customer.relationship = RelationshipStatus.PENDING
    elif number % 12 == 7:
        customer.mode = ManagementMode.CUSTOMER
    customer.choices = _choices(partner, number)
    return customer


def found(world: World, customer: Customer, status: TenantStatus = TenantStatus.ACTIVE) -> None:
    """Write the tenant with its settings, and its people unless they were hired by name."""
    founded = world.now - timedelta(days=900 - customer.rng.randrange(300))
    world.batch.add(
        Tenant,
        id=customer.tenant_id,
        kind=TenantKind.CUSTOMER,
        name=customer.name,
        slug=customer.domain.removesuffix(".example"),
        environment=customer.environment,
        country=customer.country,
        support_region_id=world.reference.region_of(customer.country),
        status=status,
        managing_partner_id=customer.licensed_by,
        hidden_options=customer.hidden_options,
        created_at=founded,
        updated_at=founded,
    )
    world.batch.add(
        TenantSecuritySettings,
        tenant_id=customer.tenant_id,
        managing_partner_id=customer.managed_by,
        temporary_support_accounts_allowed=customer.temporary_accounts,
        organization_ticket_access=_ACCESS[customer.number // 2 % 3] if customer.number % 2 else _ACCESS[-1],
        trusted_ips=[],
    )


def populate(world: World, customer: Customer) -> None:
    """A generated customer: tenant, people, and the partner's side of it."""
    suspended = customer.number % 40 == 21
    found(world, customer, TenantStatus.SUSPENDED if suspended else TenantStatus.ACTIVE)
    staff_customer(world, customer)
    relate(world, customer)


def relate(world: World, customer: Customer) -> None:
    """The relationship with the partner, what the partner keeps about the customer, and what it hides from it."""
    partner, number = customer.partner, customer.number
    if partner is None:
        return
    left, since = customer.mode is ManagementMode.CUSTOMER, world.now - (400 + number % 90) * DAY
    by = customer.owner if number % 2 else partner.admin
    key = customer.relationship_id = customer.ids()
    world.batch.add(
        ManagementRelationship,
        id=key,
        tenant_id=partner.tenant_id,
        customer_tenant_id=customer.tenant_id,
        mode=customer.mode,
        status=customer.relationship,
        mode_changed_at=world.now - (number % 30 + 1) * DAY if left else None,
        mode_changed_by=by.id if left else None,
        registered_account=customer.owner.email,
        organization_name=customer.name,
        search_name=words.fold(customer.name),
        country=customer.country,
        created_at=since,
        updated_at=since,
    )
    if left:
        at = world.now - (number % 30 + 1) * DAY
        other = partner.tenant_id if by is customer.owner else customer.tenant_id
        note(world, customer.ids, at, by, "customer.management_mode_change", on=("customer", key), concerned=other)
    world.batch.add(
        CustomerProfile,
        relationship_id=key,
        tenant_id=partner.tenant_id,
        customer_tenant_id=customer.tenant_id,
        display_name=customer.name.split()[0] if number % 8 == 2 else None,
        notes="Renewal is talked over in spring." if number % 9 == 4 else None,
        tags=sorted(customer.rng.sample(words.TAGS, number % 4)),
        billing_reports_enabled=number % 3 == 1,
        billing_recipients=[customer.owner.email] if number % 3 == 1 else [],
        service_reports_enabled=number % 4 == 1,
        service_recipients=[person.email for person in customer.people] if number % 4 == 1 else [],
    )
    for option, hidden in customer.choices.items():
        hide(world, partner, customer, option, hidden=hidden)


def hide(world: World, partner: Partner, customer: Customer | None, option: str, *, hidden: bool) -> None:
    """What a partner hides from one customer, or by default from all (A21, B21)."""
    ids = customer.ids if customer else partner.ids
    world.batch.add(
        ProviderOptionPolicy,
        id=ids(),
        tenant_id=partner.tenant_id,
        customer_tenant_id=customer.tenant_id if customer else None,
        option=option,
        hidden=hidden,
    )


def _choices(partner: Partner, number: int) -> dict[str, bool]:
    """Every eighth customer is an exception to the partner's default, for each of the options."""
    turns = {ProviderOption.SUPPORT_TEMPORARY_ACCOUNT: 3, ProviderOption.EXPIRED_SERVICES: 6}
    return {
        option.value: not partner.defaults.get(option.value, False)
        for option, turn in turns.items()
        if number % 8 == turn or number % 40 == 31
    }
