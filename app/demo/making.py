"""The rows of the demo, batch by batch."""

from collections.abc import Iterator
from itertools import count

from app.demo import named, organizations
from app.demo.contracts import contract_all
from app.demo.customers import populate, sketch
from app.demo.groups import group_customers, pin_customers
from app.demo.people import scope_administrators
from app.demo.sheets import Batch
from app.demo.subscriptions import pool, subscribe_all
from app.demo.tickets import HOW_MANY, Desk
from app.demo.world import Customer, Partner, World

MERIDIANS = 250
OTHERS = 40
NAMED = 3
BATCH_ROWS = 60_000
GENERATED_FROM = 10
"""The number of the first partner of a larger set: those below are named."""


def standard(world: World) -> Iterator[Batch]:
    """The platform, the named partners and all their customers, and two customers of nobody."""
    organizations.found_platform(world)
    named.tarn_valley(world)
    named.lone_pine(world)
    names = count(1)
    meridian = organizations.found_partner(world, 1, organizations.MERIDIAN)
    yield from _serve(world, meridian, MERIDIANS, names)
    for number, profile in enumerate((organizations.BOREALIS, organizations.QUAYSIDE), 2):
        yield from _serve(world, organizations.found_partner(world, number, profile), OTHERS, names)
    yield world.batch


def larger(world: World, there: tuple[int, int], partners: int, customers: int) -> Iterator[Batch]:
    """So many partners more, each with so many customers, beside the partners and customers that are `there`."""
    first, names = GENERATED_FROM + there[0] - NAMED, count(there[1] + 1)
    for number in range(first, first + partners):
        partner = organizations.found_partner(world, number, organizations.generated(number))
        yield from _serve(world, partner, customers, names)
    yield world.batch


def _serve(world: World, partner: Partner, customers: int, names: Iterator[int]) -> Iterator[Batch]:
    write_pool = pool(world, partner, customers)
    made: list[Customer] = []
    if partner.number == 1:
        made.append(named.alder(world, partner))
        made.append(named.solstice(world, partner, made[0]))
    for number in range(len(made) + 1, customers + 1):
        made.append(_generate(world, sketch(partner, number, next(names))))
        if len(world.batch) >= BATCH_ROWS:
            yield _handed_over(world)
    group_customers(world, partner, made)
    pin_customers(world, partner, made)
    write_pool()


def _generate(world: World, customer: Customer) -> Customer:
    populate(world, customer)
    subscribe_all(world, customer)
    scope_administrators(world, customer)
    account = contract_all(world, customer)
    region_id = world.reference.region_of(customer.country)
    Desk(world, customer, customer.managed_by, region_id, account).open_many(customer.rng.choice(HOW_MANY))
    account.settle()
    return customer


def _handed_over(world: World) -> Batch:
    full, world.batch = world.batch, Batch(world.batch.templates)
    return full
