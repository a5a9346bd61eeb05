"""Looking after webhooks (spec 3, 11)."""

import asyncio
from typing import Any

from sqlalchemy import select, text

from authz.permissions import Permission
from authz.roles import Role
from domain.records.model import AuditEvent
from domain.webhooks.model import WebhookEndpoint
from domain.webhooks.secrets import WebhookSecrets
from execution.ids import decode
from tests.support import factories as make
from tests.support.app import SECRET, Client, Running
from tests.support.world import World

URL = "https://hooks.example/tickets"
CREATE = """mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) {
    secret webhook { id url description eventTypes status version createdByName deliveries(first: 1) { totalCount } }
    userErrors { code field } } }"""
UPDATE = """mutation ($id: ID!, $input: WebhookUpdateInput!, $version: Int) {
    webhookUpdate(webhookId: $id, input: $input, expectedVersion: $version) {
    webhook { url description eventTypes status version } userErrors { code field } } }"""
LIST = """{ webhooks(first: 10) { totalCount nodes { id deliveries(first: 10, statuses: [DELIVERED]) { nodes {
    eventId eventType status attempts statusCode failure durationMs nextAttemptAt isReplay ticket { number }
    } } } } }"""


def given(**more: Any) -> dict[str, Any]:
    """A form without errors."""
    return {"url": URL, "eventTypes": ["TICKET_CREATED", "TICKET_REPLIED"]} | more


async def created(who: Client, **more: Any) -> Any:
    return (await who.query(CREATE, input=given(**more))).data["webhookCreate"]


