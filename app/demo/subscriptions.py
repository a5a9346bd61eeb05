"""What customers have subscribed to, in every state that a subscription can be in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from app.demo.reference import Offered
from app.demo.world import DAY, Customer, Partner, World
from domain.services.model import (
    ServiceSetup,
    ServiceSubscription,
    SetupStatus,
    SubscriptionKind,
    SubscriptionPool,
    SubscriptionStatus,
)

_HOW_MANY = (1, 2, 3, 3, 4, 4, 4, 5, 6, 8)
POOLED_SEATS_PER_CUSTOMER = 60
OWN_SERVICES, OWN_SEATS = 2, 25


class Terms(NamedTuple):
    """How a subscription stands: days from now at which it begins and ends, its kind, its stored status."""

    begins: int
    ends: int
    kind: SubscriptionKind = SubscriptionKind.PAID
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE


USUAL = Terms(-200, 165)
EXPIRED = Terms(-420, -55)
POOLED = Terms(-150, 215, SubscriptionKind.POOLED)
_EDGES = {
    1: EXPIRED,
    4: Terms(-12, 18, SubscriptionKind.TRIAL),
    6: Terms(-90, 275, status=SubscriptionStatus.SUSPENDED),
    8: Terms(7, 372, status=SubscriptionStatus.PENDING),
    9: Terms(-100, -70, SubscriptionKind.TRIAL),
    11: Terms(-300, 65, status=SubscriptionStatus.ENDED),
    14: Terms(-358, 7),
    16: Terms(-500, -1),
}


def subscribe_all(world: World, customer: Customer) -> None:
    """Some services of the catalogue, four on average; the customer's number decides which edges are among them."""
    many = customer.rng.choice(_HOW_MANY)
    customer.services = customer.rng.sample(world.reference.services, many)
    for place, service in enumerate(customer.services):
        edge = _EDGES.get((customer.number * 5 + place * 3) % 19, USUAL)
        pooled = edge is USUAL and service.batch_editable and customer.number % 2 == 0
        subscribe(world, customer, service, POOLED if pooled and customer.partner else edge)


def subscribe(world: World, customer: Customer, service: Offered, terms: Terms) -> None:
    """One subscription, and how far its service was started (B9)."""
    partner = customer.partner if terms.kind is SubscriptionKind.POOLED else None
    seats = customer.rng.randrange(5, POOLED_SEATS_PER_CUSTOMER)
    key, until = customer.ids(), world.now + terms.ends * DAY
    if partner:
        partner.pooled_seats += seats
    _write(
        world,
        service,
        terms,
        id=key,
        tenant_id=customer.tenant_id,
        managing_partner_id=customer.licensed_by,
        pool_id=partner.pool_id if partner else None,
        seats=seats,
        contract_ends_at=until + 365 * DAY if seats % 3 == 0 else None,
        hidden_when_expired="EXPIRED_SERVICES" in customer.hidden_options,
    )
    if service.startable and terms.begins < 0:
        _start(world, customer, service, key)


def subscribe_partner(world: World, partner: Partner) -> None:
    """What a partner uses itself: its people ask for support for themselves where it has subscribed (E19)."""
    for service in world.reference.services[:OWN_SERVICES]:
        key = partner.ids()
        _write(world, service, USUAL, id=key, tenant_id=partner.tenant_id, seats=OWN_SEATS, hidden_when_expired=False)


def _write(world: World, service: Offered, terms: Terms, **whose: Any) -> None:
    world.batch.add(
        ServiceSubscription,
        service_id=service.id,
        kind=terms.kind,
        valid_from=world.now + terms.begins * DAY,
        valid_until=world.now + terms.ends * DAY,
        status=terms.status,
        created_at=world.now + min(terms.begins, -1) * DAY,
        **whose,
    )


def _start(world: World, customer: Customer, service: Offered, subscription_id: object) -> None:
    status = list(SetupStatus)[(customer.number + len(customer.services)) % len(SetupStatus)]
    started = status is not SetupStatus.NOT_STARTED
    starter = customer.partner.admin if customer.managed_by and customer.partner else customer.owner
    world.batch.add(
        ServiceSetup,
        id=customer.ids(),
        tenant_id=customer.tenant_id,
        managing_partner_id=customer.managed_by,
        subscription_id=subscription_id,
        service_id=service.id,
        status=status,
        started_at=world.now - timedelta(days=10, hours=customer.number % 24) if started else None,
        started_by=starter.id if started else None,
    )


def pool(world: World, partner: Partner, customers: int) -> Callable[[], None]:
    """A pool of the partner (B55); call what is returned when its customers are made, to write it with their seats."""
    service = next(service for service in world.reference.services if service.batch_editable)
    key = partner.pool_id = partner.ids()

    def write() -> None:
        world.batch.add(
            SubscriptionPool,
            id=key,
            tenant_id=partner.tenant_id,
            service_id=service.id,
            seats_total=max(customers * POOLED_SEATS_PER_CUSTOMER // 4, partner.pooled_seats),
            seats_assigned=partner.pooled_seats,
            valid_until=world.now + 215 * DAY,
        )

    return write
