"""Mail leaves once, to whom it may go at that moment, and says no more than they may know."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from domain.mail.model import DeliveryStatus
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus
from domain.tickets.model import MessageVisibility, TicketMessage, TicketParticipant
from execution.ids import decode, encode
from tests.mail.conftest import Post
from tests.schema.asking import CLOSE, CREATE, NOTE, REPLY, done, form, invited, made
from tests.schema.managing import MODE
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

OUTSIDER = "consultant@elsewhere.example"


@pytest.fixture
async def owner(client: Running, world: World) -> Client:
    """The customer's owner; everybody of both sides has proved their address."""
    async with client.session() as session:
        for key in (world.alder.user, world.alder.colleague, world.alder.owner, world.meridian.admin):
            await make.change(session, User, key, email_verified_at=client.clock())
    return await client.as_("owner@alder.example")


@pytest.fixture
async def agent(client: Running, world: World) -> Client:
    return await client.as_("agent@northstar.example")


async def answered(agent: Client, ticket: str, body: str = "Please try again.") -> None:
    assert (await done(agent, REPLY, id=ticket, input={"body": body}))["userErrors"] == []


async def flipped(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    key = encode("customer", world.alder.relationship)
    assert (await done(admin, MODE, id=key, input={"mode": "CUSTOMER"}))["userErrors"] == []


async def test_A29_contact_and_recipients_hear_of_the_ticket(post: Post, world: World, owner: Client) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=["user@alder.example; colleague@alder.example"]))
    await post.deliver()
    assert {mail["To"] for mail in post.box.mails} == {
        "ada@alder.example",
        "user@alder.example",
        "colleague@alder.example",
    }
    assert set((await post.states()).values()) == {"SENT"}
    assert post.box.to("user@alder.example")["Subject"] == f"[#{ticket['number']}] The backup stops"


async def test_D24_the_mail_has_number_severity_and_response_time(post: Post, world: World, owner: Client) -> None:
    ticket = made(await invited(owner, world))
    await post.deliver()
    mail = post.box.to("ada@alder.example")
    due = ticket["responseTarget"]["dueAt"]
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert ticket["number"] in text
        assert "4 (Major)" in text
        assert f"{due[:10]} {due[11:16]} UTC" in text


async def test_a_domain_of_other_letters_is_addressed_as_mail_servers_have_it(
    post: Post, world: World, owner: Client
) -> None:
    made(await invited(owner, world, additionalRecipients=["zoe@müller.example"]))
    await post.deliver()
    assert "zoe@xn--mller-kva.example" in {mail["To"] for mail in post.box.mails}


async def test_D24_what_was_answered_is_not_due(post: Post, world: World, owner: Client, agent: Client) -> None:
    ticket = made(await invited(owner, world))
    await answered(agent, ticket["id"])
    await post.deliver()
    created, reply = [mail.as_string() for mail in post.box.mails if mail["To"] == "ada@alder.example"]
    assert ("Response: by" in created, "Response: by" in reply) == (True, False)


async def test_mails_about_a_ticket_are_one_thread(post: Post, world: World, owner: Client, agent: Client) -> None:
    ticket = made(await invited(owner, world))
    await answered(agent, ticket["id"])
    await post.deliver()
    mails = [mail for mail in post.box.mails if mail["To"] == "ada@alder.example"]
    thread = f"<ticket.{decode(ticket['id'])[1].hex}@northstar.example>"
    assert [(mail["References"], mail["In-Reply-To"]) for mail in mails] == [(thread, thread)] * 2
    assert len(set(post.box.ids)) == len(post.box.mails) == 3
    assert {(mail["From"], mail["Auto-Submitted"]) for mail in mails} == {
        ("Northstar Support <support@northstar.example>", "auto-generated")
    }


async def test_an_address_for_replies_is_each_recipients_own(post: Post, world: World, owner: Client) -> None:
    emails = ["user@alder.example", "colleague@alder.example"]
    ticket = made(await invited(owner, world, additionalRecipients=emails))
    await post.deliver()
    threads = post.deliveries._composer.threads
    key = decode(ticket["id"])[1]
    user, colleague = map(post.box.to, emails)
    for mail in (user, colleague):
        assert threads.ticket_of(mail["Reply-To"], mail["To"]) == key
    assert threads.ticket_of(colleague["Reply-To"], user["To"]) is None


@pytest.mark.parametrize("why", ["no account", "reads alone", "closed"])
async def test_nobody_is_asked_for_an_answer_that_would_be_refused(
    post: Post, world: World, owner: Client, agent: Client, why: str
) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=["user@alder.example"]))
    if why == "reads alone":
        async with post.client.session() as session:
            await session.execute(update(TicketParticipant).values(can_reply=False))
    if why == "closed":
        assert (await done(agent, CLOSE, id=ticket["id"], code="DECREMENT"))["userErrors"] == []
    await post.deliver()
    who = "ada@alder.example" if why == "no account" else "user@alder.example"
    mails = [mail for mail in post.box.mails if mail["To"] == who]
    assert {("Reply-To" in mail, "Answer this mail" in mail.as_string()) for mail in mails} == {(False, False)}