async def test_a_secret_is_shown_once_and_kept_encrypted(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    payload = await created(owner, description="Our desk")
    secret = payload["secret"]
    assert secret.startswith("whsec_")
    key = decode(payload["webhook"].pop("id"))[1]
    assert payload == {
        "secret": secret,
        "webhook": {
            "url": URL,
            "description": "Our desk",
            "eventTypes": ["TICKET_CREATED", "TICKET_REPLIED"],
            "status": "ENABLED",
            "version": 1,
            "createdByName": "Owner Alder",
            "deliveries": {"totalCount": 0},
        },
        "userErrors": [],
    }
    async with client.session() as session:
        row = (await session.execute(select(WebhookEndpoint).where(WebhookEndpoint.id == key))).scalar_one()
        dump = (await session.execute(text("SELECT string_agg(e::text, '') FROM audit_event e"))).scalar_one()
    assert secret not in row.secret_encrypted
    assert WebhookSecrets(SECRET).decrypt(row.secret_encrypted) == secret
    assert "webhook.create" in dump
    assert secret not in dump


async def test_a_retry_with_the_same_key_makes_no_second_one_and_shows_no_secret(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    first = await created(owner, idempotencyKey="one")
    again = await created(owner, idempotencyKey="one")
    assert (again["secret"], again["webhook"]["id"]) == (None, first["webhook"]["id"])
    async with client.session() as session:
        kept = (await session.execute(text("SELECT string_agg(i::text, '') FROM idempotency_record i"))).scalar_one()
    assert first["secret"] not in kept


async def test_all_errors_of_the_form_come_at_once_and_nothing_is_left(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    form = given(url="http://127.0.0.1/", description="x" * 201, eventTypes=[])
    answer = (await owner.query(CREATE, input=form)).data["webhookCreate"]
    assert answer["userErrors"] == [
        {"code": "INVALID_URL", "field": ["url"]},
        {"code": "ADDRESS_NOT_ALLOWED", "field": ["url"]},
        {"code": "TOO_LONG", "field": ["description"]},
        {"code": "REQUIRED", "field": ["eventTypes"]},
    ]
    assert (answer["secret"], answer["webhook"]) == (None, None)
    assert (await owner.query(LIST)).data["webhooks"]["totalCount"] == 0


async def test_an_organization_has_at_most_twenty(client: Running, world: World) -> None:
    async with client.session() as session:
        for _ in range(20):
            await make.webhook(session, world.alder.tenant)
    payload = await created(await client.as_("owner@alder.example"))
    assert payload["userErrors"] == [{"code": "LIMIT_EXCEEDED", "field": None}]


async def test_an_organization_has_at_most_twenty_whoever_makes_them_at_once(client: Running, world: World) -> None:
    async with client.session() as session:
        for _ in range(19):
            await make.webhook(session, world.alder.tenant)
    owner = await client.as_("owner@alder.example")
    payloads = await asyncio.gather(*(created(owner) for _ in range(5)))
    assert sorted(len(payload["userErrors"]) for payload in payloads) == [0, 1, 1, 1, 1]
    assert (await owner.query("{ webhooks(first: 1) { totalCount } }")).data["webhooks"]["totalCount"] == 20


async def test_what_is_not_given_stays_as_it_is(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    key = (await created(owner, description="Our desk"))["webhook"]["id"]
    answer = await owner.query(UPDATE, id=key, input={"eventTypes": ["TICKET_CLOSED"]}, version=1)
    assert answer.data["webhookUpdate"] == {
        "webhook": {
            "url": URL,
            "description": "Our desk",
            "eventTypes": ["TICKET_CLOSED"],
            "status": "ENABLED",
            "version": 2,
        },
        "userErrors": [],
    }
    answer = await owner.query(UPDATE, id=key, input={"enabled": False}, version=1)
    assert answer.data["webhookUpdate"]["userErrors"] == [{"code": "CONFLICT", "field": ["expectedVersion"]}]


async def test_the_log_says_what_became_of_each_event(client: Running, world: World) -> None:
    async with client.session() as session:
        key = await make.webhook(session, world.alder.tenant)
        await make.webhook_delivery(session, world.alder.tenant, key, world.alder.ticket)
    page = (await (await client.as_("owner@alder.example")).query(LIST)).data["webhooks"]
    (delivery,) = page["nodes"][0]["deliveries"]["nodes"]
    assert delivery.pop("eventId").startswith("evt_")
    assert delivery.pop("ticket")["number"].isdigit()
    assert delivery == {
        "eventType": "TICKET_CREATED",
        "status": "DELIVERED",
        "attempts": 1,
        "statusCode": 204,
        "failure": None,
        "durationMs": 12,
        "nextAttemptAt": None,
        "isReplay": False,
    }


async def test_a_partners_log_does_not_show_a_ticket_that_it_sees_no_more(client: Running, world: World) -> None:
    async with client.session() as session:
        ticket = await make.ticket(session, world.solstice.tenant, world.solstice.owner)
        key = await make.webhook(session, world.meridian.tenant)
        await make.webhook_delivery(session, world.meridian.tenant, key, ticket)
    page = (await (await client.as_("admin@meridian.example")).query(LIST)).data["webhooks"]
    assert page["nodes"][0]["deliveries"]["nodes"][0]["ticket"] is None


async def test_who_is_limited_to_groups_of_customers_has_nothing_to_do_with_webhooks(
    client: Running, world: World
) -> None:
    """An endpoint would hear of customers that its maker does not see."""
    meridian = world.meridian
    async with client.session() as session:
        role = await make.custom_role(session, meridian.tenant, [Permission.WEBHOOK_MANAGE], name="Hooks")
        user = await make.user(session, "hooks@meridian.example")
        member = await make.membership(session, meridian.tenant, user, Role.PARTNER_USER, custom_role_id=role)
        await make.webhook(session, meridian.tenant)
    free = await client.as_("hooks@meridian.example")
    assert (await free.query(LIST)).data["webhooks"]["totalCount"] == 1
    async with client.session() as session:
        await make.customer_group(session, meridian.tenant, world.alder.tenant, included_for=member)
    assert (await free.query(LIST)).data["webhooks"]["totalCount"] == 0
    assert (await created(free))["userErrors"] == [{"code": "FORBIDDEN", "field": None}]


async def test_every_change_is_in_the_log_without_what_follows_the_path(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    key = (await created(owner, url=f"{URL}?token=of-the-receiver"))["webhook"]["id"]
    await owner.query(UPDATE, id=key, input={"enabled": False})
    async with client.session() as session:
        rows = select(AuditEvent.action, AuditEvent.after).where(AuditEvent.object_id == decode(key)[1])
        found = {row.action: row.after for row in (await session.execute(rows)).all()}
    assert found["webhook.create"]["url"] == URL
    assert found["webhook.update"] == {"status": "DISABLED"}
