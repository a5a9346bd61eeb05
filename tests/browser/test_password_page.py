"""C5 C15 From the demo's mail to a password, in a browser: what people see of right, wrong, expired and used links."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from tests.browser.chromium import WITH_CHROMIUM, Page, opened
from tests.mail.accounts import PASSWORD, ROBIN, SIGN_UP, sign_in
from tests.mail.conftest import Post, deliveries_of
from tests.support.app import Client, Running, running
from tests.support.processes import free_port
from tests.support.world import World

pytestmark = WITH_CHROMIUM

LINK = "pre a[href*='/account/password']"
SPENT = "This link is not valid, or no longer: ask for another."


@dataclass(frozen=True, slots=True)
class Site:
    """The demo as people reach it, and its worker."""

    app: Running
    url: str
    post: Post

    async def welcome(self, page: Page) -> None:
        """Sign up, and open the mail that comes."""
        answer = await Client(self.app.http).query(SIGN_UP, input=ROBIN)
        assert answer.data["accountSignUp"]["userErrors"] == []
        settings = self.post.settings.model_copy(update={"demo": True, "smtp_url": None, "public_url": self.url})
        deliveries = deliveries_of(self.post.deliveries._database, settings, self.app)
        for key in await self.post.take():
            await deliveries.deliver(key)
        await page.open(f"{self.url}/mail")
        await page.click("table a")


@pytest.fixture
async def site(client: Running, world: World, post: Post) -> AsyncIterator[Site]:
    """The demo, listening."""
    port = free_port()
    async with running(client.addresses, demo=True) as app:
        server = Server(app.app, port=port, interface=Interfaces.ASGINL, log_enabled=False)
        serving = asyncio.create_task(server.serve())
        await _listening(port)
        yield Site(app, f"http://127.0.0.1:{port}", post)
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it so
        await serving


async def _listening(port: int) -> None:
    async with asyncio.timeout(30), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError:
                await asyncio.sleep(0.01)
            else:
                return


@pytest.fixture(scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """A browser, for all of them."""
    async with opened(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


async def choose(page: Page, password: str) -> None:
    """Fill the form in, and send it."""
    await page.fill("#password", password)
    await page.click("button")


async def test_C5_the_mails_link_leads_to_a_password_and_to_signing_in(site: Site, page: Page) -> None:
    await site.welcome(page)
    assert "Create your password" in await page.text("h1")
    await page.click(LINK)
    assert await page.text("h1") == "Choose your password"
    await choose(page, PASSWORD)
    assert await page.text("h1") == "Your password is set"
    await page.click("a[href='/graphql']")
    assert (await sign_in(site.app)).status_code == 200


async def test_C5_a_used_link_says_so_and_changes_nothing(site: Site, page: Page) -> None:
    await site.welcome(page)
    await page.click(LINK)
    link = await page.value("location.href")
    await choose(page, PASSWORD)
    await page.open(link)
    await choose(page, "another long password")
    assert await page.text("[role=alert]") == SPENT
    assert (await sign_in(site.app)).status_code == 200


async def test_C5_an_expired_link_says_so(site: Site, page: Page) -> None:
    await site.welcome(page)
    await page.click(LINK)
    site.app.clock.advance(hours=72)
    await choose(page, PASSWORD)
    assert await page.text("[role=alert]") == SPENT


async def test_C5_a_wrong_link_says_so(site: Site, page: Page) -> None:
    await page.open(f"{site.url}/account/password?token=bwa_wrong%22%3E%3Cscript%3Edocument.title%3D1%3C/script%3E")
    await choose(page, PASSWORD)
    assert await page.text("[role=alert]") == SPENT
    assert await page.value("document.title") == "Choose your password · Bailiwick"


async def test_C5_a_short_password_is_not_even_sent_and_the_link_stays_good(site: Site, page: Page) -> None:
    await site.welcome(page)
    await page.click(LINK)
    await page.fill("#password", "short")
    await page.press("button")
    assert await page.value("document.querySelector('#password').validity.tooShort") is True
    await choose(page, "abababababab")
    assert await page.text("[role=alert]") != SPENT
    await choose(page, PASSWORD)
    assert await page.text("h1") == "Your password is set"
