"""The customers with names of their own, each with something to show."""

from app.demo import accounts
from app.demo.bulk import change_many
from app.demo.contracts import Account, account_of, contract_all
from app.demo.conversation import Conversation
from app.demo.customers import found, relate
from app.demo.devices import register
from app.demo.exports import export_some, schedule_some
from app.demo.files import attach
from app.demo.ids import block_of, ids_of
from app.demo.participants import name_outsider
from app.demo.people import Place, add_custom_role, allow_service, hire, join
from app.demo.plans import CORE
from app.demo.subscriptions import EXPIRED, POOLED, USUAL, Terms, subscribe
from app.demo.tickets import Desk
from app.demo.webhooks import hook
from app.demo.world import Customer, Partner, Person, World, random_of
from authz.roles import Role
from domain.customers.model import ManagementMode
from domain.services.model import SubscriptionKind, SubscriptionStatus
from domain.tenants.model import Environment
from domain.tickets.model import Side

_ALDER_SERVICES = (
    ("cloud-backup-m365", POOLED),
    ("cloud-backup-google", Terms(-20, 10, SubscriptionKind.TRIAL)),
    ("identity", USUAL),
    ("mail-server", USUAL),
    ("file-server", EXPIRED),
    ("compute", Terms(-90, 275, status=SubscriptionStatus.SUSPENDED)),
)
_FEW_SERVICES = (("cloud-backup-m365", USUAL), ("identity", USUAL), ("file-server", EXPIRED))
_SEEDS = {accounts.ALDER: 1000, accounts.SOLSTICE: 1010, accounts.TARN_VALLEY: 1020, accounts.LONE_PINE: 1030}


def alder(world: World, partner: Partner) -> Customer:
    """Alder & Finch: one person of each role, services in most states, a contract left to link, many tickets."""
    customer = _sketch(accounts.ALDER, "alder.example", "GB", partner, number=1)
    found(world, customer)
    place = Place(customer.tenant_id, customer.name, customer.ids, customer.managed_by)
    permissions = ["MANAGEMENT", "security:read"]
    role_id = add_custom_role(world, place, "Office manager", permissions, ["user:disable"])
    roles = {
        "owner": Role.TENANT_OWNER,
        "service": Role.SERVICE_ADMINISTRATOR,
        "apps": Role.APPLICATION_ADMINISTRATOR,
        "custom": Role.CUSTOMIZED_ADMINISTRATOR,
        "user": Role.STANDARD_USER,
        "colleague": Role.STANDARD_USER,
    }
    for seed, (name, role) in enumerate(roles.items(), _SEEDS[customer.name]):
        special = {"custom_role_id": role_id} if role is Role.CUSTOMIZED_ADMINISTRATOR else {}
        customer.people.append(hire(world, place, f"{name}@alder.example", role, seed, **special))
    relate(world, customer)
    _subscribe(world, customer, _ALDER_SERVICES)
    allow_service(world, customer.people[2], world.reference.service("cloud-backup-m365").id)
    _leave_one_to_link(world, customer)
    talks = _raise(world, customer, contract_all(world, customer), 46)
    attach(world, customer, [talk.ticket_id for talk in talks[-3:]])
    name_outsider(world, customer, talks[-1])
    change_many(world, customer.ids, talks)
    hook(world, customer, talks)
    register(world, customer.ids, customer.people[4])
    export_some(world, customer)
    schedule_some(world, customer)
    return customer


def solstice(world: World, partner: Partner, colleague_of: Customer) -> Customer:
    """Solstice Foods, in CUSTOMER mode; its adviser is a member of Alder & Finch, too (AMB-34)."""
    customer = _sketch(accounts.SOLSTICE, "solstice.example", "FR", partner, number=2)
    customer.mode = ManagementMode.CUSTOMER
    _open(world, customer)
    relate(world, customer)
    place = Place(customer.tenant_id, customer.name, customer.ids, customer.managed_by)
    adviser = hire(world, place, "adviser@solstice.example", Role.STANDARD_USER, _SEEDS[customer.name] + 5)
    there = Place(colleague_of.tenant_id, colleague_of.name, customer.ids, colleague_of.managed_by)
    second = Person(
        adviser.id,
        customer.ids(),
        there.tenant_id,
        there.name,
        adviser.name,
        adviser.email,
        adviser.role,
        Side.CUSTOMER,
    )
    join(world, there, second)
    _serve(world, customer, 24)
    return customer


def tarn_valley(world: World) -> None:
    """Tarn Valley Clinic: US Government, managed by nobody, since the partners are commercial (spec 4.3, 14)."""
    customer = _sketch(accounts.TARN_VALLEY, "tarnvalley.example", "US", None, number=1)
    customer.environment = Environment.US_GOVERNMENT
    _open(world, customer)
    _serve(world, customer, 18)


def lone_pine(world: World) -> None:
    """Lone Pine Labs: a customer of nobody."""
    customer = _sketch(accounts.LONE_PINE, "lonepine.example", "CA", None, number=2)
    _open(world, customer)
    _serve(world, customer, 15)


def _sketch(name: str, domain: str, country: str, partner: Partner | None, number: int) -> Customer:
    block = partner.number if partner else 0
    ids = ids_of(block_of(block, number))
    rng = random_of(block, number)
    return Customer(number, ids(), name, domain, country, Environment.COMMERCIAL, ids, rng, partner)


def _open(world: World, customer: Customer) -> None:
    """The tenant, its owner and a standard user."""
    found(world, customer)
    place = Place(customer.tenant_id, customer.name, customer.ids, customer.managed_by)
    seed = _SEEDS[customer.name]
    customer.people = [
        hire(world, place, f"owner@{customer.domain}", Role.TENANT_OWNER, seed),
        hire(world, place, f"user@{customer.domain}", Role.STANDARD_USER, seed + 1),
    ]


def _serve(world: World, customer: Customer, tickets: int) -> None:
    _subscribe(world, customer, _FEW_SERVICES)
    _raise(world, customer, contract_all(world, customer), tickets)


def _subscribe(world: World, customer: Customer, services: tuple[tuple[str, Terms], ...]) -> None:
    customer.services = [world.reference.service(key) for key, _ in services]
    for service, (_, terms) in zip(customer.services, services, strict=True):
        subscribe(world, customer, service, terms)


def _raise(world: World, customer: Customer, account: Account, tickets: int) -> list[Conversation]:
    """So many tickets, and what they leave on the account; the oldest first."""
    desk = Desk(world, customer, customer.managed_by, world.reference.region_of(customer.country), account)
    desk.open_many(tickets)
    account.settle()
    return desk.opened


def _leave_one_to_link(world: World, customer: Customer) -> None:
    """The contract of `accounts.ACCESS_ID`, which nobody has linked and no ticket draws on."""
    account = account_of(world, customer, [])
    region_id = world.reference.region_of(customer.country)
    account.grant(CORE, accounts.ACCESS_ID, accounts.CONTRACT_ID, region_id, customer.country)
    account.settle()
