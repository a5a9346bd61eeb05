"""Which addresses webhooks may lead to."""

import pytest

from domain.webhooks.networks import Reach, network

ALLOWED = ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8")
REFUSED = (
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "hooks.example",
    "",
)


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses_are_allowed(address: str) -> None:
    assert Reach().allows(address)


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_everybodys_are_refused(address: str) -> None:
    assert not Reach().allows(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3"])
def test_a_network_that_is_named_is_allowed_whichever_way_it_is_written(address: str) -> None:
    assert Reach(networks=(network("10.1.0.0/16"),)).allows(address)


def test_beside_a_network_that_is_named_nothing_else_is_allowed() -> None:
    reach = Reach(networks=(network("10.1.0.0/16"),))
    assert [reach.allows(address) for address in ("10.2.0.1", "127.0.0.1", "8.8.8.8")] == [False, False, True]