async def test_what_was_sent_is_not_sent_again(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    assert await post.deliveries.deliver(key) is None
    assert await post.deliveries.deliver(key) is None
    await post.deliver()
    assert len(post.box.mails) == 1


async def test_two_at_once_send_one_mail(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    post.box.seconds = 0.3
    outcomes = await asyncio.gather(*(post.deliveries.deliver(key) for _ in range(3)))
    assert len(post.box.mails) == 1
    assert sorted(bool(outcome) for outcome in outcomes) == [False, True, True]  # who was late looks again


async def test_a_mail_that_cannot_leave_is_tried_again_later(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    post.box.answers = ["451 come back later", "451 come back later"]
    delays = [await post.deliveries.deliver(key) for _ in range(3)]
    assert delays == [timedelta(seconds=30), timedelta(seconds=60), None]
    [delivery] = await post.log()
    assert (delivery.status, delivery.attempts, delivery.last_error) == (DeliveryStatus.SENT, 3, None)
    assert len(post.box.mails) == 1


async def test_without_a_mail_server_nothing_is_lost(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    assert await post.without_mail_server().deliver(key) == timedelta(seconds=30)
    [delivery] = await post.log()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
    assert delivery.due_at == post.client.clock() + timedelta(seconds=30)
    await post.deliver()
    assert len(post.box.mails) == 1


async def test_after_its_last_attempt_a_mail_is_dead(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    impatient = post.to(post.box.url, mail_attempts=2)
    post.box.answers = ["451 come back later"] * 3
    assert [await impatient.deliver(key) for _ in range(3)] == [timedelta(seconds=30), None, None]
    [delivery] = await post.log()
    assert (delivery.status, delivery.attempts, delivery.last_error) == (DeliveryStatus.DEAD, 2, "451 come back later")
    assert post.box.mails == []


async def test_a_mail_that_is_refused_for_good_is_dead_at_once(post: Post, world: World, owner: Client) -> None:
    made(await invited(owner, world))
    [key] = await post.take()
    post.box.answers = ["550 no such mailbox"]
    assert await post.deliveries.deliver(key) is None
    assert await post.states() == {"ada@alder.example": "DEAD"}


async def test_an_event_that_no_template_knows_is_dead_and_holds_nobody_up(
    post: Post, client: Running, world: World, owner: Client
) -> None:
    async with client.session() as session:
        payload = {"to": "x@alder.example", "template": "../../secrets"}
        await make.outbox_event(session, world.alder.tenant, "mail", payload)
        await make.outbox_event(session, world.alder.tenant, "mail", {"nothing": "at all"})
    made(await invited(owner, world))
    await post.deliver()
    assert await post.states() == {"x@alder.example": "DEAD", "": "DEAD", "ada@alder.example": "SENT"}


async def test_C8_a_copied_address_that_nobody_has_proved_gets_the_notice_alone(
    post: Post, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=[OUTSIDER]))
    await answered(agent, ticket["id"], "The password is in the safe.")
    await post.deliver()
    mails = [mail for mail in post.box.mails if mail["To"] == OUTSIDER]
    assert len(mails) == 2
    for mail in mails:
        assert mail["Subject"] == f"[#{ticket['number']}] A support request"
        assert "Reply-To" not in mail
        assert "backup" not in mail.as_string()
        assert "safe" not in mail.as_string()
        assert "Noor" not in mail.as_string()


async def test_C12_the_other_participants_read_the_reply(
    post: Post, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=["user@alder.example"]))
    await answered(agent, ticket["id"], "<b>Please</b> try\nagain.")
    await post.deliver()
    mail = [mail for mail in post.box.mails if mail["To"] == "user@alder.example"][-1]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "<b>Please</b> try\nagain." in text.get_content().replace("\r\n", "\n")
    assert "&lt;b&gt;Please&lt;/b&gt; try" in html.get_content()


async def test_an_internal_note_is_mailed_to_nobody(post: Post, world: World, owner: Client, agent: Client) -> None:
    ticket = made(await invited(owner, world))
    await post.deliver()
    assert (await done(agent, NOTE, id=ticket["id"], input={"body": "He is difficult."}))["userErrors"] == []
    await post.deliver()
    assert len(post.box.mails) == 1


async def test_a_reply_that_became_internal_meanwhile_is_mailed_to_nobody(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world))
    await post.deliver()
    message = (await done(agent, REPLY, id=ticket["id"], input={"body": "Oops."}))["message"]
    async with client.session() as session:
        await make.change(session, TicketMessage, decode(message["id"])[1], visibility=MessageVisibility.INTERNAL)
    await post.deliver()
    assert len(post.box.mails) == 1
    assert {one.status for one in (await post.log())[1:]} == {DeliveryStatus.SUPPRESSED}


@pytest.mark.usefixtures("owner")
async def test_B17_a_partners_contact_without_an_account_hears_nothing_after_the_flip(
    post: Post, client: Running, world: World, agent: Client
) -> None:
    staff = await client.as_("admin@meridian.example")
    contact = {"name": "Night Shift", "email": "night@meridian.example"}
    ticket = made(await invited(staff, world, contact=contact, additionalRecipients=["noc@meridian.example"]))
    await post.deliver()
    assert {"night@meridian.example", "noc@meridian.example"} <= {mail["To"] for mail in post.box.mails}
    post.box.mails.clear()
    await answered(agent, ticket["id"])
    await flipped(client, world)
    await answered(agent, ticket["id"])
    await post.deliver()
    assert {mail["To"] for mail in post.box.mails} == {"owner@alder.example"}
    suppressed = [one.recipient for one in await post.log() if one.status is DeliveryStatus.SUPPRESSED]
    assert {"night@meridian.example", "noc@meridian.example", "admin@meridian.example"} >= set(suppressed)
    assert suppressed.count("night@meridian.example") == 2


async def test_a_copy_that_the_customer_adds_after_the_flip_is_honoured(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world))
    await flipped(client, world)
    async with client.session() as session:
        key = decode(ticket["id"])[1]
        named: dict[str, Any] = {"email": "admin@meridian.example", "added_by_tenant_id": world.alder.tenant}
        await make.participant(session, world.alder.tenant, key, world.meridian.admin, **named)
    await post.deliver()
    post.box.mails.clear()
    await answered(agent, ticket["id"], "For all of you.")
    await post.deliver()
    text = post.box.to("admin@meridian.example").get_body(("plain",))
    assert text is not None
    assert "For all of you." in text.get_content()


async def test_who_takes_part_no_more_hears_nothing(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=[OUTSIDER]))
    async with client.session() as session:
        await session.execute(delete(TicketParticipant).where(TicketParticipant.email == OUTSIDER))
    await post.deliver()
    assert (await post.states())[OUTSIDER] == "SUPPRESSED"
    assert ticket["number"]


