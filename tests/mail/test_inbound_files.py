"""Files of a reply by mail: taken in as uploads are, or refused by name (A11, A12, C14; docs/adr/0018)."""

import hashlib
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from domain.mail.model import InboundMail
from domain.support.model import Agreement, AgreementKind
from domain.tickets.model import Attachment, AttachmentScanState, TicketMessage
from execution.ids import decode
from tests.app.attachments.files import objects, rows
from tests.mail.test_inbound import USER, Inbox, inbox, refused
from tests.schema.asking import CLOSE, done, invited, made
from tests.schema.test_ticket_copies import alone
from tests.schema.test_ticket_merging import MERGE
from tests.support.broken_scanner import broken_scanner
from tests.support.clamav import EICAR, NEEDS_CLAMAV, clamav
from tests.support.factories.adding import add
from tests.support.world import PRIVACY_VERSION, World

pytestmark = pytest.mark.thorough

__all__ = ["inbox"]
HIDDEN = "Its sender cannot see the ticket, or not reply to it."
MESSAGES = """query($id: ID!) { ticket(id: $id) { conversation(last: 1) { nodes {
  body attachments { fileName mediaType size sha256 state scanState privacyAgreementVersion }
  refusedFiles { fileName code message } } } } }"""


def with_files(inbox: Inbox, *files: tuple[str, str, bytes], **headers: str | None) -> EmailMessage:
    """A reply with files: name, media type, content."""
    mail = inbox.answer("See the log.", **headers)
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail


async def newest(inbox: Inbox) -> dict[str, Any]:
    """The last message of the ticket, as its sender sees it."""
    who = await inbox.client.as_(USER)
    answer = (await who.query(MESSAGES, id=inbox.ticket["id"])).data
    return dict(answer["ticket"]["conversation"]["nodes"][0])


async def noted(inbox: Inbox) -> str:
    """What the log says of the last mail."""
    async with inbox.client.session() as session:
        latest = select(InboundMail.reason).order_by(InboundMail.id.desc()).limit(1)
        return (await session.execute(latest)).scalar_one()


async def told(inbox: Inbox) -> list[str]:
    """What is sent to whoever sent the mail, as text."""
    inbox.post.box.mails.clear()
    await inbox.post.deliver()
    mails = [mail for mail in inbox.post.box.mails if mail["To"] == USER]
    return [str(part.get_content()).replace("\r\n", "\n") for mail in mails if (part := mail.get_body(("plain",)))]


LOG = ("night.log", "text/plain", b"02:00:11 job started\n")


