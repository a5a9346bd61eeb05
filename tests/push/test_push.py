"""Word on devices: to those who may hear, by what they want, once, and never of an internal note (spec 3, 23)."""

from datetime import timedelta

import pytest

from app.push.provider import NoProvider
from app.worker.push import FIRST_DELAY, Pushes, take_pushes
from domain.tickets.model import ParticipantKind
from execution.ids import encode
from tests.push.conftest import Ringing
from tests.schema.asking import AGENT, ASSIGN, LEAD, done, made, reply
from tests.support import factories as make

REPLIED = [("user", "bailiwick.reply")]
SWITCH = """mutation($input: NotificationPreferencesUpdateInput!) {
  notificationPreferencesUpdate(input: $input) { userErrors { code message field } } }"""


async def test_a_reply_is_pushed_to_who_takes_part_without_what_was_said(ringing: Ringing) -> None:
    await ringing.reply(body="The password is on the door.")
    assert await ringing.ring() == [None]
    [pushed] = ringing.gateway.received
    assert pushed["room_id"] == ringing.ticket
    assert (pushed["type"], pushed["devices"][0]["app_id"]) == ("bailiwick.reply", "com.alder.app")
    assert "door" not in str(pushed)


async def test_an_event_is_carried_over_once(ringing: Ringing) -> None:
    await ringing.reply()
    assert [await take_pushes(ringing.pool), await take_pushes(ringing.pool)] == [1, 0]


async def test_an_internal_note_is_not_pushed(ringing: Ringing) -> None:
    async with ringing.client.session() as session:
        await make.device(session, ringing.world.platform.agent, "agent")
        await make.message(session, ringing.world.alder.tenant, ringing.world.alder.ticket, visibility="INTERNAL")
    assert await take_pushes(ringing.pool) == 0


async def test_a_message_that_became_internal_meanwhile_is_not_pushed(ringing: Ringing) -> None:
    await ringing.reply()
    await ringing.sql("UPDATE ticket_message SET visibility = 'INTERNAL'")
    assert (await ringing.ring(), ringing.gateway.told) == ([None], [])


async def test_an_assignment_is_pushed_to_whom_it_was_given(ringing: Ringing) -> None:
    agent = ringing.world.platform.agent
    async with ringing.client.session() as session:
        await make.device(session, agent, "agent")
    lead = await ringing.client.as_(LEAD)
    made(await done(lead, ASSIGN, id=ringing.ticket, agent=encode("user", agent)))
    await ringing.ring()
    assert ringing.gateway.told == [("agent", "bailiwick.assignment")]


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE user_account SET status = 'DISABLED' WHERE id = :user",
        "UPDATE membership SET status = 'DISABLED' WHERE user_id = :user",
        "UPDATE sign_in_session SET revoked_at = now() WHERE user_id = :user",
        "UPDATE device SET expires_at = now() - interval '1 hour' WHERE user_id = :user",
    ],
)
async def test_who_has_lost_access_meanwhile_hears_nothing(ringing: Ringing, ended: str) -> None:
    await ringing.reply()
    await ringing.sql(ended, user=ringing.world.alder.user)
    await ringing.ring()
    assert ringing.gateway.told == []


async def test_who_is_of_no_organisation_hears_of_the_ticket_in_which_they_are_copied_in(ringing: Ringing) -> None:
    alder = ringing.world.alder
    async with ringing.client.session() as session:
        consultant = await make.user(session, "consultant@elsewhere.example", email_verified_at=ringing.client.clock())
        await make.device(session, consultant, "consultant")
        await make.participant(
            session, alder.tenant, alder.ticket, consultant, kind=ParticipantKind.CC, added_by_tenant_id=alder.tenant
        )
    await ringing.reply()
    await ringing.ring()
    assert ringing.gateway.told[-2:] == [("consultant", "bailiwick.reply"), *REPLIED]


