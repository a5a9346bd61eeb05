"""A reply by mail becomes a message, if its sender is who it says, may reply, and is a person."""

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from sqlalchemy import func, select

from app.attachments.parts import uploads_of
from app.mail.receiving import Receiver
from domain.mail.model import InboundMail, InboundOutcome
from domain.tenants.model import Membership, MembershipStatus, User
from domain.tickets.model import Side, Ticket, TicketMessage, TicketStatus
from execution.ids import decode
from tests.mail.conftest import Post
from tests.schema.asking import CLOSE, REPLY, done, invited, made
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.factories.adding import add
from tests.support.world import World

pytestmark = pytest.mark.thorough

USER = "user@alder.example"


class Inbox:
    """What user@alder.example got about a ticket, and how it answers."""

    def __init__(self, post: Post, ticket: dict[str, Any], told: EmailMessage) -> None:
        self.post = post
        self.ticket = ticket
        self.told = told
        self.client = post.client
        self.scanner_url: str | None = None

    def answer(self, body: str = "It works again.", **headers: str | None) -> EmailMessage:
        """A reply as a mail program writes it; `headers` are others, or None for one that is missing."""
        mail = EmailMessage(policy=SMTP)
        own = {
            "From": f"Ada Berg <{USER}>",
            "To": str(self.told["Reply-To"]),
            "Subject": f"Re: {self.told['Subject']}",
            "Message-ID": "<1@alder.example>",
            "In-Reply-To": str(self.told["Message-ID"]),
        }
        for name, value in (own | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            if value is not None:
                mail[name] = value
        mail.set_content(f"{body}\n\nOn Mon, 5 Oct 2026, Northstar Support wrote:\n> Please try again.\n")
        return mail

    async def receive(self, mail: EmailMessage | bytes, *recipients: str, authserv_id: str | None = None) -> str:
        """What was done with a mail, and why."""
        threads = self.post.deliveries._composer.threads
        own = "support@northstar.example"
        uploads = uploads_of(f"file://{self.client.objects}", SECRET, self.scanner_url)
        receiver = Receiver(self.client.database, threads, own, uploads, authserv_id, self.client.clock)
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        outcome = await receiver.receive(raw, *recipients)
        async with self.client.session() as session:
            newest = select(InboundMail.outcome, InboundMail.reason).order_by(InboundMail.id.desc()).limit(1)
            noted = (await session.execute(newest)).one()
        assert noted.outcome is outcome
        return str(noted.reason) if outcome is InboundOutcome.REFUSED else "accepted"

    async def messages(self) -> list[TicketMessage]:
        """The conversation."""
        async with self.client.session() as session:
            return list((await session.execute(select(TicketMessage).order_by(TicketMessage.created_at))).scalars())


@pytest.fixture
async def inbox(post: Post, world: World) -> Inbox:
    """A ticket that waits for an answer."""
    client = post.client
    async with client.session() as session:
        await make.change(session, User, world.alder.user, email_verified_at=client.clock())
    owner = await client.as_("owner@alder.example")
    ticket = made(await invited(owner, world, additionalRecipients=[USER]))
    agent = await client.as_("agent@northstar.example")
    given = {"body": "Please try again.", "needsAnswer": True}
    await done(agent, REPLY, id=ticket["id"], input=given)
    await post.deliver()
    return Inbox(post, ticket, [mail for mail in post.box.mails if mail["To"] == USER][-1])


async def test_a_reply_becomes_a_message_of_its_sender(inbox: Inbox, world: World) -> None:
    assert await inbox.receive(inbox.answer("It works again.\n\nThank you!")) == "accepted"
    message = (await inbox.messages())[-1]
    assert (message.body, message.author_side) == ("It works again.\n\nThank you!", Side.CUSTOMER)
    assert message.author_user_id == world.alder.user
    async with inbox.client.session() as session:
        assert (await session.get_one(Ticket, message.ticket_id)).status is TicketStatus.OPEN


async def test_C17_who_is_of_no_organisation_and_copied_in_answers_by_mail_as_well(inbox: Inbox, world: World) -> None:
    consultant, alder, ticket_id = "consultant@elsewhere.example", world.alder.tenant, decode(inbox.ticket["id"])[1]
    async with inbox.client.session() as session:
        user = await make.user(session, consultant, email_verified_at=inbox.client.clock())
        await make.participant(session, alder, ticket_id, user, email=consultant, added_by_tenant_id=alder)
    to = inbox.post.deliveries._composer.threads.reply_address(ticket_id, consultant)
    assert await inbox.receive(inbox.answer(From=consultant, To=to)) == "accepted"
    assert (await inbox.messages())[-1].author_user_id == user


async def test_the_envelope_may_name_the_address_alone(inbox: Inbox) -> None:
    mail = inbox.answer(To="support@northstar.example")
    assert await inbox.receive(mail, str(inbox.told["Reply-To"])) == "accepted"


async def test_what_comes_twice_is_one_message(inbox: Inbox) -> None:
    before = len(await inbox.messages())
    assert await inbox.receive(inbox.answer()) == "accepted"
    assert await inbox.receive(inbox.answer()) == "It was taken in already."
    assert len(await inbox.messages()) == before + 1


async def test_html_alone_is_read_as_text(inbox: Inbox) -> None:
    mail = inbox.answer()
    mail.clear_content()
    mail.set_content(
        "<style>p {color: red}</style><p>It <b>works</b>&nbsp;again.</p><script>x()</script><p>Ada</p>"
        "<blockquote>Please try again.</blockquote>",
        subtype="html",
    )
    assert await inbox.receive(mail) == "accepted"
    assert (await inbox.messages())[-1].body == "It works again.\n\nAda"


async def refused(inbox: Inbox, mail: EmailMessage | bytes, reason: str, **options: Any) -> None:
    """Nothing comes of a mail, and the log says why."""
    before = len(await inbox.messages())
    assert await inbox.receive(mail, **options) == reason
    assert len(await inbox.messages()) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=x"},
        {"Precedence": "Bulk"},
        {"List_Id": "<list.alder.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"Message_ID": "<0123@northstar.example>"},
        {"From": "support@northstar.example"},
        {"From": "reply@in.northstar.example"},
    ],
)
async def test_what_a_program_wrote_is_refused(inbox: Inbox, headers: dict[str, str]) -> None:
    await refused(inbox, inbox.answer(**headers), "It was written by a program.")


