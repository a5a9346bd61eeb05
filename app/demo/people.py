"""Accounts and their places in tenants."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.demo import words
from app.demo.ids import Ids
from app.demo.world import Customer, Partner, Person, World
from authz.roles import PARTNER_ROLES, PLATFORM_ROLES, Role
from domain.support.model import SignInKind
from domain.tenants.model import CustomRole, Membership, MembershipServiceScope, MembershipStatus, User, UserStatus
from domain.tickets.model import Side

_WITHOUT_PASSWORD = {UserStatus.PRE_PROVISIONED, UserStatus.PENDING_PASSWORD, UserStatus.DELETED}
_LATECOMERS = (
    (UserStatus.DISABLED, MembershipStatus.ACTIVE),
    (UserStatus.PENDING_PASSWORD, MembershipStatus.ACTIVE),
    (UserStatus.PRE_PROVISIONED, MembershipStatus.ACTIVE),
    (UserStatus.DELETED, MembershipStatus.DISABLED),
    (UserStatus.ACTIVE, MembershipStatus.DISABLED),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant in which somebody gets a role."""

    tenant_id: UUID
    name: str
    ids: Ids
    managed_by: UUID | None = None


def name_of(number: int) -> tuple[str, str]:
    """A first and a last name; neighbours in number have different ones."""
    last, first = divmod(number * 7, len(words.FIRST_NAMES))
    return words.FIRST_NAMES[first], words.LAST_NAMES[(last * 11 + number) % len(words.LAST_NAMES)]


def hire(world: World, place: Place, email: str, role: Role, number: int, **special: Any) -> Person:
    """Make an account and its membership; `special` are columns of the account that differ from the usual."""
    membership = special.pop("membership", MembershipStatus.ACTIVE)
    custom_role_id = special.pop("custom_role_id", None)
    person = meet(world, place, email, role, number, **special)
    join(world, place, person, membership, custom_role_id)
    return person


def meet(world: World, place: Place, email: str, role: Role, number: int, **special: Any) -> Person:
    """Make an account alone."""
    first, last = name_of(number)
    user_id = place.ids()
    status = special.setdefault("status", UserStatus.ACTIVE)
    usable = status not in _WITHOUT_PASSWORD
    world.batch.add(
        User,
        id=user_id,
        email=email,
        first_name=first,
        last_name=last,
        password_hash=world.password_hash if usable else None,
        email_verified_at=world.now if usable else None,
        **special,
    )
    return Person(user_id, place.ids(), place.tenant_id, place.name, f"{first} {last}", email, role, _side(role))


def join(
    world: World,
    place: Place,
    person: Person,
    status: MembershipStatus = MembershipStatus.ACTIVE,
    custom_role_id: UUID | None = None,
) -> None:
    """Make somebody a member."""
    world.batch.add(
        Membership,
        id=person.membership_id,
        tenant_id=place.tenant_id,
        managing_partner_id=place.managed_by,
        user_id=person.id,
        role=person.role,
        status=status,
        custom_role_id=custom_role_id,
    )


def staff_customer(world: World, customer: Customer) -> None:
    """An owner and a standard user for every customer, and here and there one of each other role and state."""
    place, number = Place(customer.tenant_id, customer.name, customer.ids, customer.managed_by), customer.number
    seed, at = number * 13, f"@{customer.domain}"
    customer.people = [
        hire(world, place, f"owner{at}", Role.TENANT_OWNER, seed),
        hire(world, place, f"user{at}", Role.STANDARD_USER, seed + 1),
    ]
    if number % 3 == 0:
        customer.people.append(hire(world, place, f"service{at}", Role.SERVICE_ADMINISTRATOR, seed + 2))
    if number % 5 == 0:
        role_id = add_custom_role(world, place, "Discovery", ["AUTO_DISCOVERY"], ["ticket:resolve"])
        customer.people.append(
            hire(world, place, f"custom{at}", Role.CUSTOMIZED_ADMINISTRATOR, seed + 3, custom_role_id=role_id)
        )
    if number % 7 == 0:
        customer.people.append(hire(world, place, f"apps{at}", Role.APPLICATION_ADMINISTRATOR, seed + 4))
    if number % 4 == 0:
        status, membership = _LATECOMERS[number // 4 % len(_LATECOMERS)]
        kind = list(SignInKind)[number // 4 % len(SignInKind)]
        hire(
            world,
            place,
            f"former{at}",
            Role.STANDARD_USER,
            seed + 5,
            status=status,
            membership=membership,
            sign_in_kind=kind,
        )


def scope_administrators(world: World, customer: Customer) -> None:
    """Give application administrators their services: one or two, and now and then none, which means nothing (A2)."""
    for person in customer.people:
        if person.role is Role.APPLICATION_ADMINISTRATOR:
            for service in customer.services[: customer.number // 7 % 3]:
                allow_service(world, person, service.id)


def allow_service(world: World, person: Person, service_id: UUID) -> None:
    """Put a service into the scope of an application administrator."""
    world.batch.add(
        MembershipServiceScope,
        tenant_id=person.tenant_id,
        membership_id=person.membership_id,
        service_id=service_id,
    )


def add_custom_role(world: World, place: Place, name: str, allowed: list[str], denied: list[str]) -> UUID:
    """A role that a tenant put together itself; what it denies, nothing else allows."""
    key = place.ids()
    world.batch.add(
        CustomRole, id=key, tenant_id=place.tenant_id, name=name, permissions=allowed, denied_permissions=denied
    )
    return key


def staff_partner(world: World, partner: Partner) -> None:
    """An administrator of a partner, and a user with a role of the partner's own making."""
    place = Place(partner.tenant_id, partner.name, partner.ids)
    allowed = ["customer:tag", "customer:update", "support:invite", "option_policy:read", "user:read"]
    desk = add_custom_role(world, place, "Support desk", allowed, ["ticket:resolve"])
    seed, at = partner.number * 101 + 17, f"@{partner.domain}"
    partner.people = [
        hire(world, place, f"admin{at}", Role.PARTNER_ADMIN, seed),
        hire(world, place, f"staff{at}", Role.PARTNER_USER, seed + 1, custom_role_id=desk),
    ]


def _side(role: Role) -> Side:
    if role in PLATFORM_ROLES:
        return Side.VENDOR
    return Side.PARTNER if role in PARTNER_ROLES else Side.CUSTOMER
