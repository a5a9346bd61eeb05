"""Services, what tenants have of them, and support contracts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.entitlements.model import (
    Entitlement,
    EntitlementTransaction,
    EntitlementUnit,
    Program,
    SupportContract,
    SupportContractEligibility,
    SupportContractLink,
    TransactionKind,
)
from domain.services.model import (
    Service,
    ServiceFamily,
    ServiceSetup,
    ServiceSubscription,
    SubscriptionKind,
    SubscriptionPool,
)
from domain.support.clock import SlaClock
from domain.support.model import (
    CalendarException,
    CalendarInterval,
    PartnerPrivilege,
    SignInKind,
    SlaPolicy,
    SlaTarget,
    SupportChannel,
    SupportRegion,
)
from tests.support.factories.adding import add


def validity(days: int = 100) -> dict[str, Any]:
    """A period that began `days` ago and lasts a year."""
    begins = datetime.now(UTC) - timedelta(days=days)
    return {"valid_from": begins, "valid_until": begins + timedelta(days=365)}


async def region(session: AsyncSession, **values: Any) -> UUID:
    """A support region on UTC that works round the clock, on its only holiday, too."""
    given = {"key": new_id().hex, "name": "Europe", "timezone": "UTC", "countries": []}
    key = await add(session, SupportRegion, **(given | values))
    for weekday in range(7):
        await add(session, CalendarInterval, region_id=key, weekday=weekday, start_minute=0, end_minute=1440)
    await add(
        session, CalendarException, region_id=key, on_date=date(2099, 5, 1), name="May Day", intervals=[[0, 1440]]
    )
    return key


async def policy(
    session: AsyncSession, targets: dict[int, tuple[int, int, SlaClock]], plan_name: str | None = None
) -> UUID:
    """A policy, for those with a plan or for all others: minutes to answer and solution, and their clock."""
    key = await add(session, SlaPolicy, key=new_id().hex, name=plan_name or "Standard", plan_name=plan_name)
    for severity, (response, resolution, clock) in targets.items():
        given = {"response_minutes": response, "resolution_minutes": resolution, "clock": clock}
        await add(session, SlaTarget, policy_id=key, severity=severity, **given)
    return key


async def channel(session: AsyncSession, **values: Any) -> UUID:
    """Where requests are made; it needs no support contract unless told so."""
    given = {
        "key": new_id().hex,
        "name": "Portal",
        "requires_support_contract": False,
        "required_partner_privilege": PartnerPrivilege.NONE,
        "sign_in_kind": SignInKind.LOCAL,
    }
    return await add(session, SupportChannel, **(given | values))


async def service(session: AsyncSession, channel_id: UUID, name: str = "Cloud Backup", **values: Any) -> UUID:
    """An entry of the catalogue."""
    given = {"key": f"service-{new_id().hex}", "name": name, "family": ServiceFamily.CLOUD}
    return await add(session, Service, channel_id=channel_id, **(given | values))


async def pool(session: AsyncSession, partner_id: UUID, service_id: UUID, seats: int = 100, **values: Any) -> UUID:
    """A partner's pooled licence (B55)."""
    given = {"seats_total": seats, "valid_until": validity()["valid_until"]}
    return await add(session, SubscriptionPool, tenant_id=partner_id, service_id=service_id, **(given | values))


async def subscription(session: AsyncSession, tenant_id: UUID, service_id: UUID, **values: Any) -> UUID:
    """A paid subscription that is running; say `**validity(400)` for an expired one."""
    given = {"kind": SubscriptionKind.PAID, "seats": 10, **validity()}
    return await add(session, ServiceSubscription, tenant_id=tenant_id, service_id=service_id, **(given | values))


async def setup(session: AsyncSession, tenant_id: UUID, service_id: UUID, subscription_id: UUID, **values: Any) -> UUID:
    """How far a subscribed service has been started (B9)."""
    return await add(
        session,
        ServiceSetup,
        tenant_id=tenant_id,
        service_id=service_id,
        subscription_id=subscription_id,
        **values,
    )


async def contract(
    session: AsyncSession,
    holder_id: UUID,
    *,
    incidents: int = 20,
    family: ServiceFamily = ServiceFamily.CLOUD,
    **values: Any,
) -> tuple[UUID, UUID]:
    """A support contract for a family of services, with a balance of incidents: the ids of both."""
    given = {
        "access_id": f"{new_id().int % 10**12:012}",
        "contract_id_hash": new_id().hex,
        "contract_id_encrypted": "-",
        "plan_name": "Gold 20Pack",
        "program": Program.CORE,
        **validity(),
    }
    key = await add(session, SupportContract, tenant_id=holder_id, **(given | values))
    await add(session, SupportContractEligibility, tenant_id=holder_id, contract_id=key, family=family)
    balance = await add(
        session,
        Entitlement,
        tenant_id=holder_id,
        contract_id=key,
        unit=EntitlementUnit.INCIDENT,
        total=incidents,
        available=incidents,
    )
    return key, balance


async def link(
    session: AsyncSession, tenant_id: UUID, user_id: UUID, contract_id: UUID, channel_id: UUID, **values: Any
) -> UUID:
    """A contract that a user has associated with a sign-in (D5)."""
    return await add(
        session,
        SupportContractLink,
        tenant_id=tenant_id,
        user_id=user_id,
        contract_id=contract_id,
        channel_id=channel_id,
        **values,
    )


async def debit(session: AsyncSession, holder_id: UUID, entitlement_id: UUID, ticket_id: UUID) -> UUID:
    """One incident drawn for a ticket, from the balance and in the ledger."""
    drawn = update(Entitlement).where(Entitlement.id == entitlement_id)
    await session.execute(drawn.values(available=Entitlement.available - 1))
    return await add(
        session,
        EntitlementTransaction,
        tenant_id=holder_id,
        entitlement_id=entitlement_id,
        ticket_id=ticket_id,
        kind=TransactionKind.DEBIT,
        quantity=1,
    )