async def test_our_own_mail_does_not_come_round(inbox: Inbox) -> None:
    await refused(inbox, inbox.told, "It was written by a program.")


async def test_a_token_is_worth_nothing_from_another_address(inbox: Inbox) -> None:
    forged = inbox.answer(From="colleague@alder.example")
    await refused(inbox, forged, "It is for no address that was given to its sender.")


@pytest.mark.parametrize("address", ["reply@in.northstar.example", "reply+aaaa@in.northstar.example", "reply+é@x"])
async def test_without_a_good_token_nothing_comes_of_it(inbox: Inbox, address: str) -> None:
    await refused(inbox, inbox.answer(To=address), "It is for no address that was given to its sender.")


async def test_a_changed_token_is_refused(inbox: Inbox) -> None:
    address = str(inbox.told["Reply-To"])
    name, _, rest = address.partition("@")
    changed = f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}@{rest}"
    await refused(inbox, inbox.answer(To=changed), "It is for no address that was given to its sender.")


async def test_an_address_that_no_account_has_proved_is_refused(inbox: Inbox, world: World) -> None:
    async with inbox.client.session() as session:
        await make.change(session, User, world.alder.user, email_verified_at=None)
    await refused(inbox, inbox.answer(), "No account has proved the sender's address.")


async def test_two_senders_are_refused(inbox: Inbox) -> None:
    mail = inbox.answer(From=f"{USER}, owner@alder.example")
    await refused(inbox, mail, "It has not one sender.")


async def test_who_cannot_see_the_ticket_any_more_is_refused(inbox: Inbox, world: World) -> None:
    async with inbox.client.session() as session:
        mine = select(Membership.id).where(Membership.user_id == world.alder.user)
        key = (await session.execute(mine)).scalar_one()
        await make.change(session, Membership, key, status=MembershipStatus.DISABLED)
    await refused(inbox, inbox.answer(), "Its sender cannot see the ticket, or not reply to it.")


async def test_a_closed_ticket_takes_no_reply(inbox: Inbox) -> None:
    agent = await inbox.client.as_("lead@northstar.example")
    await done(agent, CLOSE, id=inbox.ticket["id"], code="DECREMENT")
    await refused(inbox, inbox.answer(), "TICKET_CLOSED: The ticket is closed: open a new one.")


async def test_an_empty_answer_is_refused(inbox: Inbox) -> None:
    await refused(inbox, inbox.answer(""), "Nothing was written in it.")


async def test_too_much_in_an_hour_is_refused(inbox: Inbox) -> None:
    ticket = decode(inbox.ticket["id"])[1]
    async with inbox.client.session() as session:
        for _ in range(30):
            given = {"sender": USER, "outcome": InboundOutcome.REFUSED, "reason": "x", "ticket_id": ticket}
            await add(session, InboundMail, received_at=inbox.client.clock(), **given)
    await refused(inbox, inbox.answer(), "Too much mail came from this address in an hour.")
    inbox.client.clock.advance(hours=1)
    assert await inbox.receive(inbox.answer()) == "accepted"


async def test_a_huge_mail_is_refused(inbox: Inbox) -> None:
    raw = inbox.answer().as_bytes() + b"x" * (10 * 1024 * 1024)
    await refused(inbox, raw, "It is larger than 10 MiB.")


PASSED = "mx.northstar.example; spf=fail; dkim=pass header.d=alder.example; dmarc=none"


@pytest.mark.parametrize(
    ("results", "accepted"),
    [
        (["mx.northstar.example; dmarc=pass header.from=alder.example"], True),
        ([PASSED], True),
        (["mx.northstar.example; dmarc=pass header.from=evil.example"], False),
        (["mx.northstar.example; dmarc=pass"], False),
        (["mx.northstar.example; dkim=pass header.d=evil.example"], False),
        (["mx.northstar.example; dkim=pass header.d=alder.example.evil.example"], False),
        (["mx.northstar.example; dmarc=fail", "mx.northstar.example; dmarc=pass"], False),
        (["mx.evil.example; dmarc=pass"], False),
        ([], False),
    ],
)
async def test_where_the_mail_server_checks_senders_they_must_have_passed(
    inbox: Inbox, results: list[str], accepted: bool
) -> None:
    mail = inbox.answer()
    for value in results:
        mail["Authentication-Results"] = value
    said = await inbox.receive(mail, authserv_id="mx.northstar.example")
    assert said == ("accepted" if accepted else "Its sender is not proved: neither DMARC nor DKIM passed.")


async def test_refused_mail_is_answered_by_nothing(inbox: Inbox, client: Running) -> None:
    await refused(inbox, inbox.answer(Precedence="bulk"), "It was written by a program.")
    inbox.post.box.mails.clear()
    await inbox.post.deliver()
    assert inbox.post.box.mails == []
    async with client.session() as session:
        assert (await session.execute(select(func.count()).select_from(InboundMail))).scalar_one() == 1
