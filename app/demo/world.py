"""What all makers of rows share, and the organisations and people that they make rows for."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from app.demo.ids import Ids, block_of
from app.demo.reference import Offered, Promises, Reference
from app.demo.sheets import Batch
from authz.roles import Role
from domain.customers.model import ManagementMode, RelationshipStatus
from domain.entitlements.secrets import ContractSecrets
from domain.notifications.secrets import DeviceSecrets
from domain.tenants.model import Environment, PartnerType
from domain.tickets.model import Side
from domain.webhooks.secrets import WebhookSecrets

DAY = timedelta(days=1)
INSTANTS = 2000
_LONGEST = 540 * DAY


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account and a place in one tenant."""

    id: UUID
    membership_id: UUID
    tenant_id: UUID
    tenant_name: str
    name: str
    email: str
    role: Role
    side: Side


@dataclass(slots=True)
class Platform:
    """The platform's own tenant and its support team."""

    tenant_id: UUID
    agents: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class Partner:
    """A partner, with what its customers' rows depend on."""

    number: int
    tenant_id: UUID
    name: str
    domain: str
    type: PartnerType
    country: str
    ids: Ids
    rng: Random
    defaults: dict[str, bool] = field(default_factory=dict)
    """Which options it hides from all customers, unless it chose otherwise for one."""
    people: list[Person] = field(default_factory=list)
    pool_id: UUID | None = None
    pooled_seats: int = 0

    @property
    def desk_id(self) -> UUID:
        """In whose list its own tickets are."""
        return self.tenant_id

    @property
    def admin(self) -> Person:
        """Its administrator."""
        return self.people[0]

    @property
    def acts_on_behalf(self) -> bool:
        """Whether it may ask for support for a customer (AMB-7)."""
        return self.type is not PartnerType.INDIRECT_RESELLER


@dataclass(slots=True)
class Customer:
    """A customer's tenant, with or without a partner."""

    number: int
    tenant_id: UUID
    name: str
    domain: str
    country: str
    environment: Environment
    ids: Ids
    rng: Random
    partner: Partner | None = None
    mode: ManagementMode = ManagementMode.PARTNER
    relationship: RelationshipStatus = RelationshipStatus.ACTIVE
    choices: dict[str, bool] = field(default_factory=dict)
    """Which options its partner hides from it, or shows, against the partner's default."""
    temporary_accounts: bool = True
    people: list[Person] = field(default_factory=list)
    services: list[Offered] = field(default_factory=list)
    relationship_id: UUID | None = None

    @property
    def licensed_by(self) -> UUID | None:
        """The partner of the live relationship in either mode (spec 4)."""
        live = self.partner is not None and self.relationship is RelationshipStatus.ACTIVE
        return self.partner.tenant_id if live and self.partner else None

    @property
    def managed_by(self) -> UUID | None:
        """The partner of the live relationship in PARTNER mode (spec 4)."""
        return self.licensed_by if self.mode is ManagementMode.PARTNER else None

    @property
    def desk_id(self) -> UUID:
        """In whose list its tickets are: a partner's in either mode."""
        return self.licensed_by or self.tenant_id

    @property
    def hidden_options(self) -> list[str]:
        """What is hidden from it (spec 5.5): in CUSTOMER mode nothing but what was chosen about expired services."""
        if self.partner is None or self.licensed_by is None:
            return []
        if self.managed_by is None:
            return ["EXPIRED_SERVICES"] if self.choices.get("EXPIRED_SERVICES") else []
        return sorted(option for option, hidden in (self.partner.defaults | self.choices).items() if hidden)

    @property
    def owner(self) -> Person:
        """Its tenant owner."""
        return self.people[0]


@dataclass(slots=True)
class World:
    """One load: its instant, what it refers to, and where its rows go."""

    now: datetime
    batch: Batch
    reference: Reference
    promises: Promises
    password_hash: str
    secrets: ContractSecrets
    device_secrets: DeviceSecrets
    webhook_secrets: WebhookSecrets
    platform: Platform
    next_ticket: int = 1
    files: dict[str, bytes] = field(default_factory=dict)
    """What the object store is to hold, by key."""
    instants: list[datetime] = field(init=False)
    """When tickets were raised, the latest first: few enough to work their targets out once; ever denser
    towards now, none later than a minute ago."""

    def __post_init__(self) -> None:
        """Lay the instants out."""
        step = _LONGEST / INSTANTS**2
        self.instants = [
            self.now - timedelta(seconds=int((step * place**2).total_seconds()) + 61) for place in range(INSTANTS)
        ]

    def ticket_number(self) -> str:
        """The next number, as the sequence would give it."""
        number, self.next_ticket = self.next_ticket, self.next_ticket + 1
        return f"{number:08d}"


def random_of(partner: int, customer: int = 0) -> Random:
    """The dice of one organisation: the same at every load."""
    return Random(f"bailiwick {block_of(partner, customer)}")  # noqa: S311 - no secret comes of it
