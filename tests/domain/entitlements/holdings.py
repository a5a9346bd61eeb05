"""A tenant with a user, a service and a support contract: what most tests of entitlements begin with."""

from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from authz.actor import Actor
from authz.gate import Gate
from authz.grant import Grant
from authz.permissions import Permission
from authz.roles import Role
from domain.base import new_id
from domain.entitlements.model import (
    ContractSharing,
    Entitlement,
    EntitlementTransaction,
    EntitlementUnit,
    Program,
    SupportContract,
    SupportContractEligibility,
    SupportContractLink,
    TransactionKind,
)
from domain.services.model import Service, ServiceFamily
from domain.support.model import PartnerPrivilege, SignInKind, SupportChannel
from domain.tenants.model import PartnerType, Tenant, TenantKind, User
from tenancy.database import Database
from tenancy.scope import WORKER
from tests.support.powers import powers

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLATFORM = new_id()


def actor(tenant_id: UUID, user_id: UUID, role: Role, now: datetime = NOW, **more: Any) -> Actor:
    """Somebody who acts in a tenant with a built-in role."""
    return Actor(
        powers=powers(role),
        user_id=user_id,
        name="Ada Finch",
        email="ada@alder.example",
        tenant_id=tenant_id,
        tenant_name="Alder & Finch",
        environment="COMMERCIAL",
        now=now,
        **more,
    )


@dataclass
class Holdings:
    """Makes rows in the worker's scope, each with ids of its own, and transactions for those who act on them."""

    database: Database
    tenant_id: UUID = field(default_factory=new_id)
    user_id: UUID = field(default_factory=new_id)
    channel_id: UUID = field(default_factory=new_id)
    service_id: UUID = field(default_factory=new_id)

    @asynccontextmanager
    async def session(self) -> Any:
        """A transaction that reaches every tenant."""
        async with self.database.writing(WORKER) as session:
            yield session

    async def add(self, *rows: object) -> None:
        """Write rows, each before those that follow it."""
        async with self.session() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def begin(self, *, contract_required: bool = True) -> "Holdings":
        """The tenant, its user, and a service in the cloud with its channel."""
        await self.add(
            await self.tenant(self.tenant_id),
            user(self.user_id),
            channel(self.channel_id, contract_required=contract_required),
            service(self.service_id, self.channel_id),
        )
        return self

    async def tenant(self, key: UUID, kind: TenantKind = TenantKind.CUSTOMER, **values: Any) -> Tenant:
        """A tenant that is not yet written."""
        partner = PartnerType.DIRECT if kind is TenantKind.PARTNER else None
        return Tenant(id=key, kind=kind, name=f"Tenant {key.hex}", slug=key.hex, partner_type=partner, **values)

    async def contract(
        self,
        *,
        holder: UUID | None = None,
        incidents: int = 20,
        linked_by: tuple[UUID, UUID] | None = None,
        family: ServiceFamily = ServiceFamily.CLOUD,
        **values: Any,
    ) -> tuple[UUID, UUID]:
        """A contract of `holder` with one balance, linked by (tenant, user) if given; returns contract and balance."""
        owner = holder or self.tenant_id
        contract_id, entitlement_id = new_id(), new_id()
        defaults: dict[str, Any] = {
            "access_id": str(new_id().int)[:12],
            "contract_id_hash": new_id().hex,
            "contract_id_encrypted": "-",
            "plan_name": "Gold 20Pack",
            "program": Program.CORE,
            "valid_from": NOW - timedelta(days=100),
            "valid_until": NOW + timedelta(days=265),
            "sharing": ContractSharing.ANY_WITH_IDS,
        }
        await self.add(
            SupportContract(id=contract_id, tenant_id=owner, **(defaults | values)),
            SupportContractEligibility(contract_id=contract_id, tenant_id=owner, family=family),
            Entitlement(
                id=entitlement_id,
                contract_id=contract_id,
                tenant_id=owner,
                unit=EntitlementUnit.INCIDENT,
                total=incidents,
                available=incidents,
            ),
        )
        if linked_by:
            await self.link(contract_id, *linked_by)
        return contract_id, entitlement_id

    async def link(self, contract_id: UUID, tenant_id: UUID, user_id: UUID, channel_id: UUID | None = None) -> UUID:
        """Associate a contract with a sign-in."""
        key = new_id()
        await self.add(
            SupportContractLink(
                id=key,
                tenant_id=tenant_id,
                user_id=user_id,
                contract_id=contract_id,
                channel_id=channel_id or self.channel_id,
            )
        )
        return key

    def by(self, who: Actor, permission: Permission) -> AbstractAsyncContextManager[Grant]:
        """A transaction of `who`, with a grant."""
        return granted(self.database, who, permission)

    @property
    def owner(self) -> Actor:
        """The tenant's owner."""
        return actor(self.tenant_id, self.user_id, Role.TENANT_OWNER)

    @property
    def lead(self) -> Actor:
        """A lead of the platform's agents."""
        return actor(PLATFORM, new_id(), Role.AGENT_LEAD)

    async def balance(self, entitlement_id: UUID) -> tuple[int, int]:
        """What is available, and of how much."""
        async with self.session() as session:
            row = (await session.execute(select(Entitlement).where(Entitlement.id == entitlement_id))).scalar_one()
            return int(row.available), int(row.total)

    async def entries(self, entitlement_id: UUID) -> list[tuple[TransactionKind, int]]:
        """The ledger of a balance, oldest first."""
        entry = EntitlementTransaction
        async with self.session() as session:
            found = await session.execute(
                select(entry.kind, entry.quantity).where(entry.entitlement_id == entitlement_id).order_by(entry.id)
            )
            return [(kind, int(quantity)) for kind, quantity in found]


def user(key: UUID, **values: Any) -> User:
    """An account."""
    return User(id=key, email=f"{key.hex}@alder.example", first_name="Ada", last_name="Finch", **values)


def channel(
    key: UUID, *, contract_required: bool = True, sign_in_kind: SignInKind = SignInKind.LOCAL
) -> SupportChannel:
    """Where requests are made."""
    return SupportChannel(
        id=key,
        key=key.hex,
        name="Portal",
        requires_support_contract=contract_required,
        required_partner_privilege=PartnerPrivilege.NONE,
        sign_in_kind=sign_in_kind,
    )


def service(key: UUID, channel_id: UUID, **values: Any) -> Service:
    """An entry of the catalogue."""
    given = {"name": f"Cloud Backup {key.hex}", "family": ServiceFamily.CLOUD} | values
    return Service(id=key, key=key.hex, channel_id=channel_id, **given)


@asynccontextmanager
async def granted(database: Database, who: Actor, permission: Permission) -> Any:
    """A transaction of `who`, with a grant for one permission."""
    async with database.writing(who.scope) as session:
        yield Gate(who, session).grant(permission)
