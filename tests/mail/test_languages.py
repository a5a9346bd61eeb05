"""Mail is written in the language of whom it is for; English where there is none, or nobody has written it."""

from email.message import EmailMessage
from typing import Any

import pytest

from app.mail.content import FOLDER, Templates
from domain.tenants.model import User
from domain.tickets.states import SEVERITIES, TicketStatus
from tests.mail.accounts import account, ask_reset, mailed, set_password, sign_up, token_in
from tests.mail.conftest import Post
from tests.schema.asking import invited, made, problems, reply
from tests.schema.test_notification_preferences import preferences, saved
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

USER = "user@alder.example"
MAILS = sorted(path.name.removesuffix(".subject.txt") for path in (FOLDER / "en").glob("*.subject.txt"))
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
TEMPLATES = Templates()
VALUES: dict[str, Any] = {
    "number": "1000042",
    "summary": "The <backup> stops",
    "response_due_at": "2026-11-21T15:00:00+00:00",
    "due_at": "2026-11-21T15:00:00+00:00",
    "author": "Noor Ali",
    "body": "Please try again.",
    "link": "https://portal.example/tickets/1000042",
    "answerable": True,
    "hours": 1,
    "changed_by": "Ada Finch",
    "into": "1000043",
    "url": "https://hooks.example/",
    "advocate": "Émile Quispe",
    "starts_at": "2026-11-23T09:00:00+00:00",
    "ends_at": "2026-11-23T09:30:00+00:00",
    "agreement": {"version": "2026-01", "url": "https://portal.example/privacy"},
}
VARIANTS: list[dict[str, Any]] = [
    {
        "full": True,
        "missed": True,
        "target": "response",
        "reason": "GONE",
        "problem": "It was closed.",
        "files": [],
        "change": "CANCELLED",
    },
    {
        "full": False,
        "missed": False,
        "target": "resolution",
        "reason": "FAILING",
        "body": None,
        "into": None,
        "problem": None,
        "change": "BOOKED",
        "files": [{"file_name": "a.exe", "message": "It is a program."}],
    },
]


def parts(mail: EmailMessage) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (str(body and body.get_content()) for body in bodies)
    return str(mail["Subject"]), text, html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILS)
def test_every_mail_is_written_in_every_language(name: str, language: str) -> None:
    for variant in VARIANTS:
        for level, status in zip(SEVERITIES, [*TicketStatus, TicketStatus.OPEN], strict=True):
            severity = {"severity": level, "severity_label": SEVERITIES[level], "status": status.value}
            content = TEMPLATES.render(name, language, VALUES | severity | variant)
            assert f'<html lang="{language}">' in content.html
            assert "<backup>" not in content.html
            assert content.subject
            assert VALUES["link"] in content.text


@pytest.fixture
async def user(client: Running, world: World) -> Client:
    """Somebody who has proved their address, and reads German."""
    async with client.session() as session:
        await make.change(session, User, world.alder.user, email_verified_at=client.clock())
    who = await client.as_(USER)
    assert (await saved(who, language="de-AT"))["userErrors"] == []
    return who


async def test_each_recipient_reads_their_own_language(post: Post, world: World, user: Client) -> None:
    owner, agent = await post.client.as_("owner@alder.example"), await post.client.as_("agent@northstar.example")
    ticket = made(await invited(owner, world, additionalRecipients=[USER]))
    made(await reply(agent, ticket["id"], needsAnswer=True))
    subject, text, html = parts(await mailed(post, USER))
    assert subject == f"[#{ticket['number']}] The backup stops"
    for body in (text, html):
        assert "hat geantwortet:" in body
        assert "4 (schwer)" in body
        assert "Wartet auf Antwort" in body
        assert "Antworten Sie auf diese Mail" in body
    assert "has replied:" in parts(await mailed(post, "ada@alder.example"))[1]


async def test_C15_a_reset_is_in_the_language_of_the_account(post: Post, world: World, user: Client) -> None:
    await ask_reset(post.client, USER)
    assert parts(await mailed(post, USER))[0] == "Wählen Sie ein neues Passwort"


async def test_C5_a_welcome_is_in_the_language_of_the_sign_up_which_stays(post: Post, world: World) -> None:
    assert await sign_up(post.client, email="robin@heath.example", language="de") == []
    mail = await mailed(post, "robin@heath.example")
    assert parts(mail)[0] == "Legen Sie Ihr Passwort fest"
    assert await set_password(post.client, token_in(mail)) == []
    assert (await account(post.client, "robin@heath.example")).language == "de"


@pytest.mark.parametrize("language", ["fr", None])
async def test_what_nobody_has_written_is_english(post: Post, user: Client, language: str | None) -> None:
    assert (await saved(user, language=language))["userErrors"] == []
    assert (await preferences(user))["language"] == language
    await ask_reset(post.client, USER)
    assert parts(await mailed(post, USER))[0] == "Choose another password"


async def test_what_is_no_language_is_refused(user: Client) -> None:
    assert problems(await saved(user, language="german!")) == [("OUT_OF_RANGE", "language")]
    assert (await preferences(user))["language"] == "de-AT"
