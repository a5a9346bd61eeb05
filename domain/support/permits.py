"""Addresses that open one file for one actor, for a short time (spec 3, 12; A11).

A permit names who may use it and by what access they had it. It gives nothing of its own: whoever honours it looks at
that access again, and asks as that actor.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

import jwt

from authz.actor import Actor
from authz.powers import PrincipalKind

MIN_SECRET: Final = 32
"""Bytes: a key shorter than its hash weakens HMAC SHA-256 (RFC 7518, 3.2)."""


class Purpose(StrEnum):
    """What a permit is for; one for the one is none for the other."""

    UPLOAD = "attachment-upload"
    DOWNLOAD = "attachment-download"
    EXPORT = "export-download"


class InvalidPermitError(Exception):
    """The permit is forged, garbled, expired or for something else; which one is not told."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who acts, where, and by what: the session of a user, the API token of a machine, or both of an agent's session
    and its temporary support account."""

    principal: PrincipalKind
    user_id: UUID
    tenant_id: UUID
    session_id: UUID | None
    credential_id: UUID | None

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The actor, without its powers: those are found anew at each use."""
        return cls(actor.principal, actor.user_id, actor.tenant_id, actor.session_id, actor.credential_id)


@dataclass(frozen=True, slots=True)
class Permit:
    """Whom a valid token lets do something with which file."""

    file_id: UUID
    bearer: Bearer


def sign(purpose: Purpose, permit: Permit, expires_at: datetime, secret: bytes) -> str:
    """A token that is good until `expires_at`, a whole second."""
    bearer = permit.bearer
    claims = {
        "aud": purpose.value,
        "exp": int(_timestamp(expires_at)),
        "file": permit.file_id.hex,
        "kind": bearer.principal.value,
        "sub": bearer.user_id.hex,
        "tenant": bearer.tenant_id.hex,
        "sid": bearer.session_id.hex if bearer.session_id else None,
        "cred": bearer.credential_id.hex if bearer.credential_id else None,
    }
    return jwt.encode(claims, _strong(secret), algorithm="HS256")


def verify(purpose: Purpose, token: str, now: datetime, secret: bytes) -> Permit:
    """What the token permits at `now`; InvalidPermitError, also at the very instant of its expiry."""
    options: jwt.types.Options = {"require": ["aud", "exp", "file", "kind", "sub", "tenant"], "verify_exp": False}
    at, key = _timestamp(now), _strong(secret)
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], audience=purpose.value, options=options)
        permit, expires_at = _permit(claims), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
        raise InvalidPermitError from error
    if at >= expires_at:
        raise InvalidPermitError
    return permit


def _permit(claims: dict[str, Any]) -> Permit:
    session, credential = claims.get("sid"), claims.get("cred")
    bearer = Bearer(
        PrincipalKind(claims["kind"]),
        UUID(claims["sub"]),
        UUID(claims["tenant"]),
        UUID(session) if session else None,
        UUID(credential) if credential else None,
    )
    return Permit(UUID(claims["file"]), bearer)


def _strong(secret: bytes) -> bytes:
    if len(secret) < MIN_SECRET:
        raise ValueError(f"the secret has fewer than {MIN_SECRET} bytes")
    return secret


def _timestamp(at: datetime) -> float:
    if at.utcoffset() is None:
        raise ValueError("a time without a zone is not an instant")
    return at.timestamp()
