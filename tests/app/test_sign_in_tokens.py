"""Access tokens: only what our own keys have signed, for us, for now."""

import base64
import itertools
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select, update

from app.clock import Clock
from app.settings import Settings
from app.sign_in.access_tokens import AccessTokens, Claims
from app.sign_in.keyring import Keyring
from authz.errors import UnauthenticatedError
from domain.tenants.credentials import SigningKey
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.world import World

TYPENAME = "{ __typename }"
LATER = itertools.count(step=10)


@pytest.fixture
async def claims(client: Running, world: World) -> Claims:
    """For whom the tokens of these tests are."""
    async with client.session() as session:
        return Claims(world.alder.owner, await make.signed_in(session, world.alder.owner))


@pytest.fixture
async def token(client: Running, claims: Claims) -> str:
    """A good token."""
    return (await client.sign_in.tokens.issue(claims))[0]


def payload(claims: Claims, client: Running, **changed: Any) -> dict[str, Any]:
    """What a good token says, changed; None leaves out."""
    now = client.clock.now
    good = {
        "iss": "bailiwick",
        "aud": "bailiwick-api",
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "sub": claims.user_id.hex,
        "sid": claims.session_id.hex,
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def signed(client: Running, body: dict[str, Any], **header: Any) -> str:
    """A token that our own key has signed."""
    key = await client.sign_in.tokens._keyring.signing()
    return jwt.encode(body, key.private, "EdDSA", {"kid": key.kid, "typ": "at+jwt"} | header)


async def status(client: Running, token: str) -> tuple[int, list[str]]:
    answer = await client.with_token(token).query(TYPENAME)
    return answer.response.status_code, answer.codes


REFUSED = (401, ["UNAUTHENTICATED"])


async def test_a_good_token_is_taken(client: Running, token: str) -> None:
    assert await status(client, token) == (200, [])


async def test_a_refused_token_says_how_to_sign_in(client: Running) -> None:
    answer = await client.with_token("nonsense").query(TYPENAME)

    assert answer.response.headers["www-authenticate"].startswith("Bearer")
    assert "data" not in answer.body


async def test_a_token_whose_signature_is_another_is_refused(client: Running, token: str) -> None:
    head, body, signature = token.split(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[0] ^= 1

    changed = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    assert await status(client, f"{head}.{body}.{changed}") == REFUSED


async def test_a_token_whose_claims_were_changed_is_refused(client: Running, world: World, token: str) -> None:
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"sub": world.platform.operator.hex}

    assert await status(client, f"{head}.{part(claims)}.{signature}") == REFUSED


async def test_a_token_of_somebody_elses_key_is_refused(client: Running, claims: Claims, token: str) -> None:
    kid = jwt.get_unverified_header(token)["kid"]
    forged = jwt.encode(payload(claims, client), Ed25519PrivateKey.generate(), "EdDSA", {"kid": kid, "typ": "at+jwt"})

    assert await status(client, forged) == REFUSED


@pytest.mark.parametrize("alg", ["none", "None", "NONE"])
async def test_a_token_without_a_signature_is_refused(client: Running, claims: Claims, token: str, alg: str) -> None:
    header = jwt.get_unverified_header(token) | {"alg": alg}

    assert await status(client, f"{part(header)}.{part(payload(claims, client))}.") == REFUSED


async def test_a_token_signed_with_our_public_key_as_a_secret_is_refused(
    client: Running, claims: Claims, token: str
) -> None:
    key = await client.sign_in.tokens._keyring.signing()
    public = key.public.public_bytes(Encoding.Raw, PublicFormat.Raw) * 2
    forged = jwt.encode(payload(claims, client), public, "HS256", {"kid": key.kid, "typ": "at+jwt"})

    assert await status(client, forged) == REFUSED


async def test_a_token_of_another_algorithm_is_refused(client: Running, claims: Claims, token: str) -> None:
    kid = jwt.get_unverified_header(token)["kid"]
    forged = jwt.encode(
        payload(claims, client), generate_private_key(65537, 2048), "RS256", {"kid": kid, "typ": "at+jwt"}
    )

    assert await status(client, forged) == REFUSED


async def test_a_token_of_an_unknown_key_is_refused(client: Running, claims: Claims) -> None:
    assert await status(client, await signed(client, payload(claims, client), kid=uuid4().hex)) == REFUSED


@pytest.mark.parametrize("kid", [None, 7, ["x"], {}])
async def test_a_key_id_that_is_none_is_refused(client: Running, claims: Claims, token: str, kid: Any) -> None:
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": kid}

    assert await status(client, f"{part(header)}.{part(payload(claims, client))}.{token.split('.')[2]}") == REFUSED


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-api"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"sub": None},
        {"sid": None},
        {"sub": "nobody"},
        {"sid": ["x"]},
        {"account": "x"},
        {"account": UUID(int=7).hex},
    ],
    ids=str,
)
async def test_claims_that_are_not_ours_are_refused(client: Running, claims: Claims, changed: dict[str, Any]) -> None:
    assert await status(client, await signed(client, payload(claims, client, **changed))) == REFUSED


