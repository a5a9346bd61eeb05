"""A real browser, told what to do by the DevTools protocol: pages are opened, filled in and clicked as people do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.support.programs import found, needs

PROGRAM: Final = found("chromium", "google-chrome")
FLAGS: Final = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0")
SECONDS: Final = 30
WITH_CHROMIUM: Final = [pytest.mark.thorough, needs(PROGRAM, "Chromium")]


class Page:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._events: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers; events that come meanwhile are kept."""
        number = next(self._numbers)
        await self._socket.send(orjson.dumps({"id": number, "method": method, "params": params}).decode())
        while (message := await self._next()).get("id") != number:
            self._events.append(message["method"])
        assert "error" not in message, message
        return dict(message["result"])

    async def open(self, url: str) -> None:
        """Go to an address."""
        self._events.clear()
        await self.call("Page.navigate", url=url)
        await self._loaded()

    async def click(self, selector: str) -> None:
        """Click what leads to another page."""
        self._events.clear()
        await self.press(selector)
        await self._loaded()

    async def press(self, selector: str) -> None:
        """Click what leads nowhere."""
        await self.value(f"document.querySelector({orjson.dumps(selector).decode()}).click()")

    async def fill(self, selector: str, text: str) -> None:
        """Type into a field, in place of what is there."""
        await self.value(f"document.querySelector({orjson.dumps(selector).decode()}).select()")
        await self.call("Input.insertText", text=text)

    async def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def text(self, selector: str = "body") -> str:
        """What can be read."""
        return str(await self.value(f"document.querySelector({orjson.dumps(selector).decode()}).innerText"))

    async def _loaded(self) -> None:
        while "Page.loadEventFired" not in self._events:
            self._events.append((await self._next()).get("method", ""))

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            return dict(orjson.loads(await self._socket.recv()))


@asynccontextmanager
async def opened(profile: Path) -> AsyncIterator[Page]:
    """A browser with one tab, and a profile of its own."""
    assert PROGRAM is not None, "there is no Chromium on this machine"
    options = (*FLAGS, f"--user-data-dir={profile}", "about:blank")
    running = await asyncio.create_subprocess_exec(PROGRAM, *options, stderr=asyncio.subprocess.PIPE)
    try:
        port = await _port(running)
        async with httpx.AsyncClient() as http:
            tabs = (await http.get(f"http://127.0.0.1:{port}/json/list")).json()
        address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        async with connect(address, max_size=None) as socket:
            page = Page(socket)
            await page.call("Page.enable")
            yield page
            await page.call("Browser.close")
    finally:
        if running.returncode is None:
            async with asyncio.timeout(SECONDS):
                await running.wait()


async def _port(running: asyncio.subprocess.Process) -> str:
    assert running.stderr is not None
    async with asyncio.timeout(SECONDS):
        async for line in running.stderr:
            if found := re.search(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line):
                return found[1].decode()
    raise RuntimeError("the browser has not started")
