"""`/mail`: what the demo sent, for a browser that trusts nothing in it."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from domain.mail.model import MailDelivery
from tests.mail.conftest import Post, deliveries_of
from tests.schema.asking import REPLY, done, invited, made
from tests.support.app import Running, running
from tests.support.world import World


@pytest.fixture
async def demo(client: Running) -> AsyncIterator[Running]:
    """The same database, served as a demo."""
    async with running(client.addresses, demo=True) as app:
        yield app


async def kept(post: Post, world: World, summary: str = "The backup stops") -> MailDelivery:
    """A mail of the demo, which sends none."""
    made(await invited(await post.client.as_("owner@alder.example"), world, summary=summary))
    [key] = await post.take()
    settings = post.settings.model_copy(update={"demo": True, "smtp_url": None})
    assert await deliveries_of(post.deliveries._database, settings, post.client).deliver(key) is None
    [delivery] = await post.log()
    return delivery


async def test_the_list_leads_to_each_mail(post: Post, world: World, demo: Running) -> None:
    delivery = await kept(post, world)
    page = (await demo.http.get("/mail")).text
    assert "ada@alder.example" in page
    assert f'href="/mail/{delivery.id}"' in page


async def test_a_mail_is_shown_with_its_headers_and_text(post: Post, world: World, demo: Running) -> None:
    delivery = await kept(post, world)
    answer = await demo.http.get(f"/mail/{delivery.id}")
    assert answer.status_code == 200
    assert "The support request has been received. It is about: The backup stops" in answer.text
    assert str(delivery.message_id).strip("<>") in answer.text
    assert f'<iframe sandbox src="/mail/{delivery.id}/html"' in answer.text


async def test_nothing_in_a_mail_becomes_part_of_the_page(post: Post, world: World, demo: Running) -> None:
    delivery = await kept(post, world, summary="<script>alert(1)</script>")
    for path in ("/mail", f"/mail/{delivery.id}", f"/mail/{delivery.id}/html"):
        answer = await demo.http.get(path)
        assert "<script" not in answer.text
        assert "&lt;script&gt;" in answer.text


SUBJECT = '<script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)>"><iframe srcdoc="x">'
HOSTILE = f"""{SUBJECT}
</pre><a href="javascript:alert(4)">x</a><style>*{{display:none}}</style><base href=//evil.example>
<meta http-equiv=refresh content="0;url=//evil.example"><form action=//evil.example><math><mtext></title></textarea>
</iframe>&lt;b&gt; {{{{ 7 * 7 }}}}"""
PLAIN = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "body",
        "main",
        "header",
        "nav",
        "p",
        "a",
        "strong",
        "h1",
        "h2",
        "dl",
        "dt",
        "dd",
        "pre",
        "iframe",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
    ]
)


class Elements(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {*attrs}


async def test_a_reply_that_was_made_to_do_harm_is_text_and_nothing_else(
    post: Post, world: World, demo: Running
) -> None:
    client = post.client
    ticket = made(await invited(await client.as_("owner@alder.example"), world, summary=SUBJECT))
    await done(await client.as_("agent@northstar.example"), REPLY, id=ticket["id"], input={"body": HOSTILE})
    settings = post.settings.model_copy(update={"demo": True, "smtp_url": None})
    deliveries = deliveries_of(post.deliveries._database, settings, client)
    keys = await post.take()
    for key in keys:
        await deliveries.deliver(key)
    for path in ("/mail", *(f"/mail/{key}" for key in keys), *(f"/mail/{key}/html" for key in keys)):
        answer = await demo.http.get(path)
        found = Elements(answer.text)
        assert found.names - PLAIN == set(), path
        assert not any(name.startswith("on") or name in {"srcdoc", "http-equiv"} for name, _ in found.attributes)
        assert not any("javascript:" in (value or "") or "evil" in (value or "") for _, value in found.attributes)
        assert "script-src" not in answer.headers["content-security-policy"]
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    texts = [(await demo.http.get(f"/mail/{key}")).text for key in keys]
    assert any("&lt;img src=x onerror=alert(2)&gt;" in text and "{{ 7 * 7 }}" in text for text in texts)


async def test_pages_may_run_nothing_and_the_mails_html_less(post: Post, world: World, demo: Running) -> None:
    delivery = await kept(post, world)
    page = (await demo.http.get(f"/mail/{delivery.id}")).headers["content-security-policy"]
    assert page.startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in page
    mail = (await demo.http.get(f"/mail/{delivery.id}/html")).headers["content-security-policy"]
    assert mail.startswith("sandbox; default-src 'none'")


async def test_what_is_not_there_is_not_found(demo: Running) -> None:
    missing = "/mail/00000000-0000-0000-0000-000000000000"
    assert [(await demo.http.get(path)).status_code for path in (missing, f"{missing}/html")] == [404, 404]
    assert "No mail has been sent yet" in (await demo.http.get("/mail")).text


async def test_outside_demo_mode_nothing_is_kept_or_shown(post: Post, world: World, client: Running) -> None:
    made(await invited(await client.as_("owner@alder.example"), world))
    await post.deliver()
    [delivery] = await post.log()
    async with client.session() as session:
        message = select(MailDelivery.message).where(MailDelivery.id == delivery.id)
        assert (await session.execute(message)).scalar_one() is None
    for path in ("/mail", f"/mail/{delivery.id}"):
        assert (await client.http.get(path)).status_code == 404