async def test_an_id_token_is_no_access_token(client: Running, claims: Claims) -> None:
    assert await status(client, await signed(client, payload(claims, client), typ="JWT")) == REFUSED


async def test_a_token_ends_to_the_second(client: Running, claims: Claims) -> None:
    token = await signed(client, payload(claims, client))
    expires = jwt.decode(token, options={"verify_signature": False})["exp"]

    client.clock.now = client.clock.now.fromtimestamp(expires - 1, tz=client.clock.now.tzinfo)
    assert await status(client, token) == (200, [])
    client.clock.advance(seconds=1)
    assert await status(client, token) == REFUSED


async def test_a_token_seen_before_is_not_read_again(
    client: Running, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(client, token) == (200, [])
    monkeypatch.delattr(jwt, "decode")
    assert await status(client, token) == (200, [])


@pytest.mark.parametrize("token", ["", " ", ".", "..", "a.b.c", "é.é.é", "x" * 5000, "bwr_x", "bwk_", "bwk_é"])
async def test_nonsense_is_refused(client: Running, token: str) -> None:
    response = await client.http.post(
        "/graphql", json={"query": TYPENAME}, headers={b"authorization": f"Bearer {token}".encode()}
    )

    assert response.status_code == 401


async def test_a_token_for_another_user_than_its_sessions_is_refused(
    client: Running, world: World, claims: Claims
) -> None:
    assert await status(client, await signed(client, payload(claims, client, sub=world.alder.user.hex))) == REFUSED


async def test_keys_are_published_without_their_private_half(client: Running, token: str) -> None:
    response = await client.http.get("/.well-known/jwks.json")

    keys = response.json()["keys"]
    assert jwt.get_unverified_header(token)["kid"] in {key["kid"] for key in keys}
    for key in keys:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
        assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "EdDSA")


async def test_whoever_has_the_published_key_can_verify(client: Running, token: str) -> None:
    keys = jwt.PyJWKSet.from_dict((await client.http.get("/.well-known/jwks.json")).json())

    key = keys[jwt.get_unverified_header(token)["kid"]]
    options: Any = {"verify_iat": False, "verify_exp": False}
    assert jwt.decode(token, key, ["EdDSA"], options, audience="bailiwick-api")["iss"] == "bailiwick"


class Rotation:
    """Two processes over one database, with keys of an hour."""

    def __init__(self, client: Running, secret: str = SECRET) -> None:
        self.clock = client.clock
        settings = Settings().model_copy(update={"signing_key_lifetime": 3600})
        self.here = self._tokens(client, settings, secret, client.clock)
        self.there = self._tokens(client, settings, secret, client.clock)

    def _tokens(self, client: Running, settings: Settings, secret: str, clock: Clock) -> AccessTokens:
        keyring = Keyring(client.database, settings, secret, clock)
        return AccessTokens(keyring, timedelta(seconds=settings.access_token_lifetime), clock)