async def test_the_partner_hears_nothing_once_the_customer_manages_itself(ringing: Ringing) -> None:
    staff, alder = ringing.world.meridian.staff, ringing.world.alder
    async with ringing.client.session() as session:
        await make.device(session, staff, "staff")
        await make.participant(session, alder.tenant, alder.ticket, staff, kind=ParticipantKind.CONTACT)
    await ringing.reply()
    await ringing.ring()
    assert ringing.gateway.told == [("staff", "bailiwick.reply"), *REPLIED]
    await ringing.sql("UPDATE management_relationship SET mode = 'CUSTOMER'")
    await ringing.ring()
    assert ringing.gateway.told == [("staff", "bailiwick.reply"), *REPLIED, *REPLIED]


@pytest.mark.parametrize(("limit", "told"), [("included_for", ["staff", "user"]), ("excluded_for", ["user"])])
async def test_the_groups_of_customers_limit_what_the_partners_staff_hears(
    ringing: Ringing, limit: str, told: list[str]
) -> None:
    partner, alder = ringing.world.meridian, ringing.world.alder
    async with ringing.client.session() as session:
        await make.device(session, partner.staff, "staff")
        await make.participant(session, alder.tenant, alder.ticket, partner.staff, kind=ParticipantKind.CONTACT)
        await make.customer_group(session, partner.tenant, alder.tenant, **{limit: partner.staff_membership})
    await ringing.reply()
    await ringing.ring()
    assert [token for token, _ in ringing.gateway.told] == told


async def test_what_is_switched_off_for_push_is_not_pushed(ringing: Ringing) -> None:
    user = await ringing.client.as_("user@alder.example")
    await done(user, SWITCH, input={"settings": [{"kind": "REPLY", "push": False}]})
    await ringing.reply()
    assert (await ringing.ring(), ringing.gateway.told) == ([None], [])


async def test_what_is_switched_off_in_the_app_alone_is_pushed(ringing: Ringing) -> None:
    user = await ringing.client.as_("user@alder.example")
    await done(user, SWITCH, input={"settings": [{"kind": "REPLY", "inApp": False}]})
    await ringing.reply()
    await ringing.ring()
    assert ringing.gateway.told == REPLIED


async def test_push_waits_until_quiet_hours_end(ringing: Ringing) -> None:
    now = ringing.client.clock.now
    quiet = {"startsAt": f"{(now - timedelta(hours=1)):%H:%M}", "endsAt": f"{(now + timedelta(hours=2)):%H:00}"}
    await done(await ringing.client.as_("user@alder.example"), SWITCH, input={"quietHours": quiet})
    await ringing.reply()
    [later] = await ringing.ring()
    assert later is not None
    assert (now + later).minute == 0
    assert ringing.gateway.told == []
    ringing.client.clock.advance(hours=2)
    await ringing.ring()
    assert ringing.gateway.told == REPLIED


async def test_a_dead_token_is_dropped(ringing: Ringing) -> None:
    ringing.gateway.rejected.append("user")
    await ringing.reply()
    assert (await ringing.ring(), await ringing.devices()) == ([None], [])


@pytest.mark.parametrize(("status", "content"), [(502, None), (429, None), (302, None), (200, b"no JSON")])
async def test_what_the_gateway_does_not_take_is_tried_again(
    ringing: Ringing, status: int, content: bytes | None
) -> None:
    ringing.gateway.status, ringing.gateway.content = status, content
    await ringing.reply()
    assert await ringing.ring() == [FIRST_DELAY]
    assert await ringing.devices() == [ringing.world.alder.user]


async def test_a_day_later_it_is_no_news_any_more(ringing: Ringing) -> None:
    await ringing.reply()
    ringing.client.clock.advance(hours=25)
    assert (await ringing.ring(), ringing.gateway.told) == ([None], [])


async def test_without_a_gateway_nothing_is_pushed_and_devices_stay(ringing: Ringing) -> None:
    quiet = Pushes(ringing.pushes._database, ringing.pushes._secrets, NoProvider(), ringing.client.clock)
    await ringing.reply()
    silent = Ringing(ringing.client, ringing.world, ringing.gateway, ringing.pool, quiet)
    assert (await silent.ring(), ringing.gateway.told) == ([None], [])
    assert await ringing.devices() == [ringing.world.alder.user]


async def test_who_has_no_device_leaves_nothing_in_the_outbox(ringing: Ringing) -> None:
    await ringing.sql("DELETE FROM device")
    made(await reply(await ringing.client.as_(AGENT), ringing.ticket))
    assert await take_pushes(ringing.pool) == 0
