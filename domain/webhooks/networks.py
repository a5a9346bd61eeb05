"""Which addresses webhooks may lead to: public ones, and those that the installation names (docs/adr/0016)."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# IANA's special-purpose addresses, written out: what Python counts as global differs between its releases.
REFUSED_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata, though public
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_6: Final = IPv6Network("2000::/3")
REFUSED_6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: leads to any IPv4 address
        "3fff::/20",
    )
)
MAPPED: Final = IPv6Network("::ffff:0:0/96")
NAT64: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far webhooks go: public addresses by https, `networks` besides, and without encryption if `http`."""

    http: bool = False
    networks: tuple[Network, ...] = ()

    def allows(self, text: str) -> bool:
        """Whether this address may be connected to; what is no address may not."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return False
        inner = _inner(address)
        return any(one in network for one in {address, inner} for network in self.networks) or _is_public(inner)


def network(text: str) -> Network:
    """A network as it is written: `10.1.0.0/16`; raises `ValueError`."""
    return ip_network(text)


def _inner(address: Address) -> Address:
    """The IPv4 address to which an IPv6 one is only another way."""
    if isinstance(address, IPv6Address) and (address in MAPPED or address in NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_4)
    return address in GLOBAL_6 and not any(address in network for network in REFUSED_6)
