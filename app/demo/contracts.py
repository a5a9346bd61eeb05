"""Support contracts, their balances, and the ledger that explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import UUID

from app.demo.history import note
from app.demo.ids import Ids
from app.demo.plans import PLANS, Plan
from app.demo.reference import Offered
from app.demo.world import DAY, Customer, Partner, Person, World
from domain.entitlements.model import (
    CLOUD_ONLY,
    ContractStatus,
    Entitlement,
    EntitlementTransaction,
    EntitlementUnit,
    SupportContract,
    SupportContractEligibility,
    SupportContractLink,
    TransactionKind,
)
from domain.services.model import ServiceFamily

_GRANTED_HOURS = Decimal("24.00")


@dataclass(slots=True)
class Balance:
    """What is left of one entitlement while tickets are drawn on it; what is credited is not drawn again."""

    entitlement_id: UUID
    contract_id: UUID
    unit: EntitlementUnit
    total: Decimal
    valid_from: datetime
    valid_until: datetime
    services: frozenset[UUID]
    linked: list[UUID]
    closes: bool
    """Whether what is left at the end is taken off: used up, or expired and noted."""
    drawn: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)

    def pays(self, service_id: UUID, at: datetime, quantity: Decimal) -> bool:
        """Whether it could pay for a ticket about this service at this instant."""
        usable = self.valid_from <= at < self.valid_until and service_id in self.services
        return usable and self.drawn + quantity <= self.total


@dataclass(slots=True)
class Account:
    """The contracts of one holder, and the balances that tickets may draw on."""

    world: World
    tenant_id: UUID
    ids: Ids
    rng: Random
    linkers: Sequence[Person]
    balances: list[Balance]

    def grant(self, plan: Plan, access_id: str, contract_id: str, region_id: UUID, country: str) -> None:
        """A contract with its balances, linked by each of the linkers."""
        world, key = self.world, self.ids()
        began = world.now - plan.began * DAY
        linked = sorted({person.tenant_id for person in self.linkers})
        world.batch.add(
            SupportContract,
            id=key,
            tenant_id=self.tenant_id,
            linked_tenant_ids=linked,
            access_id=access_id,
            contract_id_hash=world.secrets.hash(contract_id),
            contract_id_encrypted=world.secrets.encrypt(contract_id),
            plan_name=plan.name,
            program=plan.program,
            partner_number=f"{self.rng.randrange(10**6, 10**7)}",
            country=country if self.rng.random() < 0.8 else None,
            region_id=region_id,
            valid_from=began,
            valid_until=year_after(began),
            activation_policy=plan.activation,
            status=plan.status,
            sharing=plan.sharing,
            created_at=min(began, world.now),
        )
        covered = self._cover(key, plan, linked)
        for person in self.linkers:
            self._link(key, person, began)
        units = (EntitlementUnit.INCIDENT, EntitlementUnit.HOUR) if plan.hours else (EntitlementUnit.INCIDENT,)
        for unit in units:
            self._open(key, plan, unit, covered, linked)

    def debit(self, balance: Balance, ticket_id: UUID, quantity: Decimal, by: UUID, at: datetime) -> UUID:
        """Draw for a ticket; the ledger's row."""
        balance.drawn += quantity
        return self._enter(balance.entitlement_id, TransactionKind.DEBIT, quantity, at, ticket_id=ticket_id, by=by)

    def credit(self, balance: Balance, ticket_id: UUID, debit_id: UUID, quantity: Decimal, at: datetime) -> None:
        """Give back what a ticket drew (D25)."""
        balance.credited += quantity
        self._enter(
            balance.entitlement_id, TransactionKind.CREDIT, quantity, at, ticket_id=ticket_id, debit_id=debit_id
        )

    def settle(self) -> None:
        """Write the balances as the ledger leaves them."""
        for balance in self.balances:
            left = balance.total - balance.drawn + balance.credited
            if balance.closes and left:
                self._take_off(balance, left)
                left = Decimal(0)
            self.world.batch.add(
                Entitlement,
                id=balance.entitlement_id,
                tenant_id=self.tenant_id,
                linked_tenant_ids=balance.linked,
                contract_id=balance.contract_id,
                unit=balance.unit,
                total=balance.total,
                available=left,
                created_at=min(balance.valid_from, self.world.now),
            )

    def _cover(self, contract_id: UUID, plan: Plan, linked: list[UUID]) -> frozenset[UUID]:
        """Write what the contract is eligible for; the services that come of it."""
        services: tuple[Offered, ...] = self.world.reference.services
        single = () if plan.families else (next(service for service in services if service.draws),)
        rows = [{"family": family} for family in plan.families] + [{"service_id": service.id} for service in single]
        for row in rows:
            self.world.batch.add(
                SupportContractEligibility,
                id=self.ids(),
                tenant_id=self.tenant_id,
                linked_tenant_ids=linked,
                contract_id=contract_id,
                **row,
            )
        families = set(plan.families) - ({ServiceFamily.ON_PREMISES} if plan.program in CLOUD_ONLY else set())
        return frozenset(s.id for s in services if s.draws and (s.family in families or s in single))

    def _link(self, contract_id: UUID, person: Person, began: datetime) -> None:
        for channel_id in self.world.reference.drawing_channels:
            key, at = self.ids(), min(began + DAY, self.world.now)
            self.world.batch.add(
                SupportContractLink,
                id=key,
                tenant_id=person.tenant_id,
                user_id=person.id,
                contract_id=contract_id,
                channel_id=channel_id,
                linked_at=at,
            )
            subject = ("support_contract_link", key)
            note(self.world, self.ids, at, person, "support_contract.link", on=subject, concerned=self.tenant_id)

    def _open(
        self, contract_id: UUID, plan: Plan, unit: EntitlementUnit, covered: frozenset[UUID], linked: list[UUID]
    ) -> None:
        began = self.world.now - plan.began * DAY
        usable = plan.status is ContractStatus.ACTIVE
        total = Decimal(plan.incidents) if unit is EntitlementUnit.INCIDENT else _GRANTED_HOURS
        balance = Balance(
            entitlement_id=self.ids(),
            contract_id=contract_id,
            unit=unit,
            total=total,
            valid_from=began,
            valid_until=year_after(began),
            services=covered if usable else frozenset(),
            linked=linked,
            closes=plan.used_up or year_after(began) <= self.world.now - 30 * DAY,
        )
        self.balances.append(balance)
        granted = min(began, self.world.now)
        self._enter(balance.entitlement_id, TransactionKind.GRANT, total, granted, reason=plan.name)

    def _take_off(self, balance: Balance, left: Decimal) -> None:
        """Let what is left expire, or correct the balance by hand, which changes what was granted as well (spec 6)."""
        now = self.world.now
        if balance.valid_until <= now:
            self._enter(balance.entitlement_id, TransactionKind.EXPIRE, left, balance.valid_until, reason="Expired")
            return
        balance.total -= left
        reason = "Moved to the contract of the parent company"
        self._enter(balance.entitlement_id, TransactionKind.ADJUST, -left, now - DAY, reason=reason)

    def _enter(
        self,
        entitlement_id: UUID,
        kind: TransactionKind,
        quantity: Decimal,
        at: datetime,
        *,
        ticket_id: UUID | None = None,
        debit_id: UUID | None = None,
        by: UUID | None = None,
        reason: str | None = None,
    ) -> UUID:
        key = self.ids()
        self.world.batch.add(
            EntitlementTransaction,
            id=key,
            tenant_id=self.tenant_id,
            entitlement_id=entitlement_id,
            ticket_id=ticket_id,
            debit_id=debit_id,
            kind=kind,
            quantity=quantity,
            actor_user_id=by,
            reason=reason,
            occurred_at=at,
        )
        return key


def account_of(world: World, holder: Customer | Partner, linkers: Sequence[Person]) -> Account:
    """The account of a customer or of a partner."""
    return Account(world, holder.tenant_id, holder.ids, holder.rng, linkers, [])


def contract_all(world: World, customer: Customer) -> Account:
    """One contract or two; the partner's administrator has linked most, so that nested queries show them (spec 4.4)."""
    linkers = [customer.owner]
    if customer.partner and customer.licensed_by and customer.number % 10:
        linkers.append(customer.partner.admin)
    account = account_of(world, customer, linkers)
    region_id = world.reference.region_of(customer.country)
    for place in range(customer.number % 2 + 1):
        plan = PLANS[(customer.number * 3 // 2 + place) % len(PLANS)]
        access_id = f"{customer.rng.randrange(10**8 if place else 10**9):010d}"
        account.grant(plan, access_id, f"{customer.rng.randrange(10**8):08d}", region_id, customer.country)
    return account


def year_after(instant: datetime) -> datetime:
    """One calendar year later (D3); 29 February becomes the 28th (AMB-24)."""
    utc = instant.astimezone(UTC)
    try:
        return utc.replace(year=utc.year + 1)
    except ValueError:
        return utc.replace(year=utc.year + 1, day=28)
