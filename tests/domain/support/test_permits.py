"""Addresses that open one file for one actor, for a short time (A11; spec 3, 12)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest

from authz.powers import PrincipalKind
from domain.support.permits import Bearer, InvalidPermitError, Permit, Purpose, sign, verify

SECRET = bytes(range(32))
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
BEARER = Bearer(PrincipalKind.USER, UUID(int=1), UUID(int=2), UUID(int=3), None)
PERMIT = Permit(UUID(int=4), BEARER)
CLAIMS: dict[str, Any] = {
    "aud": "attachment-upload",
    "exp": int(LATER.timestamp()),
    "file": UUID(int=4).hex,
    "kind": "USER",
    "sub": UUID(int=1).hex,
    "tenant": UUID(int=2).hex,
    "sid": UUID(int=3).hex,
    "cred": None,
}


def token(purpose: Purpose = Purpose.UPLOAD, permit: Permit = PERMIT) -> str:
    return sign(purpose, permit, LATER, SECRET)


def read(text: str, now: datetime = NOW, purpose: Purpose = Purpose.UPLOAD, secret: bytes = SECRET) -> Permit:
    return verify(purpose, text, now, secret)


@pytest.mark.parametrize(
    "bearer",
    [
        BEARER,
        Bearer(PrincipalKind.SERVICE_PRINCIPAL, UUID(int=1), UUID(int=2), None, UUID(int=5)),
        Bearer(PrincipalKind.TEMPORARY_SUPPORT, UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=5)),
    ],
)
def test_A11_a_permit_names_the_file_and_who_may_have_it(bearer: Bearer) -> None:
    permit = replace(PERMIT, bearer=bearer)
    assert read(token(permit=permit)) == permit


def test_A11_the_claims_are_those_that_are_tested_here() -> None:
    assert (
        jwt.decode(token(), SECRET, algorithms=["HS256"], options={"verify_aud": False, "verify_exp": False}) == CLAIMS
    )


def test_A11_a_permit_ends_at_its_expiry() -> None:
    assert read(token(), LATER - timedelta(microseconds=1)) == PERMIT
    with pytest.raises(InvalidPermitError):
        read(token(), LATER)


def test_A11_who_may_upload_may_not_download_by_it() -> None:
    with pytest.raises(InvalidPermitError):
        read(token(Purpose.UPLOAD), purpose=Purpose.DOWNLOAD)


def test_A11_a_permit_of_another_secret_is_refused() -> None:
    with pytest.raises(InvalidPermitError):
        read(token(), secret=SECRET[::-1])


@pytest.mark.parametrize("part", [0, 1, 2])
def test_A11_an_altered_permit_is_refused(part: int) -> None:
    parts, other = token().split("."), token(permit=replace(PERMIT, file_id=UUID(int=9))).split(".")
    parts[part] = other[part] if part else jwt.encode({}, SECRET * 2, algorithm="HS512").split(".")[0]
    with pytest.raises(InvalidPermitError):
        read(".".join(parts))


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "\x00", "é.é.é", "\ud800", "." * 1000])
def test_A11_garbage_is_refused(text: str) -> None:
    with pytest.raises(InvalidPermitError):
        read(text)


def test_A11_an_unsigned_permit_is_refused() -> None:
    with pytest.raises(InvalidPermitError):
        read(jwt.encode(CLAIMS, "", algorithm="none"))


@pytest.mark.parametrize("missing", ["aud", "exp", "file", "kind", "sub", "tenant"])
def test_A11_a_permit_lacking_a_claim_is_refused(missing: str) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != missing}
    with pytest.raises(InvalidPermitError):
        read(jwt.encode(claims, SECRET, algorithm="HS256"))


@pytest.mark.parametrize("wrong", [{"file": "x"}, {"file": 1}, {"kind": "GOD"}, {"exp": "soon"}, {"sid": 5}])
def test_A11_a_permit_with_a_senseless_claim_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPermitError):
        read(jwt.encode(CLAIMS | wrong, SECRET, algorithm="HS256"))


def test_A11_short_secrets_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 32 bytes"):
        sign(Purpose.UPLOAD, PERMIT, LATER, SECRET[:31])
    with pytest.raises(ValueError, match="fewer than 32 bytes"):
        read("a.b.c", secret=b"")


def test_A11_times_must_be_instants() -> None:
    naive = LATER.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        sign(Purpose.UPLOAD, PERMIT, naive, SECRET)
    with pytest.raises(ValueError, match="without a zone"):
        read(token(), naive)
