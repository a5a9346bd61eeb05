"""One call of an endpoint: bounded in time and size, without redirects, cookies or proxies, to a checked address."""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver

from app.webhooks.names import CheckedResolver, RefusedAddressError
from domain.webhooks.networks import Reach
from domain.webhooks.states import WebhookFailure

USER_AGENT: Final = "Bailiwick-Webhooks/1"
LONGEST_HEADER: Final = 8_190


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call; without `failure` the endpoint has taken it.

    Of a call that led to no address there is no duration: it would say which names our own name servers know.
    """

    failure: WebhookFailure | None
    status_code: int | None
    duration_ms: int | None


class Sender:
    """Calls endpoints. Of an answer the status alone is read: all else in it is kept nowhere, and shown to nobody."""

    def __init__(self, reach: Reach, timeout: float, resolver: AbstractResolver | None = None) -> None:
        self._reach = reach
        self._timeout = timeout
        self._resolver = resolver or CheckedResolver(reach)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send `body`; whatever goes wrong is told in the outcome."""
        began = time.monotonic()
        status: int | None = None
        try:
            status = await self._status(url, headers, body)
            failure = _verdict(status)
        except (ClientError, OSError, ValueError) as error:  # OSError: TimeoutError is one
            failure = _failure(error)
        took = None if failure is WebhookFailure.ADDRESS else round((time.monotonic() - began) * 1000)
        return Outcome(failure, status, took)

    async def close(self) -> None:
        """Give up what the names take."""
        await self._resolver.close()

    async def _status(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        session = ClientSession(
            connector=self._connector(),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=self._timeout),
            auto_decompress=False,
            trust_env=False,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )
        sent = {"content-type": "application/json", "user-agent": USER_AGENT, **headers}
        async with session, session.post(url, data=body, headers=sent, allow_redirects=False) as answer:
            return answer.status

    def _connector(self) -> TCPConnector:
        return TCPConnector(
            resolver=self._resolver,  # which outlives the connector
            use_dns_cache=False,
            force_close=True,
            socket_factory=self._socket,
            ssl=True,
        )

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        """The socket for an address that is about to be connected to, however it was come by: the last check."""
        family, kind, proto, _, where = address
        if not self._reach.allows(str(where[0])):
            raise RefusedAddressError(where[0])
        return socket.socket(family=family, type=kind, proto=proto)


def _verdict(status: int) -> WebhookFailure | None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    return WebhookFailure.REDIRECT if status < HTTPStatus.BAD_REQUEST else WebhookFailure.STATUS


def _failure(error: BaseException) -> WebhookFailure:
    cause = error.os_error if isinstance(error, ClientConnectorError) else error
    if isinstance(cause, RefusedAddressError):
        return WebhookFailure.ADDRESS
    if isinstance(cause, TimeoutError):
        return WebhookFailure.TIMEOUT
    return WebhookFailure.TLS if isinstance(error, ClientSSLError | ssl.SSLError) else WebhookFailure.CONNECTION
