"""The platform and the partners: their tenants, people, contracts and requests of their own."""

from typing import Any, NamedTuple
from uuid import UUID

from app.demo import accounts, words
from app.demo.contracts import account_of
from app.demo.customers import hide
from app.demo.ids import block_of, ids_of
from app.demo.machines import employ_machines
from app.demo.people import Place, hire, staff_partner
from app.demo.plans import PLANS
from app.demo.subscriptions import subscribe_partner
from app.demo.tickets import Desk
from app.demo.world import DAY, Partner, Platform, World, random_of
from authz.roles import Role
from domain.entitlements.model import Program
from domain.tenants.model import PartnerType, Tenant, TenantKind, TenantSecuritySettings


class Profile(NamedTuple):
    """A partner that is to be made, and what it hides from its customers by default."""

    name: str
    domain: str
    type: PartnerType
    country: str
    defaults: dict[str, bool]


MERIDIAN = Profile(accounts.MERIDIAN, "meridian.example", PartnerType.DIRECT, "DE", {"EXPIRED_SERVICES": False})
BOREALIS = Profile(
    accounts.BOREALIS,
    "borealis.example",
    PartnerType.INDIRECT_PROVIDER,
    "SE",
    {"SUPPORT_TEMPORARY_ACCOUNT": True},
)
QUAYSIDE = Profile(
    accounts.QUAYSIDE, "quayside.example", PartnerType.INDIRECT_RESELLER, "GB", {"EXPIRED_SERVICES": True}
)
_TEAM = (
    ("agent", Role.AGENT),
    ("lead", Role.AGENT_LEAD),
    ("operator", Role.OPERATOR),
    ("first.line", Role.AGENT),
    ("second.line", Role.AGENT),
    ("night.shift", Role.AGENT),
)
_BENEFITS = tuple(plan for plan in PLANS if plan.program in {Program.SCS, Program.SCS_AZURE})
_REQUESTS = 12


def generated(number: int) -> Profile:
    """A partner of a larger set."""
    name = f"{words.PLACES[number % len(words.PLACES)]} Partners {number}"
    types, country = list(PartnerType), words.COUNTRIES[number % len(words.COUNTRIES)]
    return Profile(name, f"{words.slug(name)}.example", types[number % len(types)], country, {})


def platform() -> Platform:
    """The platform's tenant, whose id is the first of all, before anything is written of it."""
    return Platform(ids_of(block_of(0))())


def found_platform(world: World) -> None:
    """Northstar Online, and its support team."""
    ids = ids_of(block_of(0))
    tenant_id = ids()
    _found(world, tenant_id, accounts.NORTHSTAR, "northstar.example", "US", kind=TenantKind.PLATFORM)
    place = Place(tenant_id, accounts.NORTHSTAR, ids)
    for seed, (name, role) in enumerate(_TEAM):
        person = hire(world, place, f"{name}@northstar.example", role, seed * 3 + 5)
        if role is not Role.OPERATOR:
            world.platform.agents.append(person)
    employ_machines(world, place, Role.AGENT, Role.OPERATOR, random_of(0))


def found_partner(world: World, number: int, profile: Profile) -> Partner:
    """A partner with its people, defaults, machines, contracts and requests of its own; customers come after."""
    ids = ids_of(block_of(number))
    partner = Partner(
        number, ids(), profile.name, profile.domain, profile.type, profile.country, ids, random_of(number)
    )
    partner.defaults = profile.defaults
    of_kind = {"kind": TenantKind.PARTNER, "partner_type": partner.type}
    _found(world, partner.tenant_id, partner.name, partner.domain, partner.country, **of_kind)
    staff_partner(world, partner)
    for option, hidden in partner.defaults.items():
        hide(world, partner, None, option, hidden=hidden)
    employ_machines(
        world, Place(partner.tenant_id, partner.name, ids), Role.PARTNER_USER, Role.PARTNER_ADMIN, partner.rng
    )
    subscribe_partner(world, partner)
    _ask(world, partner)
    return partner


def _found(
    world: World,
    tenant_id: UUID,
    name: str,
    domain: str,
    country: str,
    **of_kind: Any,
) -> None:
    """A tenant with the usual settings; `of_kind` are its kind and what only such tenants have."""
    world.batch.add(
        Tenant,
        id=tenant_id,
        name=name,
        slug=domain.removesuffix(".example"),
        country=country,
        support_region_id=world.reference.region_of(country),
        **of_kind,
        created_at=world.now - 1200 * DAY,
        updated_at=world.now - 1200 * DAY,
    )
    world.batch.add(TenantSecuritySettings, tenant_id=tenant_id)


def _ask(world: World, partner: Partner) -> None:
    """Both pairs of contracts that partners have (D28), and requests that are their requesters' alone (E20)."""
    account = account_of(world, partner, [partner.admin])
    region_id = world.reference.region_of(partner.country)
    for plan in _BENEFITS:
        access_id = f"{partner.rng.randrange(10**10):010d}"
        account.grant(plan, access_id, f"{partner.rng.randrange(10**8):08d}", region_id, partner.country)
    Desk(world, partner, None, region_id, account).open_many(_REQUESTS)
    account.settle()
