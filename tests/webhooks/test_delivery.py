"""What arrives, when it is tried again, and when it is given up (spec 3, 11)."""

import asyncio
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select
from standardwebhooks import WebhookVerificationError

from app.worker.webhook_relay import take_events
from domain.records.model import OutboxEvent
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.states import WebhookDeliveryStatus
from execution.ids import encode
from tenancy.scope import WORKER
from tests.support.waiting import awaited, until
from tests.webhooks.conftest import Hooks

REPLAY = """mutation ($id: ID!) { webhookDeliveryReplay(webhookDeliveryId: $id, input: {}) {
    delivery { id isReplay eventId status attempts } userErrors { code field } } }"""
ROTATE = """mutation ($id: ID!, $hours: Int!) { webhookSecretRotate(webhookId: $id, input: {graceHours: $hours}) {
    secret webhook { previousSecretUntil } userErrors { code field } } }"""
NOTE = """mutation ($id: ID!) { ticketNoteAdd(ticketId: $id, input: {body: "Known fault."}) { userErrors { code } } }"""


async def test_an_event_is_signed_as_standard_webhooks_has_it(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    assert await hooks.deliver() == [None]
    (one,) = hooks.receiver.received
    event = one.verified(hooks.secret)
    assert event["type"] == "ticket.replied"
    assert one.headers["content-type"] == "application/json"
    assert await hooks.states() == [("DELIVERED", None)]
    with pytest.raises(WebhookVerificationError):
        one.verified("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==")


async def test_an_event_says_ids_and_states_and_nothing_that_was_written(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    await hooks.deliver()
    (one,) = hooks.receiver.received
    event = orjson.loads(one.body)
    assert event.keys() == {"type", "timestamp", "data"}
    number = event["data"].pop("number")
    assert number.isdigit()
    assert event["data"] == {
        "ticketId": encode("ticket", hooks.world.alder.ticket),
        "tenantId": encode("tenant", hooks.world.alder.tenant),
        "status": "OPEN",
        "severity": 3,
        "side": "CUSTOMER",
    }


async def test_an_internal_note_is_told_to_nobody_not_even_as_an_empty_ping(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.endpoint(hooks.world.meridian.tenant)
    agent = await hooks.client.as_("agent@northstar.example")
    answer = await agent.query(NOTE, id=encode("ticket", hooks.world.alder.ticket))
    assert answer.data["ticketNoteAdd"]["userErrors"] == []
    assert await hooks.deliver() == []
    assert (hooks.receiver.received, await hooks.log()) == ([], [])


async def test_an_endpoint_is_told_of_what_it_asked_for_alone(hooks: Hooks) -> None:
    await hooks.endpoint(event_types=["TICKET_CLOSED"])
    await hooks.reply()
    assert await hooks.deliver() == []


async def test_what_failed_is_tried_again_under_the_same_id_with_the_same_body(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500]
    (wait,) = await hooks.deliver()
    assert wait is not None
    assert timedelta(seconds=12) <= wait <= timedelta(seconds=18)
    assert await hooks.states() == [("QUEUED", "STATUS")]
    hooks.client.clock.advance(seconds=20)
    await hooks.deliver()
    first, second = hooks.receiver.received
    assert (first.event_id, first.body) == (second.event_id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 20
    (row,) = await hooks.log()
    assert (row.status.value, row.attempts, row.status_code, row.failure) == ("DELIVERED", 2, 204, None)


async def test_waits_grow_up_to_twelve_hours(hooks: Hooks) -> None:
    seconds = [hooks.deliveries.delay(attempts).total_seconds() for attempts in (1, 2, 3, 10)]
    for wait, middle in zip(seconds, (15, 60, 240, 12 * 3600), strict=True):
        assert 0.8 * middle <= wait <= 1.2 * middle


async def test_after_the_last_attempt_it_is_dead_and_can_be_replayed_under_the_same_id(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500] * 10
    for _ in range(12):
        await hooks.deliver()
        hooks.client.clock.advance(hours=1)
    (dead,) = await hooks.log()
    assert (dead.status.value, dead.attempts, len(hooks.receiver.received)) == ("DEAD", 10, 10)
    answer = await (await hooks.as_owner()).query(REPLAY, id=encode("webhookdelivery", dead.id))
    delivery = answer.data["webhookDeliveryReplay"]["delivery"]
    assert delivery.pop("id") != encode("webhookdelivery", dead.id)
    event_id = hooks.receiver.ids[0]
    assert delivery == {"isReplay": True, "eventId": event_id, "status": "QUEUED", "attempts": 0}
    await hooks.deliver()
    assert set(hooks.receiver.ids) == {event_id}
    assert sorted(await hooks.states(), key=str) == [("DEAD", "STATUS"), ("DELIVERED", None)]


async def test_what_waits_is_not_replayed(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500]
    await hooks.deliver()
    (row,) = await hooks.log()
    answer = await (await hooks.as_owner()).query(REPLAY, id=encode("webhookdelivery", row.id))
    assert answer.data["webhookDeliveryReplay"]["userErrors"] == [{"code": "INVALID_TRANSITION", "field": None}]


async def test_redirects_are_not_followed(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [307]
    await hooks.deliver()
    assert len(hooks.receiver.received) == 1
    assert await hooks.states() == [("QUEUED", "REDIRECT")]


async def test_who_does_not_answer_in_time_is_tried_again(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.seconds = 3
    await hooks.deliver()
    (row,) = await hooks.log()
    assert (row.status.value, row.failure and row.failure.value) == ("QUEUED", "TIMEOUT")
    assert row.duration_ms is not None
    assert 900 <= row.duration_ms < 2500


async def test_of_an_endless_answer_the_status_alone_is_read(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.endless = True
    async with asyncio.timeout(5):
        await hooks.deliver()
    assert await hooks.states() == [("DELIVERED", None)]


async def test_nobody_listens(hooks: Hooks) -> None:
    await hooks.endpoint(url="http://127.0.0.1:1/in")
    await hooks.reply()
    await hooks.deliver()
    assert await hooks.states() == [("QUEUED", "CONNECTION")]


async def test_after_a_rotation_both_secrets_sign_until_the_grace_is_over(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    owner = await hooks.as_owner()
    answer = await owner.query(ROTATE, id=encode("webhook", key), hours=24)
    new = answer.data["webhookSecretRotate"]["secret"]
    await hooks.reply()
    await hooks.deliver()
    (one,) = hooks.receiver.received
    assert one.headers["webhook-signature"].count("v1,") == 2
    assert one.verified(hooks.secret) == one.verified(new)
    hooks.client.clock.advance(hours=24)
    await hooks.reply()
    await hooks.deliver()
    signature = hooks.receiver.received[1].headers["webhook-signature"]
    assert signature.count("v1,") == 1


async def test_a_rotation_without_grace_ends_the_old_secret_at_once(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    answer = await (await hooks.as_owner()).query(ROTATE, id=encode("webhook", key), hours=0)
    payload = answer.data["webhookSecretRotate"]
    assert payload["webhook"]["previousSecretUntil"] is None
    await hooks.reply()
    await hooks.deliver()
    (one,) = hooks.receiver.received
    assert one.verified(payload["secret"])
    with pytest.raises(WebhookVerificationError):
        one.verified(hooks.secret)


async def test_an_endpoint_that_is_gone_is_disabled_and_its_owner_told(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [410]
    await hooks.deliver()
    endpoint = await hooks.row(key)
    assert (endpoint.status.value, endpoint.disabled_reason and endpoint.disabled_reason.value) == ("DISABLED", "GONE")
    assert await hooks.states() == [("DEAD", "STATUS")]
    assert await _told(hooks) == [("owner@alder.example", "GONE")]


async def test_an_endpoint_that_fails_for_days_is_disabled_and_its_owner_told(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500] * 3
    await hooks.deliver()
    hooks.client.clock.advance(days=4, hours=23)
    await hooks.deliver()
    assert (await hooks.row(key)).status.value == "ENABLED"
    hooks.client.clock.advance(hours=1)
    await hooks.deliver()
    assert (await hooks.row(key)).disabled_reason == "FAILING"
    assert await _told(hooks) == [("owner@alder.example", "FAILING")]
    await hooks.reply()
    assert await hooks.deliver() == []


async def test_what_arrives_ends_the_count_of_failures(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers = [500]
    await hooks.deliver()
    assert (await hooks.row(key)).failing_since is not None
    await hooks.deliver()
    endpoint = await hooks.row(key)
    assert (endpoint.failing_since, endpoint.version) == (None, 1)


async def test_two_never_send_one_delivery_at_once(hooks: Hooks) -> None:
    await hooks.endpoint()
    await hooks.reply()
    hooks.receiver.answers, hooks.receiver.seconds = [500], 0.5
    other = hooks.sending_by(hooks.deliveries._sender)

    async def sent() -> bool:
        return len(hooks.receiver.received) > 0

    async def late() -> timedelta | None:
        await until(sent)
        return await other.deliver((await hooks.log())[0].id)

    _, wait = await asyncio.gather(hooks.deliver(), late())
    assert len(hooks.receiver.received) == 1
    assert wait is not None
    assert timedelta(0) < wait <= other.lease


async def test_a_slow_endpoint_is_asked_by_three_at_a_time(hooks: Hooks) -> None:
    key = await hooks.endpoint()
    for _ in range(4):
        await hooks.reply()
    await hooks.deliver()
    until = hooks.client.clock() + timedelta(minutes=1)
    async with hooks.database.writing(WORKER) as session:
        rows = (await session.execute(select(WebhookDelivery))).scalars().all()
        for row in rows:
            row.status, row.ended_at, row.leased_until = WebhookDeliveryStatus.QUEUED, None, until
        rows[0].leased_until = None
        waiting: UUID = rows[0].id
    hooks.receiver.received.clear()
    assert await hooks.deliveries.deliver(waiting) == timedelta(seconds=5)
    assert (hooks.receiver.received, (await hooks.row(key)).status.value) == ([], "ENABLED")


async def test_what_became_of_a_delivery_is_noted_behind_its_endpoint_as_deleting_that_goes(hooks: Hooks) -> None:
    """In another order the two would wait for each other: with an endpoint its deliveries go."""
    key = await hooks.endpoint()
    await hooks.reply()
    await take_events(hooks.pool)
    (waiting,) = await hooks.log()
    hooks.receiver.answers = [500]
    async with asyncio.TaskGroup() as tasks, hooks.database.writing(WORKER) as session:
        await session.execute(select(WebhookEndpoint.id).where(WebhookEndpoint.id == key).with_for_update())
        delivered = tasks.create_task(hooks.deliveries.deliver(waiting.id))
        await awaited(session)
        free = select(WebhookDelivery.id).with_for_update(skip_locked=True)
        assert (await session.execute(free)).scalars().all() == [waiting.id]
    assert delivered.result() is not None


async def _told(hooks: Hooks) -> list[tuple[str, str]]:
    async with hooks.client.session() as session:
        told = select(OutboxEvent.payload).where(OutboxEvent.payload["template"].astext == "webhook_disabled")
        return [(row["to"], row["reason"]) for row in (await session.execute(told)).scalars()]