@pytest.fixture
async def rotation(client: Running) -> Rotation:
    """Two processes that begin without a key: the clock stands where those of other tests are forgotten."""
    client.clock.advance(days=3650 + next(LATER))
    return Rotation(client)


async def test_two_processes_share_a_key(rotation: Rotation) -> None:
    claims = Claims(uuid4(), uuid4())
    token, _ = await rotation.here.issue(claims)
    other, _ = await rotation.there.issue(claims)

    assert await rotation.there.verify(token) == claims
    assert jwt.get_unverified_header(token)["kid"] == jwt.get_unverified_header(other)["kid"]


async def test_a_key_is_replaced_when_its_time_is_over_and_still_verifies(rotation: Rotation) -> None:
    claims = Claims(uuid4(), uuid4())
    await rotation.there.issue(claims)
    rotation.clock.advance(minutes=59)
    old, _ = await rotation.here.issue(claims)

    rotation.clock.advance(minutes=5)
    new, _ = await rotation.here.issue(claims)

    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    assert await rotation.here.verify(old) == claims
    assert await rotation.there.verify(old) == claims


async def test_a_key_is_forgotten_after_its_last_token(client: Running, rotation: Rotation) -> None:
    await rotation.here.issue(Claims(uuid4(), uuid4()))
    rotation.clock.advance(hours=2)
    await rotation.here.issue(Claims(uuid4(), uuid4()))

    async with client.session() as session:
        old = select(func.count()).select_from(SigningKey).where(SigningKey.verifies_until <= rotation.clock.now)
        assert (await session.execute(old)).scalar() == 0


async def test_private_keys_are_stored_encrypted(client: Running, rotation: Rotation) -> None:
    await rotation.here.issue(Claims(uuid4(), uuid4()))

    async with client.session() as session:
        stored = (await session.execute(select(SigningKey.private_key_encrypted))).scalars().all()
    assert stored
    assert not any("PRIVATE" in each for each in stored)


async def test_another_secret_key_ends_all_tokens(client: Running, rotation: Rotation) -> None:
    token, _ = await rotation.here.issue(Claims(uuid4(), uuid4()))

    changed = Rotation(client, "another secret key of the tests, long enough")

    with pytest.raises(UnauthenticatedError):
        await changed.here.verify(token)
    assert (await changed.here.issue(Claims(uuid4(), uuid4())))[1] == 900


async def test_forged_key_ids_do_not_reach_the_database_each_time(
    client: Running, rotation: Rotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rotation.here.issue(Claims(uuid4(), uuid4()))
    keyring = rotation.here._keyring
    keyring._loaded_at = float("-inf")
    asked: list[UUID] = []
    reading = client.database.reading

    def counted(scope: Any) -> Any:
        asked.append(uuid4())
        return reading(scope)

    monkeypatch.setattr(client.database, "reading", counted)
    for _ in range(50):
        assert await keyring.verifying(uuid4().hex) is None

    assert len(asked) == 1


async def test_a_key_whose_time_is_over_verifies_nothing(client: Running, rotation: Rotation) -> None:
    token, _ = await rotation.here.issue(Claims(uuid4(), uuid4()))
    async with client.session() as session:
        await session.execute(update(SigningKey).values(verifies_until=rotation.clock.now))

    with pytest.raises(UnauthenticatedError):
        await rotation.there.verify(token)


async def test_a_token_seen_before_ends_with_its_key(client: Running, rotation: Rotation) -> None:
    token, _ = await rotation.here.issue(Claims(uuid4(), uuid4()))
    await rotation.here.verify(token)
    rotation.here._keyring._keys.clear()
    async with client.session() as session:
        await session.execute(update(SigningKey).values(verifies_until=rotation.clock.now))

    with pytest.raises(UnauthenticatedError):
        await rotation.here.verify(token)
