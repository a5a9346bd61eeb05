"""A gateway that speaks the Matrix Push Gateway API, v1: it has the keys of the platforms' services, we have none.

Its address is the operator's own, so that private networks are as good as any other. Devices name none.
"""

from typing import Any, Final

import orjson
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from app.push.provider import NoProvider, Push, PushProvider, Verdict
from app.settings import Settings

LONGEST_ANSWER: Final = 65_536
HEADERS: Final = {"content-type": "application/json", "user-agent": "Bailiwick-Push/1"}

log = structlog.get_logger()


class Gateway:
    """One address that takes pushes for all apps, told apart by their ids."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._session = ClientSession(
            cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=timeout), auto_decompress=False, trust_env=False
        )

    async def send(self, push: Push) -> Verdict:
        """Its token is dead if the gateway lists it as rejected."""
        try:
            async with self._session.post(
                self._url, data=_body(push), headers=HEADERS, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    log.warning("push not taken", status=answer.status)
                    return Verdict.FAILED
                return _verdict(push, await answer.content.read(LONGEST_ANSWER))
        except (ClientError, OSError, ValueError) as error:  # OSError: TimeoutError is one
            log.warning("push gateway not reached", error=type(error).__name__)
            return Verdict.FAILED

    async def close(self) -> None:
        """Its connections."""
        await self._session.close()


def provider_of(settings: Settings) -> PushProvider:
    """The configured gateway, or none."""
    if settings.push_gateway_url is None:
        return NoProvider()
    return Gateway(settings.push_gateway_url.get_secret_value(), settings.push_timeout)


def _body(push: Push) -> bytes:
    device = {"app_id": push.app_id, "pushkey": push.token, "pushkey_ts": int(push.registered_at.timestamp())}
    notification = {
        "event_id": f"evt_{push.event_id.hex}",
        "type": f"bailiwick.{push.kind.value.lower()}",
        "room_id": push.ticket_id,
        "room_name": f"#{push.number}",
        "prio": "high",
        "devices": [device],
    }
    return orjson.dumps({"notification": notification})


def _verdict(push: Push, content: bytes) -> Verdict:
    answer: Any = orjson.loads(content)
    rejected = answer.get("rejected") if isinstance(answer, dict) else None
    return Verdict.DEAD if isinstance(rejected, list) and push.token in rejected else Verdict.TAKEN
