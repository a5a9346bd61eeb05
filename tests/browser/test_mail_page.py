"""What was written to do harm is read in the demo's mail, and does nothing."""

from tests.browser.chromium import WITH_CHROMIUM, Page
from tests.browser.test_password_page import Site, page, site
from tests.mail.conftest import deliveries_of
from tests.mail.test_page import HOSTILE, SUBJECT
from tests.schema.asking import REPLY, done, invited, made
from tests.support.world import World

__all__ = ["page", "site"]
pytestmark = WITH_CHROMIUM

ACTIVE = "document.querySelectorAll('script, img, svg, form, base, style, object, [srcdoc], [http-equiv]').length"


async def test_a_reply_that_was_made_to_do_harm_does_none(site: Site, page: Page, world: World) -> None:
    post = site.post
    ticket = made(await invited(await post.client.as_("owner@alder.example"), world, summary=SUBJECT))
    await done(await post.client.as_("agent@northstar.example"), REPLY, id=ticket["id"], input={"body": HOSTILE})
    settings = post.settings.model_copy(update={"demo": True, "smtp_url": None})
    deliveries = deliveries_of(post.deliveries._database, settings, post.client)
    keys, read = await post.take(), ""
    for key in keys:
        await deliveries.deliver(key)
        await page.open(f"{site.url}/mail/{key}")
        assert await page.value(ACTIVE) == 0
        assert await page.value("location.pathname") == f"/mail/{key}"
        assert "Page.javascriptDialogOpening" not in page._events
        read += await page.text("pre")
    assert HOSTILE.splitlines()[2] in read
    assert "{{ 7 * 7 }}" in read
