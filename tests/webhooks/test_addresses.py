"""Where webhooks never go, whatever a name leads to when it is called."""

import datetime as dt
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.webhooks.names import CheckedResolver
from app.webhooks.sending import Outcome, Sender
from domain.webhooks.networks import Reach, network
from domain.webhooks.states import WebhookFailure
from tests.webhooks.receiver import Receiver, receiving

PUBLIC = "93.184.215.14"
NEAR = Reach(http=True, networks=(network("127.0.0.0/8"),))


def answering(*addresses: str) -> Any:
    """A name server that has these addresses for every name."""

    def ask(_host: str, port: int, **_hints: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return ask


async def sent(reach: Reach, url: str, ask: Any = socket.getaddrinfo) -> Outcome:
    sender = Sender(reach, 2.0, CheckedResolver(reach, ask))
    try:
        return await sender.send(url, {}, b"{}")
    finally:
        await sender.close()


@pytest.mark.parametrize("addresses", [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("169.254.169.254",), ()])
async def test_a_name_that_leads_to_us_is_refused(receiver: Receiver, addresses: tuple[str, ...]) -> None:
    url = f"http://hooks.example:{receiver.port}/in"
    assert (await sent(Reach(http=True), url, answering(*addresses))).failure == "ADDRESS"
    assert receiver.received == []


async def test_a_name_that_changes_its_mind_is_asked_once_and_only_what_was_checked_is_connected_to(
    receiver: Receiver,
) -> None:
    """DNS rebinding: the second answer would be the one that is connected to, if there were one."""
    answers = [answering(PUBLIC), answering("127.0.0.1")]

    def rebinding(*asked: Any, **hints: Any) -> list[Any]:
        found: list[Any] = answers.pop(0)(*asked, **hints)
        return found

    sender = Sender(Reach(http=True), 0.3, CheckedResolver(Reach(http=True), rebinding))
    outcome = await sender.send(f"http://hooks.example:{receiver.port}/in", {}, b"{}")
    await sender.close()
    assert (outcome.status_code, len(answers), receiver.received) == (None, 1, [])


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost"])
async def test_an_address_of_ours_is_refused_at_the_socket_too(receiver: Receiver, host: str) -> None:
    outcome = await sent(Reach(http=True), f"http://{host}:{receiver.port}/in")
    assert (outcome.failure, receiver.received) == ("ADDRESS", [])


async def test_a_name_that_is_unknown_is_told_as_one_that_is_refused() -> None:
    def unknown(*_asked: Any, **_hints: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert (await sent(NEAR, "http://nowhere.example/", unknown)).failure == "ADDRESS"


async def test_of_a_name_that_is_refused_not_even_the_time_is_told_that_it_took() -> None:
    """How long our own name servers think says which names they know (docs/adr/0016)."""
    for ask in (answering("10.0.0.1"), answering()):
        assert await sent(Reach(http=True), "http://db.corp.example/", ask) == Outcome(
            WebhookFailure.ADDRESS, None, None
        )


async def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be asked for addresses that nobody has checked."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{receiver.port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    outcome = await sent(NEAR, "http://hooks.example:1/in", answering("127.0.0.1"))
    assert (outcome.failure, receiver.received) == ("CONNECTION", [])


async def test_networks_that_are_named_may_be_reached(receiver: Receiver) -> None:
    url = f"http://hooks.example:{receiver.port}/in"
    assert (await sent(NEAR, url, answering("127.0.0.1"))).failure is None
    assert len(receiver.received) == 1


async def test_who_cannot_prove_its_name_gets_nothing(tmp_path: Path) -> None:
    async with receiving(self_signed(tmp_path)) as receiver:
        outcome = await sent(NEAR, receiver.url)
        assert (outcome.failure, receiver.received) == ("TLS", [])


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(certificate + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