async def test_A11_files_of_a_reply_are_attached_to_its_message(inbox: Inbox) -> None:
    png = ("shot.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(24))
    assert await inbox.receive(with_files(inbox, LOG, png)) == "accepted"
    message = await newest(inbox)
    assert (message["body"], message["refusedFiles"], await noted(inbox)) == ("See the log.", [], "")
    found = [(one["fileName"], one["mediaType"], one["size"], one["state"]) for one in message["attachments"]]
    assert found == [("night.log", "text/plain", 21, "ATTACHED"), ("shot.png", "image/png", 32, "ATTACHED")]
    assert message["attachments"][0]["sha256"] == hashlib.sha256(LOG[2]).hexdigest()
    assert await told(inbox) == []


async def test_A12_who_answers_with_files_accepts_the_agreement_that_the_mail_states(
    inbox: Inbox, world: World
) -> None:
    body = inbox.told.get_body(("plain",))
    assert body is not None
    assert f"you accept the privacy agreement, version {PRIVACY_VERSION}:" in body.get_content()
    await inbox.receive(with_files(inbox, LOG))
    async with inbox.client.session() as session:
        file = (await session.execute(select(Attachment))).scalar_one()
    accepted = (file.uploader_user_id, file.privacy_agreement_version, file.accepted_at)
    assert accepted == (world.alder.user, PRIVACY_VERSION, inbox.client.clock.now)


@pytest.mark.parametrize("answered", [None, "<0123@alder.example>", "<00000000000000000000000000000000@x.example>"])
async def test_A12_without_the_mail_that_states_the_agreement_files_are_refused_by_name(
    inbox: Inbox, answered: str | None
) -> None:
    assert await inbox.receive(with_files(inbox, LOG, In_Reply_To=answered)) == "accepted"
    message, why = await newest(inbox), "Accept the current privacy agreement to send files."
    assert (message["body"], message["attachments"]) == ("See the log.", [])
    assert message["refusedFiles"] == [
        {"fileName": "night.log", "code": "PRIVACY_AGREEMENT_REQUIRED", "message": why},
    ]
    assert await noted(inbox) == "Files were refused: night.log: PRIVACY_AGREEMENT_REQUIRED."
    assert (await rows(inbox.client), objects(inbox.client)) == (0, [])
    [mail] = await told(inbox)
    assert f"- night.log: {why}" in mail


async def test_A12_an_agreement_that_was_replaced_since_is_not_accepted(inbox: Inbox) -> None:
    newer = {"kind": AgreementKind.PRIVACY, "version": "9.0", "url": "https://northstar.example/9"}
    async with inbox.client.session() as session:
        await add(session, Agreement, published_at=inbox.client.clock.now, **newer)
    await inbox.receive(with_files(inbox, LOG))
    assert [one["code"] for one in (await newest(inbox))["refusedFiles"]] == ["PRIVACY_AGREEMENT_REQUIRED"]
    [mail] = await told(inbox)
    assert "version 9.0:\nhttps://northstar.example/9" in mail


async def test_A12_the_mail_of_somebody_else_states_nothing_to_the_sender(inbox: Inbox) -> None:
    others = inbox.post.box.to("owner@alder.example")
    await inbox.receive(with_files(inbox, LOG, In_Reply_To=str(others["Message-ID"])))
    assert [one["code"] for one in (await newest(inbox))["refusedFiles"]] == ["PRIVACY_AGREEMENT_REQUIRED"]


async def test_C14_the_files_that_are_good_come_in_and_the_others_are_named(inbox: Inbox) -> None:
    many = [(f"{number}.log", "text/plain", b"log") for number in range(11)]
    await inbox.receive(with_files(inbox, ("empty.log", "text/plain", b""), *many))
    message = await newest(inbox)
    assert [one["fileName"] for one in message["attachments"]] == [f"{number}.log" for number in range(10)]
    assert message["refusedFiles"] == [
        {"fileName": "empty.log", "code": "OUT_OF_RANGE", "message": "A file has 1 to 26,214,400 bytes."},
        {
            "fileName": "10.log",
            "code": "LIMIT_EXCEEDED",
            "message": "The mail has 12 files; at most 10 are taken in.",
        },
    ]
    assert await noted(inbox) == "Files were refused: empty.log: OUT_OF_RANGE; 10.log: LIMIT_EXCEEDED."
    assert len(objects(inbox.client)) == 10
    [mail] = await told(inbox)
    assert "Your mail was added to the conversation without some of its files:" in mail


async def test_A11_what_a_mail_program_says_of_a_file_is_nobodys_word(inbox: Inbox) -> None:
    await inbox.receive(with_files(inbox, ("cat.png", "image/png", b"<html><script>alert(1)</script>")))
    [file] = (await newest(inbox))["attachments"]
    assert (file["fileName"], file["mediaType"]) == ("cat.png", "text/html")


async def test_C14_a_mail_of_files_alone_says_their_names(inbox: Inbox) -> None:
    mail = with_files(inbox, LOG)
    mail.get_payload(0).set_content("\n")  # type: ignore[union-attr]  # its text
    assert await inbox.receive(mail) == "accepted"
    assert (await newest(inbox))["body"] == "night.log"


@NEEDS_CLAMAV
async def test_spec_3_12_an_infected_file_is_refused_and_kept_nowhere(inbox: Inbox) -> None:
    with clamav() as daemon:
        inbox.scanner_url = daemon.url
        await inbox.receive(with_files(inbox, LOG, ("tool.com", "application/octet-stream", EICAR)))
    message = await newest(inbox)
    assert [(one["fileName"], one["scanState"]) for one in message["attachments"]] == [("night.log", "CLEAN")]
    assert [(one["fileName"], one["code"]) for one in message["refusedFiles"]] == [("tool.com", "FILE_QUARANTINED")]
    assert len(objects(inbox.client)) == 1


async def test_spec_3_12_what_the_scanner_cannot_judge_waits_for_it(inbox: Inbox) -> None:
    async with broken_scanner() as inbox.scanner_url:
        assert await inbox.receive(with_files(inbox, LOG)) == "accepted"
    async with inbox.client.session() as session:
        file = (await session.execute(select(Attachment))).scalar_one()
    assert file.scan_state is AttachmentScanState.UNSCANNED


async def test_a_refused_mail_leaves_no_file_and_its_sender_is_told(inbox: Inbox) -> None:
    lead = await inbox.client.as_("lead@northstar.example")
    await done(lead, CLOSE, id=inbox.ticket["id"], code="DECREMENT")
    await told(inbox)
    await refused(inbox, with_files(inbox, LOG), "TICKET_CLOSED: The ticket is closed: open a new one.")
    assert (await rows(inbox.client), objects(inbox.client)) == (0, [])
    [mail] = await told(inbox)
    assert "Your mail was not added to the conversation: The ticket is closed: open a new one." in mail


async def test_who_is_told_of_refused_mail_is_not_told_without_end(inbox: Inbox) -> None:
    for number in range(4):
        mail = with_files(inbox, LOG, In_Reply_To=None, Message_ID=f"<{number}@alder.example>")
        assert await inbox.receive(mail) == "accepted"
    assert len(await told(inbox)) == 3
    inbox.client.clock.advance(hours=1)
    await inbox.receive(with_files(inbox, LOG, In_Reply_To=None, Message_ID="<5@alder.example>"))
    assert len(await told(inbox)) == 1


async def test_the_same_mail_twice_leaves_its_files_once(inbox: Inbox) -> None:
    mail = with_files(inbox, LOG)
    assert await inbox.receive(mail) == "accepted"
    assert await inbox.receive(mail) == "It was taken in already."
    assert (await rows(inbox.client), len(objects(inbox.client))) == (1, 1)


@pytest.mark.parametrize(("copied", "outcome"), [(True, "accepted"), (False, HIDDEN)], ids=["seen", "unseen"])
async def test_a_reply_to_a_merged_ticket_goes_to_the_one_that_goes_on_if_its_sender_sees_that(
    inbox: Inbox, world: World, copied: bool, outcome: str
) -> None:
    owner, lead = [await inbox.client.as_(who) for who in ("owner@alder.example", "lead@northstar.example")]
    other = made(await invited(owner, world, additionalRecipients=[USER] if copied else []))
    await alone(inbox.client, world)
    payload = await done(lead, MERGE, id=inbox.ticket["id"], into=other["id"])
    assert payload["userErrors"] == []
    assert await inbox.receive(inbox.answer()) == outcome
    async with inbox.client.session() as session:
        said = select(TicketMessage.body).where(TicketMessage.ticket_id == decode(other["id"])[1])
        assert ("It works again." in (await session.execute(said)).scalars().all()) is copied
