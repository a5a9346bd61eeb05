"""Mail that was made to do harm, or comes at the wrong time: what happens is exact and noted, none of it by halves."""

import asyncio
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from app.attachments.parts import uploads_of
from app.mail.receiving import Receiver
from domain.mail.model import InboundMail, InboundOutcome
from execution.ids import decode
from tests.mail.test_inbound import USER, Inbox, inbox, refused
from tests.schema.asking import done
from tests.schema.test_ticket_copies import PEOPLE, REMOVE, alone
from tests.support import factories as make
from tests.support.app import SECRET
from tests.support.world import World

pytestmark = pytest.mark.thorough

__all__ = ["inbox"]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (b"--b\r\n\r\nhello\r\n" * 1_000, "It has more than 100 parts."),
        (b"\n" * 500_001, "It has more than 500,000 lines."),
        (b"--b\r\nContent-Type: text/plain; x=" + b"y" * 3_000, "One of its headers is longer than 2048 characters."),
    ],
    ids=["parts", "lines", "header"],
)
async def test_a_mail_that_would_keep_us_busy_is_refused_noted_and_answered(
    inbox: Inbox, damage: bytes, reason: str
) -> None:
    head = f"From: {USER}\r\nTo: {inbox.told['Reply-To']}\r\nMessage-ID: <1@alder.example>\r\n".encode()
    await refused(inbox, head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + damage, reason)
    assert await noted(inbox) == (USER, "<1@alder.example>", decode(inbox.ticket["id"])[1])
    assert [mail.get_content() for mail in await answered(inbox) if reason in mail.get_content()] != []


async def test_bytes_that_are_no_mail_are_noted_and_answered_by_nothing(inbox: Inbox) -> None:
    await refused(inbox, b"\x00\xff\xfe" * 1000, "It has not one sender.")
    assert await noted(inbox) == ("", None, None)
    assert await answered(inbox) == []


async def noted(inbox: Inbox) -> tuple[Any, ...]:
    """Of whom the log says that the last mail is, what it is called, and the ticket."""
    async with inbox.client.session() as session:
        columns = InboundMail.sender, InboundMail.message_id, InboundMail.ticket_id
        return tuple((await session.execute(select(*columns).order_by(InboundMail.id.desc()).limit(1))).one())


async def answered(inbox: Inbox) -> list[EmailMessage]:
    """The texts of what is sent to the sender of the last mail."""
    inbox.post.box.mails.clear()
    await inbox.post.deliver()
    texts = [mail.get_body(("plain",)) for mail in inbox.post.box.mails if mail["To"] == USER]
    return [text for text in texts if isinstance(text, EmailMessage)]


async def test_a_name_that_the_database_could_not_keep_is_no_reason_to_come_back(inbox: Inbox) -> None:
    raw = inbox.answer().as_bytes().replace(b"<1@alder.example>", b"<1\x00\xff@alder.example>")
    assert await inbox.receive(raw) == "accepted"


@pytest.mark.parametrize("body", ["Hello \u202e dlrow", "x" * 20_001, "a" + "\u0301" * 31])
async def test_a_text_that_no_form_would_take_is_refused_and_its_sender_told(inbox: Inbox, body: str) -> None:
    before = len(await inbox.messages())
    assert (await inbox.receive(inbox.answer(body))).partition(":")[0] in {"INVALID_TEXT", "TOO_LONG"}
    assert len(await inbox.messages()) == before
    assert len(await answered(inbox)) == 1


async def test_the_same_mail_at_once_is_one_message(inbox: Inbox) -> None:
    before = len(await inbox.messages())
    raw = inbox.answer().as_bytes()
    threads, uploads = inbox.post.deliveries._composer.threads, uploads_of(f"file://{inbox.client.objects}", SECRET)
    receiver = Receiver(inbox.client.database, threads, "support@northstar.example", uploads, None, inbox.client.clock)
    outcomes = await asyncio.gather(*(receiver.receive(raw) for _ in range(4)))
    assert sorted(outcomes) == [InboundOutcome.ACCEPTED, *[InboundOutcome.REFUSED] * 3]
    assert len(await inbox.messages()) == before + 1


async def test_a_good_token_of_a_ticket_that_its_sender_does_not_see_is_refused_and_not_answered(
    inbox: Inbox, world: World
) -> None:
    async with inbox.client.session() as session:
        other = await make.ticket(session, world.solstice.tenant, world.solstice.owner, world.catalogue.backup)
    address = inbox.post.deliveries._composer.threads.reply_address(other, USER)
    await refused(inbox, inbox.answer(To=address), "Its sender cannot see the ticket, or not reply to it.")
    assert await answered(inbox) == []


async def test_who_was_copied_out_meanwhile_is_refused_and_not_answered(inbox: Inbox, world: World) -> None:
    await alone(inbox.client, world)
    owner = await inbox.client.as_("owner@alder.example")
    people = (await owner.query(PEOPLE, id=inbox.ticket["id"])).data["ticket"]["participants"]["nodes"]
    await done(owner, REMOVE, id=inbox.ticket["id"], ids=[one["id"] for one in people if one["email"] == USER])
    await refused(inbox, inbox.answer(), "Its sender cannot see the ticket, or not reply to it.")
    assert await answered(inbox) == []


async def test_what_others_send_in_somebodys_name_keeps_nobody_out(inbox: Inbox) -> None:
    forged = inbox.answer(To="reply+aaaa@in.northstar.example")
    for _ in range(31):
        assert await inbox.receive(forged) == "It is for no address that was given to its sender."
    assert await inbox.receive(inbox.answer()) == "accepted"
