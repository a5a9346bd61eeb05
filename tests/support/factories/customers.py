"""What a partner keeps about its customers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.customers.model import (
    CustomerPin,
    CustomerProfile,
    ManagementRelationship,
    ProviderOption,
    ProviderOptionPolicy,
)
from tests.support.factories.adding import add, add_plain


async def relationship(session: AsyncSession, partner_id: UUID, customer_id: UUID, **values: Any) -> UUID:
    """An active relationship in PARTNER mode with the partner's profile: what clients know as a Customer."""
    derived = {"organization_name": "", "search_name": ""}  # the database writes both
    given = {"registered_account": f"account-{new_id().hex}@alder.example"}
    key = await add(
        session,
        ManagementRelationship,
        tenant_id=partner_id,
        customer_tenant_id=customer_id,
        **(derived | given | values),
    )
    await profile(session, partner_id, customer_id, key)
    return key


async def profile(session: AsyncSession, partner_id: UUID, customer_id: UUID, key: UUID, **values: Any) -> None:
    """What the partner keeps about one customer (B27-B31)."""
    await add_plain(
        session,
        CustomerProfile,
        tenant_id=partner_id,
        customer_tenant_id=customer_id,
        relationship_id=key,
        **values,
    )


async def pin(session: AsyncSession, partner_id: UUID, user_id: UUID, relationship_id: UUID) -> None:
    """A customer that a user keeps at hand (B39)."""
    await add_plain(
        session,
        CustomerPin,
        tenant_id=partner_id,
        user_id=user_id,
        relationship_id=relationship_id,
        pinned_at=datetime.now(UTC),
    )


async def option_policy(
    session: AsyncSession,
    partner_id: UUID,
    option: ProviderOption,
    *,
    customer_id: UUID | None = None,
    hidden: bool = True,
) -> UUID:
    """Whether a partner hides an option from one customer, or by default from all (spec 5.5)."""
    return await add(
        session,
        ProviderOptionPolicy,
        tenant_id=partner_id,
        customer_tenant_id=customer_id,
        option=option,
        hidden=hidden,
    )
