"""Sessions, service principals and their tokens."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.sign_in.secrets import digest, new_api_token
from authz.roles import Role
from domain.base import new_id
from domain.notifications.model import Device, DevicePlatform
from domain.notifications.secrets import DeviceSecrets
from domain.tenants.credentials import ApiToken, ServicePrincipal, SignInSession
from tests.support.factories.adding import add

SECRET = "a secret key of the tests, long enough"
"""As `tests.support.app` has it, which is made of these."""


async def signed_in(session: AsyncSession, user_id: UUID, **values: Any) -> UUID:
    """A session of a user, good for 30 days."""
    given = {"expires_at": datetime.now(UTC) + timedelta(days=30)}
    return await add(session, SignInSession, user_id=user_id, **(given | values))


async def device(session: AsyncSession, user_id: UUID, token: str = "a token", **values: Any) -> UUID:
    """A device of a user, in a session of its own, that was registered just now."""
    session_id = await signed_in(session, user_id)
    secrets = DeviceSecrets(SECRET)
    given = {
        "session_id": session_id,
        "platform": DevicePlatform.IOS,
        "app_id": "com.alder.app",
        "token_hash": secrets.hash(token),
        "token_encrypted": secrets.encrypt(token),
        "registered_at": datetime.now(UTC),
        "expires_at": datetime.now(UTC) + timedelta(days=30),
    }
    return await add(session, Device, user_id=user_id, **(given | values))


async def service_principal(session: AsyncSession, tenant_id: UUID, role: Role, **values: Any) -> UUID:
    """A machine that acts in a tenant."""
    given = {"name": f"Machine {new_id().hex}"}
    return await add(session, ServicePrincipal, tenant_id=tenant_id, role=role, **(given | values))


async def api_token(
    session: AsyncSession, tenant_id: UUID, principal_id: UUID, scopes: list[str], **values: Any
) -> tuple[UUID, str]:
    """A token of a service principal: its id and its secret."""
    secret = new_api_token()
    given = {"name": "Nightly", "expires_at": datetime.now(UTC) + timedelta(days=30)}
    key = await add(
        session,
        ApiToken,
        tenant_id=tenant_id,
        service_principal_id=principal_id,
        token_hash=digest(secret),
        scopes=scopes,
        **(given | values),
    )
    return key, secret
