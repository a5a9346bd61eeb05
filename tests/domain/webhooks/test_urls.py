"""Addresses of endpoints as they are entered."""

import pytest

from domain.errors import Problems, RefusedError
from domain.webhooks.networks import Reach, network
from domain.webhooks.urls import check_url

NEAR = Reach(http=True, networks=(network("127.0.0.0/8"),))


def codes(text: str, reach: Reach) -> list[str]:
    """What is wrong with it."""
    problems = Problems()
    check_url(text, reach, problems, "url")
    try:
        problems.refuse_if_any()
    except RefusedError as refusal:
        return [problem.code.value for problem in refusal.problems]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "https://hooks.example/in?token=1",
        "https://hooks.example.:443/",
        "https://hooks.example:8443",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://b\u00fccher.example/\u00fc",
    ],
)
def test_public_addresses_by_https_are_taken(text: str) -> None:
    assert codes(text, Reach()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hooks.example",
        "//hooks.example/",
        "https://",
        "https:///path",
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://ada@hooks.example/",
        "https://ada:secret@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example:22/",
        "https://hooks.example:0/",
        "https://hooks.example:70000/",
        "https://hooks..example/",
        "https://hooks.example\\@evil.example/",
        "https://hooks example/",
        "https://hooks.example/\r\nx-header: 1",
        "https://*.example/",
        "https://[::1/",
    ],
)
def test_what_is_no_such_address_is_refused(text: str) -> None:
    assert codes(text, Reach()) == ["INVALID_URL"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "db",
        "api.localhost",
        "printer.local",
        "metadata.google.internal",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "169.254.169.254",
        "\uff11\uff12\uff17.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1%25eth0]",
    ],
)
def test_addresses_of_ones_own_network_are_refused(host: str) -> None:
    assert codes(f"https://{host}/", Reach()) == ["ADDRESS_NOT_ALLOWED"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = codes("http://ada@127.0.0.1:22/#x", Reach())
    assert found == ["INVALID_URL"] * 4 + ["ADDRESS_NOT_ALLOWED"]


def test_an_address_that_is_too_long_is_refused() -> None:
    assert codes("https://hooks.example/" + "x" * 2048, Reach()) == ["TOO_LONG"]


@pytest.mark.parametrize("text", ["http://127.0.0.1:8080/in", "http://receiver:8080/in", "http://hooks.example/in"])
def test_an_installation_may_allow_more(text: str) -> None:
    assert codes(text, NEAR) == []


def test_names_of_other_scripts_are_kept_as_name_servers_know_them() -> None:
    assert check_url("https://b\u00fccher.example/in", Reach(), Problems()) == "https://xn--bcher-kva.example/in"
