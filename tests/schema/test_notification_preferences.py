"""What one wants to be told, and what one was told (spec 3, 7 and 23)."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from domain.records.model import AuditEvent
from execution.ids import encode
from tests.schema.asking import AGENT, ASSIGN, CLOSE, ERRORS, NOTE, counted, done, made, problems, reply
from tests.schema.test_ticket_copies import ADD, REMOVE, alone, copied
from tests.support.app import Client, Running
from tests.support.world import World

PREFERENCES = "timeZone language version quietHours { startsAt endsAt } settings { kind mail inApp }"
READ = f"{{ viewer {{ notificationPreferences {{ {PREFERENCES} }} }} }}"
UPDATE = f"""mutation($input: NotificationPreferencesUpdateInput!, $version: Int) {{
  notificationPreferencesUpdate(input: $input, expectedVersion: $version) {{ preferences {{ {PREFERENCES} }} {ERRORS} }}
}}"""
TOLD = """query($unread: Boolean) { viewer { unreadNotificationCount notifications(first: 20, unreadOnly: $unread) {
  totalCount nodes { id kind readAt ticket { id } message { body } } } } }"""
MARK = "mutation($id: ID!) { ticketMarkRead(ticketId: $id, input: {}) { ticket { id } userErrors { code } } }"
USER, COLLEAGUE = "user@alder.example", "colleague@alder.example"


@pytest.fixture
async def user(client: Running, world: World) -> Client:
    return await client.as_(USER)


@pytest.fixture(name="ticket")
def _ticket(world: World) -> str:
    return encode("ticket", world.alder.ticket)


async def preferences(who: Client) -> Any:
    return (await who.query(READ)).data["viewer"]["notificationPreferences"]


async def saved(who: Client, version: int | None = None, **given: Any) -> Any:
    return await done(who, UPDATE, input=given, version=version)


async def told(who: Client, *, unread: bool = False) -> list[tuple[str, str | None]]:
    """The kinds of what they were told, with what was said."""
    viewer = (await who.query(TOLD, unread=unread)).data["viewer"]
    nodes = viewer["notifications"]["nodes"]
    assert viewer["notifications"]["totalCount"] == len(nodes)
    return [(node["kind"], (node["message"] or {}).get("body")) for node in nodes]


async def test_7_to_have_read_it_is_in_nobodys_log_and_no_change_of_the_ticket(
    client: Running, user: Client, ticket: str
) -> None:
    """What one has read concerns nobody else (spec 3, 2 asks for actions)."""
    seen = "query($id: ID!) { ticket(id: $id) { version updatedAt } }"
    before = (await user.query(seen, id=ticket)).body, await counted(client)
    assert (await done(user, MARK, id=ticket))["userErrors"] == []
    assert ((await user.query(seen, id=ticket)).body, await counted(client)) == before


async def test_everything_is_wanted_at_any_hour_until_somebody_says_otherwise(user: Client) -> None:
    found = await preferences(user)
    assert (found["timeZone"], found["quietHours"], found["version"]) == ("UTC", None, 1)
    assert {(s["mail"], s["inApp"]) for s in found["settings"]} == {(True, True)}
    assert len(found["settings"]) == 6


async def test_kinds_are_switched_off_by_channel_and_on_again(user: Client) -> None:
    await saved(user, settings=[{"kind": "REPLY", "mail": False, "inApp": False}, {"kind": "STATUS", "inApp": False}])
    payload = await saved(user, settings=[{"kind": "REPLY", "inApp": True}])
    settings = {s["kind"]: (s["mail"], s["inApp"]) for s in payload["preferences"]["settings"]}
    assert (settings["REPLY"], settings["STATUS"]) == ((False, True), (True, False))
    assert await preferences(user) == payload["preferences"]


async def test_quiet_hours_are_set_and_taken_away(user: Client) -> None:
    hours = {"startsAt": "22:00", "endsAt": "24:00"}
    payload = await saved(user, timeZone="Europe/Berlin", quietHours=hours)
    assert payload["preferences"]["quietHours"] == {"startsAt": "22:00", "endsAt": "00:00"}
    assert (await saved(user, timeZone="UTC"))["preferences"]["quietHours"] is not None
    assert (await saved(user, quietHours=None))["preferences"]["quietHours"] is None


async def test_all_that_is_wrong_is_told_at_once(user: Client) -> None:
    payload = await saved(user, timeZone="Mars/Olympus", quietHours={"startsAt": "25:00", "endsAt": "7"})
    assert problems(payload) == [
        ("OUT_OF_RANGE", "quietHours.endsAt"),
        ("OUT_OF_RANGE", "quietHours.startsAt"),
        ("OUT_OF_RANGE", "timeZone"),
    ]
    assert (await preferences(user))["timeZone"] == "UTC"


async def test_quiet_hours_that_never_end_are_refused(user: Client) -> None:
    payload = await saved(user, quietHours={"startsAt": "08:00", "endsAt": "08:00"})
    assert problems(payload) == [("OUT_OF_RANGE", "quietHours.endsAt")]


async def test_an_older_version_is_a_conflict(user: Client) -> None:
    version = (await saved(user, timeZone="Asia/Tokyo"))["preferences"]["version"]
    assert problems(await saved(user, version=version - 1, timeZone="UTC")) == [("CONFLICT", "expectedVersion")]
    assert (await saved(user, version=version, timeZone="UTC"))["userErrors"] == []


async def test_preferences_are_ones_own(client: Running, user: Client) -> None:
    await saved(user, timeZone="Asia/Tokyo")
    assert (await preferences(await client.as_("owner@alder.example")))["timeZone"] == "UTC"


async def test_a_change_is_in_the_audit_log(client: Running, user: Client, world: World) -> None:
    await saved(user, settings=[{"kind": "REPLY", "mail": False}])
    async with client.session() as session:
        mine = AuditEvent.action == "notification_preferences.update"
        [event] = (await session.execute(select(AuditEvent).where(mine))).scalars()
    assert (event.actor_user_id, event.before, event.after) == (
        world.alder.user,
        {"switched_off": []},
        {"switched_off": ["REPLY:MAIL"]},
    )


async def test_what_happens_to_a_ticket_is_told_and_counted(client: Running, user: Client, ticket: str) -> None:
    agent = await client.as_(AGENT)
    made(await reply(agent, ticket, body="Try again."))
    client.clock.advance(seconds=1)
    await done(agent, CLOSE, id=ticket, code="DECREMENT")
    assert await told(user) == [("STATUS", None), ("REPLY", "Try again.")]
    assert (await user.query(TOLD)).data["viewer"]["unreadNotificationCount"] == 2
    assert await told(agent) == []


async def test_what_is_told_happened_by_the_clock_by_which_it_is_read(
    client: Running, world: World, user: Client, ticket: str
) -> None:
    """By the application's alone: the database's may go before or after it."""
    await alone(client, world)
    client.clock.advance(minutes=5)
    lead, agent, colleague = [await client.as_(who) for who in ("lead@northstar.example", AGENT, COLLEAGUE)]
    await done(lead, ASSIGN, id=ticket, agent=encode("user", world.platform.agent))
    made(await done(user, ADD, id=ticket, to=[COLLEAGUE]))
    made(await reply(lead, ticket))
    await done(lead, CLOSE, id=ticket, code="DECREMENT")
    when = "{ viewer { notifications(first: 20) { nodes { kind createdAt readAt } } } }"
    for who, kinds in ((agent, {"ASSIGNMENT", "REPLY", "STATUS"}), (colleague, {"CC_ADDED", "REPLY", "STATUS"})):
        await done(who, MARK, id=ticket)
        nodes = (await who.query(when)).data["viewer"]["notifications"]["nodes"]
        assert {node["kind"] for node in nodes} == kinds
        instants = {datetime.fromisoformat(node[name]) for node in nodes for name in ("createdAt", "readAt")}
        assert instants == {client.clock()}


async def test_an_assignment_is_told_to_whom_it_was_given(client: Running, world: World, ticket: str) -> None:
    lead, agent = await client.as_("lead@northstar.example"), await client.as_(AGENT)
    await done(lead, ASSIGN, id=ticket, agent=encode("user", world.platform.agent))
    assert await told(agent) == [("ASSIGNMENT", None)]
    assert await told(lead) == []


async def test_what_was_read_is_told_as_read(client: Running, user: Client, ticket: str) -> None:
    made(await reply(await client.as_(AGENT), ticket, body="One."))
    await done(user, MARK, id=ticket)
    client.clock.advance(seconds=1)
    made(await reply(await client.as_(AGENT), ticket, body="Two."))
    assert await told(user, unread=True) == [("REPLY", "Two.")]
    assert await told(user) == [("REPLY", "Two."), ("REPLY", "One.")]


async def test_what_is_switched_off_in_the_app_is_not_told_there(client: Running, user: Client, ticket: str) -> None:
    await saved(user, settings=[{"kind": "REPLY", "inApp": False}])
    agent = await client.as_(AGENT)
    made(await reply(agent, ticket, body="Try again."))
    await done(agent, CLOSE, id=ticket, code="DECREMENT")
    assert await told(user) == [("STATUS", None)]


async def test_notifications_of_others_are_not_found(client: Running, user: Client, ticket: str) -> None:
    made(await reply(await client.as_(AGENT), ticket, body="Hello."))
    [node] = (await user.query(TOLD)).data["viewer"]["notifications"]["nodes"]
    find = "query($id: ID!) { node(id: $id) { id } }"
    assert (await user.query(find, id=node["id"])).data == {"node": {"id": node["id"]}}
    assert (await (await client.as_("owner@alder.example")).query(find, id=node["id"])).codes == ["NOT_FOUND"]


async def test_C8_who_is_copied_out_has_been_told_nothing_any_more(
    client: Running, world: World, user: Client, ticket: str
) -> None:
    """Neither in the list nor in the count nor by its id: the ticket is out of sight."""
    await alone(client, world)
    colleague = await client.as_("colleague@alder.example")
    made(await done(user, ADD, id=ticket, to=["colleague@alder.example"]))
    made(await reply(await client.as_(AGENT), ticket, body="Try again."))
    assert sorted(await told(colleague), key=str) == [("CC_ADDED", None), ("REPLY", "Try again.")]
    [first, _] = (await colleague.query(TOLD)).data["viewer"]["notifications"]["nodes"]
    person = (await copied(user, ticket))["colleague@alder.example"]["id"]
    assert (await done(user, REMOVE, id=ticket, ids=[person]))["userErrors"] == []
    assert await told(colleague) == []
    assert (await colleague.query(TOLD)).data["viewer"]["unreadNotificationCount"] == 0
    find = "query($id: ID!) { node(id: $id) { id } }"
    assert (await colleague.query(find, id=first["id"])).codes == ["NOT_FOUND"]


async def test_4_3_12_an_internal_note_is_told_to_nobody_who_takes_part(
    client: Running, user: Client, world: World, ticket: str
) -> None:
    agent, lead = await client.as_(AGENT), await client.as_("lead@northstar.example")
    await done(lead, ASSIGN, id=ticket, agent=encode("user", world.platform.agent))
    made(await done(lead, NOTE, id=ticket, input={"body": "Between us."}))
    assert await told(user) == []
    assert await told(agent) == [("ASSIGNMENT", None)]