async def test_a_disabled_account_gets_no_mail(post: Post, client: Running, world: World, owner: Client) -> None:
    made(await invited(owner, world, additionalRecipients=["user@alder.example"]))
    async with client.session() as session:
        await make.change(session, User, world.alder.user, status=UserStatus.DISABLED)
    await post.deliver()
    assert await post.states() == {"ada@alder.example": "SENT", "user@alder.example": "SUPPRESSED"}


async def put_out(client: Running, user_id: UUID) -> None:
    """Their organisation ends their membership; their account stays."""
    async with client.session() as session:
        mine = update(Membership).where(Membership.user_id == user_id)
        await session.execute(mine.values(status=MembershipStatus.DISABLED))


async def test_4_3_13_whom_their_organisation_has_put_out_hears_nothing_of_its_tickets(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    """Neither as who raised a ticket nor as who is copied in, though the account stays and its address is proved."""
    user = await client.as_("user@alder.example")
    request = form(world)
    del request["issueType"]
    raised = made(await done(user, CREATE, input=request))
    copied = made(await invited(owner, world, additionalRecipients=["user@alder.example"]))
    await post.deliver()
    post.box.mails.clear()
    await put_out(client, world.alder.user)
    for ticket in (raised, copied):
        await answered(agent, ticket["id"], "The password is in the safe.")
    await post.deliver()
    assert "user@alder.example" not in {mail["To"] for mail in post.box.mails}


async def test_4_4_whom_a_partner_has_put_out_hears_nothing_on_its_word(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    admin = await client.as_("admin@meridian.example")
    ticket = made(await invited(admin, world, additionalRecipients=["staff@meridian.example"]))
    await post.deliver()
    post.box.mails.clear()
    await put_out(client, await client.user_id("staff@meridian.example"))
    await answered(agent, ticket["id"])
    await post.deliver()
    assert "staff@meridian.example" not in {mail["To"] for mail in post.box.mails}


async def test_3_3_whom_groups_keep_from_a_customer_hears_nothing_of_its_tickets_but_as_a_copy(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    """A partner's user who raised a ticket sees it no more, as a copy it does (spec 5.3)."""
    staff = await client.as_("staff@meridian.example")
    request = form(world)
    del request["issueType"]
    raised = made(await done(staff, CREATE, input=request))
    copied = made(await invited(owner, world, additionalRecipients=["staff@meridian.example"]))
    await post.deliver()
    post.box.mails.clear()
    async with client.session() as session:
        mine = select(Membership.id).where(Membership.user_id == await client.user_id("staff@meridian.example"))
        member = (await session.execute(mine)).scalar_one()
        await make.customer_group(session, world.meridian.tenant, world.alder.tenant, excluded_for=member)
    for ticket in (raised, copied):
        await answered(agent, ticket["id"])
    await post.deliver()
    told = [mail["Subject"] for mail in post.box.mails if mail["To"] == "staff@meridian.example"]
    assert [copied["number"] in subject for subject in told] == [True]
