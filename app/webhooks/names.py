"""Where names lead, asked once a call: all addresses are looked at, and only these are connected to (docs/adr/0016)."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from domain.webhooks.networks import Reach

THREADS: Final = 32
"""More than calls can leave behind: a name server may take longer than a call waits, and nobody calls it back."""
Ask = Callable[..., list[Any]]
NUMERIC: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class RefusedAddressError(OSError):
    """The name leads to no address that may be called, or to none at all: which of the two is not told."""


class CheckedResolver(AbstractResolver):
    """Resolves names by the system, in threads of its own: slow name servers of receivers keep nobody else waiting."""

    def __init__(self, reach: Reach, ask: Ask = socket.getaddrinfo) -> None:
        self._reach = reach
        self._ask = ask
        self._threads = ThreadPoolExecutor(THREADS, "webhook-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name; raises `RefusedAddressError` where there is none, or one that may not be called."""
        ask = partial(self._ask, host, port, family=family, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        except (OSError, UnicodeError) as error:
            raise RefusedAddressError(host) from error
        addresses = [(kind, proto, str(address[0])) for kind, _, proto, _, address in found]
        if not addresses or not all(self._reach.allows(address) for _, _, address in addresses):
            raise RefusedAddressError(host)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=proto, flags=NUMERIC)
            for kind, proto, address in addresses
        ]

    async def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)
