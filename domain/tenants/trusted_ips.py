"""The addresses from which members of an organization, and its machines, may act: all, where none are listed (A31)."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from authz.errors import ForbiddenError
from domain.errors import ErrorCode, Problems

MOST_NETWORKS = 100


def checked_networks(given: Sequence[str], own: str | None, problems: Problems) -> list[str]:
    """Distinct networks in their usual notation; a single address is a network of one.

    Without the `own` address nobody could take them back.
    """
    if problems.too_many(given, MOST_NETWORKS, "networks", "trustedIps"):
        return []
    networks: dict[str, None] = {}
    for index, text in enumerate(given):
        try:
            network = ip_network(text.strip(), strict=False)
        except ValueError:
            problems.add(ErrorCode.OUT_OF_RANGE, "This is no IP address or CIDR block.", "trustedIps", str(index))
        else:
            networks[str(network.network_address) if network.num_addresses == 1 else str(network)] = None
    if networks and own is not None and not is_trusted(list(networks), own):
        message = f"Your own address, {own}, is in none of these networks: you would lock yourself out."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "trustedIps")
    return list(networks)


def demand_trusted(listed: Sequence[str] | None, address: str | None) -> None:
    """Raise `ForbiddenError` for a request from `address` where it is none of the `listed`.

    None is the address of what nobody asks over the network: the operator's own commands.
    """
    if listed and address is not None and not is_trusted(listed, address):
        raise ForbiddenError("Your organization does not allow this from the address that you have now.")


def is_trusted(listed: Sequence[str], address: str) -> bool:
    """Whether an address lies in one of these networks; what is no address lies in none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in _networks(tuple(listed)))


@lru_cache(maxsize=1024)
def _networks(listed: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Kept by content: who asks once asks again."""
    return tuple(map(ip_network, listed))
