"""What is old is forgotten, a batch at a time; what waits, and what has to be proven one day, is not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import forgetting
from app.worker.forgetting import forget, kept
from app.worker.relay import SCOPE
from domain.tenants.account_tokens import AccountToken, hash_of
from execution.ids import encode
from tests.mail.conftest import Post
from tests.schema.asking import AGENT, made, reply
from tests.support import factories as make
from tests.support.factories.adding import add
from tests.support.world import World

LOGS = ("mail_delivery", "outbox_event", "notification", "webhook_delivery", "inbound_mail")
SECRETS = ("sign_in_session", "account_token", "idempotency_record", "device")
LASTING = ("audit_event", "ticket", "ticket_message", "ticket_event", "ticket_participant", "user_account")
INBOUND = """INSERT INTO inbound_mail (id, received_at, sender, outcome, reason)
    VALUES (gen_random_uuid(), :now, 'x@alder.example', 'REFUSED', 'unknown')"""
ANSWER = """INSERT INTO idempotency_record (id, tenant_id, principal_id, key, operation, body_hash, created_at)
    VALUES (gen_random_uuid(), :tenant, :person, 'a key', 'ticketReplyAdd', 'a hash', :now)"""


@pytest.fixture(autouse=True)
async def _past(post: Post, world: World) -> None:
    """A reply that was told in every way, and somebody who signed in, on a device, and asked for a link."""
    alder, now = world.alder, post.client.clock.now
    async with post.client.session() as session:
        await make.device(session, alder.owner)
        expired = {"token_hash": hash_of("bwa_expired"), "expires_at": now}
        await add(session, AccountToken, user_id=alder.user, **expired)
        await session.execute(text(INBOUND), {"now": now})
        await session.execute(text(ANSWER), {"now": now, "tenant": alder.tenant, "person": alder.user})
        webhook = await make.webhook(session, alder.tenant)
        await make.webhook_delivery(session, alder.tenant, webhook, alder.ticket)
    made(await reply(await post.client.as_(AGENT), encode("ticket", alder.ticket)))
    await post.deliver()
    await sql(post, "UPDATE outbox_event SET delivered_at = created_at WHERE topic <> 'mail'")


async def sql(post: Post, statement: str, **values: Any) -> None:
    async with post.client.session() as session:
        await session.execute(text(statement), values)


async def there(post: Post, *tables: str) -> dict[str, int]:
    """How many rows there are of each."""
    async with post.client.session() as session:
        return {name: (await session.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in tables}


async def forgotten(post: Post, **after: float) -> dict[str, int]:
    """What is forgotten so much later, by the settings that there are by default."""
    return await forget(post.pool, kept(Settings()), post.client.clock.now + timedelta(**after))


async def test_what_is_old_is_forgotten(post: Post) -> None:
    before = await there(post, *LOGS, *SECRETS)
    assert min(before.values()) > 0
    await forgotten(post, days=400)
    assert await there(post, *LOGS, *SECRETS) == dict.fromkeys((*LOGS, *SECRETS), 0)


async def test_what_has_to_last_is_never_forgotten(post: Post) -> None:
    before = await there(post, *LASTING)
    await forgotten(post, days=4000)
    assert await there(post, *LASTING) == before


async def test_each_is_kept_as_long_as_the_settings_say(post: Post) -> None:
    assert sum((await forgotten(post, days=29)).values()) == 0
    month = await forgotten(post, days=31)
    assert (month["webhook_delivery"], month["secrets"], month["mail_delivery"]) == (1, 1, 0)
    quarter = await forgotten(post, days=91)
    assert min(quarter["mail_delivery"], quarter["inbound_mail"], quarter["outbox_event"]) > 0
    assert quarter["notification"] == 0


async def test_what_still_waits_is_not_forgotten(post: Post) -> None:
    async with post.pool.acquire() as worker, worker.transaction():
        await worker.execute(SCOPE)
        await worker.execute("UPDATE mail_delivery SET status = 'QUEUED', ended_at = NULL")
    waiting = await there(post, "mail_delivery")
    await forgotten(post, days=400)
    assert await there(post, "mail_delivery", "outbox_event") == waiting | {"outbox_event": waiting["mail_delivery"]}


async def test_an_event_stays_as_long_as_the_log_of_its_delivery(post: Post) -> None:
    longer = Settings().model_copy(update={"webhook_log_days": 1000})
    await forget(post.pool, kept(longer), post.client.clock.now + timedelta(days=400))
    assert await there(post, "webhook_delivery", "outbox_event") == {"webhook_delivery": 1, "outbox_event": 1}


async def test_a_run_is_bounded(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 1)
    monkeypatch.setattr(forgetting, "MOST_BATCHES", 2)
    for _ in range(2):
        await sql(post, INBOUND, now=post.client.clock.now)
    assert (await forgotten(post, days=400))["inbound_mail"] == 2
    assert await there(post, "inbound_mail") == {"inbound_mail": 1}
