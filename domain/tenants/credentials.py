"""What proves who somebody is: sessions, signing keys, service principals and their tokens. Secrets are kept hashed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, Identified, TenantOwned, Timestamped
from domain.tenants.reach import own_tenant


class SignInSession(Identified, Timestamped, Base):
    """One sign-in: its refresh token is rotated at each use, and everything it issued ends with it."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index("ix_sign_in_session_user_id", "user_id"),
        Index("ix_sign_in_session_expires_at", "expires_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    refresh_hash: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str | None]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """One's own."""
        return cls.user_id == binds.USER


class SigningKey(Identified, Timestamped, Base):
    """A key that signs access tokens; the private half is encrypted with the installation's secret."""

    __tablename__ = "signing_key"

    public_key: Mapped[str]
    private_key_encrypted: Mapped[str]
    signs_until: Mapped[datetime]
    verifies_until: Mapped[datetime]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Nobody: the sign-in scope reads it."""
        return false()


class SignInAttempt(Identified, Base):
    """Failed sign-ins of one address or account, which slow the next ones down."""

    __tablename__ = "sign_in_attempt"

    subject: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Nobody: the sign-in scope reads it."""
        return false()


class ServicePrincipal(Identified, TenantOwned, Timestamped, Base):
    """A machine that acts in one tenant with a role, capped by the scopes of its token (K6)."""

    __tablename__ = "service_principal"

    name: Mapped[str]
    role: Mapped[Role]
    disabled_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Holders of `token:manage` in its tenant."""
        return own_tenant(cls.tenant_id) if powers.holds(Permission.TOKEN_MANAGE) else false()


class ApiToken(Identified, TenantOwned, Timestamped, Base):
    """A secret of a service principal: hashed, scoped, expiring."""

    __tablename__ = "api_token"

    service_principal_id: Mapped[UUID] = mapped_column(ForeignKey("service_principal.id"))
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Holders of `token:manage` in its tenant."""
        return own_tenant(cls.tenant_id) if powers.holds(Permission.TOKEN_MANAGE) else false()
