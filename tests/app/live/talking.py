"""Raw dialogues of graphql-transport-ws: whatever a client could send, in any order."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

SECONDS = 10.0
SUBPROTOCOL = "graphql-transport-ws"
PING = {"type": "ping"}


class Talk:
    """One socket of a client, who waits for at most `seconds`."""

    def __init__(self, socket: ClientConnection, seconds: float) -> None:
        self.socket = socket
        self._seconds = seconds

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def heard(self) -> dict[str, Any]:
        """The next message; pings are answered and passed over."""
        async with asyncio.timeout(self._seconds):
            while (message := dict(json.loads(await self.socket.recv()))) == PING:
                await self.send(type="pong")
        return message

    async def silent(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for a while."""
        try:
            async with asyncio.timeout(seconds):
                await self.socket.recv()
        except TimeoutError:
            return True
        return False

    async def closed(self) -> tuple[int, str]:
        """The code and the reason with which the server closes, whatever it says before."""
        async with asyncio.timeout(self._seconds):
            with suppress(ConnectionClosed):
                async for _ in self.socket:
                    pass
            await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""

    async def begin(self, token: str | None = None, **more: str) -> None:
        """Say who is there, and be welcome."""
        payload = {"authorization": f"Bearer {token}"} if token else {}
        await self.send(type="connection_init", payload=payload | more)
        assert await self.heard() == {"type": "connection_ack"}

    async def ask(self, key: str, query: str, **variables: Any) -> None:
        """Ask for an operation."""
        await self.send(id=key, type="subscribe", payload={"query": query, "variables": variables})

    async def follow(self, key: str, query: str, **variables: Any) -> None:
        """Ask for a subscription, and wait until it goes on: what is asked after it is answered after it."""
        await self.ask(key, query, **variables)
        await asyncio.sleep(0.15)
        await self.ask("mark", "{ __typename }")
        assert [(await self.heard())["type"] for _ in range(2)] == ["next", "complete"]

    async def news(self, key: str) -> Any:
        """The data of the next result of an operation."""
        message = await self.heard()
        assert (message["id"], message["type"]) == (key, "next"), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]


@asynccontextmanager
async def talking(url: str, *subprotocols: str, seconds: float = SECONDS, **options: Any) -> AsyncIterator[Talk]:
    """A socket for a block; without any `subprotocols` it offers the one that is spoken."""
    offered = [Subprotocol(name) for name in subprotocols or (SUBPROTOCOL,)]
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=offered, close_timeout=1, **options) as socket:
        yield Talk(socket, seconds)
