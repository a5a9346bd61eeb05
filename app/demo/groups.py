"""Groups of a partner's customers, who is bound to them, and customers kept at hand."""

from uuid import UUID

from app.demo.people import Place, hire
from app.demo.world import DAY, Customer, Partner, Person, World
from authz.roles import Role
from domain.customers.model import CustomerPin
from domain.tenants.reach import CustomerGroup, CustomerGroupMember, MembershipCustomerGroup


def group_customers(world: World, partner: Partner, customers: list[Customer]) -> None:
    """The partner's user is kept from one group, a trainee sees nothing but the other (spec 3, 3)."""
    kept = [customer for customer in customers if customer.number % 20 == 11]
    _bind(world, partner.people[1], _group(world, partner, "Kept by administrators", kept), excluded=True)
    place = Place(partner.tenant_id, partner.name, partner.ids)
    trainee = hire(world, place, f"trainee@{partner.domain}", Role.PARTNER_USER, partner.number * 101 + 19)
    _bind(world, trainee, _group(world, partner, "First steps", customers[:10]), excluded=False)


def pin_customers(world: World, partner: Partner, customers: list[Customer]) -> None:
    """Five for the administrator, two for the user (B39, AMB-22)."""
    for person, pinned in ((partner.admin, customers[:5]), (partner.people[1], customers[1:3])):
        for place, customer in enumerate(pinned):
            _pin(world, person, customer, place)


def _group(world: World, partner: Partner, name: str, members: list[Customer]) -> UUID:
    key = partner.ids()
    world.batch.add(CustomerGroup, id=key, tenant_id=partner.tenant_id, name=name)
    for customer in members:
        world.batch.add(
            CustomerGroupMember,
            tenant_id=partner.tenant_id,
            group_id=key,
            customer_tenant_id=customer.tenant_id,
        )
    return key


def _bind(world: World, person: Person, group_id: UUID, *, excluded: bool) -> None:
    world.batch.add(
        MembershipCustomerGroup,
        tenant_id=person.tenant_id,
        membership_id=person.membership_id,
        group_id=group_id,
        excluded=excluded,
    )


def _pin(world: World, person: Person, customer: Customer, place: int) -> None:
    world.batch.add(
        CustomerPin,
        user_id=person.id,
        tenant_id=person.tenant_id,
        relationship_id=customer.relationship_id,
        pinned_at=world.now - (place + 1) * DAY,
    )
