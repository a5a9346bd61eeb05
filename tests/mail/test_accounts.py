"""Signing up, and passwords by mailed links, from the first call to the first sign-in (C2-C6, C15)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, text

from domain.records.model import AuditEvent, OutboxEvent
from domain.tenants.account_tokens import AccountToken, hash_of
from domain.tenants.credentials import SignInSession
from domain.tenants.model import User, UserStatus
from tenancy.scope import WORKER
from tests.mail.accounts import (
    PASSWORD,
    ROBIN,
    SET,
    SIGN_UP,
    ask_reset,
    errors,
    mailed,
    reset,
    set_password,
    sign_in,
    sign_up,
    signed_up,
    token_in,
)
from tests.mail.conftest import Post
from tests.support import factories as make
from tests.support.app import Running
from tests.support.waiting import awaited
from tests.support.world import World

EMAIL = ROBIN["email"]
USER = "user@alder.example"
INVALID = [("TOKEN_INVALID", ["token"])]


async def account(client: Running, email: str = EMAIL) -> User | None:
    async with client.session() as session:
        return (await session.execute(select(User).where(User.email == email))).scalar_one_or_none()


async def changed(client: Running, email: str, **values: Any) -> None:
    async with client.session() as session:
        await make.change(session, User, await client.user_id(email), **values)


async def test_C2_C5_signing_up_leads_to_a_password_and_to_signing_in(post: Post, world: World) -> None:
    token = await signed_up(post)
    assert (await sign_in(post.client)).status_code == 400
    assert await set_password(post.client, token) == []
    assert (await sign_in(post.client)).status_code == 200
    user = await account(post.client)
    assert user is not None
    assert (user.name, user.status, user.email_verified_at) == ("Robin Vale", UserStatus.ACTIVE, post.client.clock())


async def test_C5_the_welcome_has_a_link_and_nothing_that_was_entered(post: Post, world: World) -> None:
    await sign_up(post.client, firstName="Win at evil.example", lastName="Now")
    mail = await mailed(post, EMAIL)
    assert mail["Subject"] == "Create your password"
    assert "evil.example" not in mail.as_string()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "http://127.0.0.1:8000/account/password?token=bwa_" in body.get_content()


async def test_C5_of_a_link_nothing_but_a_hash_is_kept(post: Post, world: World) -> None:
    token = await signed_up(post)
    async with post.client.session() as session:
        for table in ("account_token", "outbox_event", "mail_delivery", "audit_event", "idempotency_record"):
            kept = f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%' || :token || '%'"
            assert (await session.execute(text(kept), {"token": token})).scalar() == 0
        assert (await session.execute(select(func.length(AccountToken.token_hash)))).scalar() == 64


async def test_C5_an_attempt_to_send_it_again_sends_the_same_link(post: Post, world: World) -> None:
    post.box.answers = ["451 later"]
    await sign_up(post.client)
    await post.deliver()
    async with post.client.session() as session:
        [kept] = (await session.execute(select(AccountToken.token_hash))).scalars()
    token = token_in(await mailed(post, EMAIL))
    assert (hash_of(token), len(post.box.mails)) == (kept, 1)
    async with post.client.session() as session:
        assert (await session.execute(select(func.count()).select_from(AccountToken))).scalar() == 1
    assert await set_password(post.client, token) == []


async def test_C3_C5_a_link_is_good_once(post: Post, world: World) -> None:
    token = await signed_up(post)
    assert await set_password(post.client, token) == []
    assert await set_password(post.client, token, "another long password") == INVALID
    assert (await sign_in(post.client)).status_code == 200


async def test_C5_of_two_uses_at_once_one_counts(post: Post, world: World) -> None:
    token = await signed_up(post)
    passwords = ("the first password", "the second password")
    both = await asyncio.gather(*(set_password(post.client, token, one) for one in passwords))
    assert sorted(both) == [[], INVALID]
    right = passwords[both.index([])]
    statuses = {one: (await sign_in(post.client, password=one)).status_code for one in passwords}
    assert statuses == {one: 200 if one == right else 400 for one in passwords}


async def test_C15_an_account_is_locked_before_its_link_as_a_newer_link_does(post: Post, world: World) -> None:
    """In another order choosing a password and asking for another link would wait for each other."""
    token, user_id = await reset(post, USER), world.alder.user
    async with asyncio.TaskGroup() as tasks, post.deliveries._database.writing(WORKER) as session:
        await session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
        chosen = tasks.create_task(set_password(post.client, token))
        await awaited(session)
        free = select(AccountToken.user_id).with_for_update(skip_locked=True)
        assert (await session.execute(free)).scalars().all() == [user_id]
    assert chosen.result() == []


@pytest.mark.parametrize(("hours", "answer"), [(71.9, []), (72, INVALID)])
async def test_C5_a_welcome_is_good_for_three_days(post: Post, world: World, hours: float, answer: list[Any]) -> None:
    token = await signed_up(post)
    post.client.clock.advance(hours=hours)
    assert await set_password(post.client, token) == answer


@pytest.mark.parametrize(("minutes", "answer"), [(59, []), (60, INVALID)])
async def test_C15_a_reset_is_good_for_an_hour(post: Post, world: World, minutes: float, answer: list[Any]) -> None:
    token = await reset(post, USER)
    post.client.clock.advance(minutes=minutes)
    assert await set_password(post.client, token) == answer


async def test_C15_a_newer_link_ends_the_older_one(post: Post, world: World) -> None:
    older, newer = await reset(post, USER), await reset(post, USER)
    assert await set_password(post.client, older) == INVALID
    assert await set_password(post.client, newer) == []


async def test_C5_a_forged_link_is_refused(post: Post, world: World) -> None:
    await signed_up(post)
    for forged in ("", "bwa_", "bwa_AAAA", "x" * 5_000, "bwa_%27 OR 1=1", "\u202ebwa_\u0007"):
        assert await set_password(post.client, forged) == INVALID


async def test_C5_link_and_password_are_refused_together(post: Post, world: World) -> None:
    refused = [*INVALID, ("OUT_OF_RANGE", ["password"])]
    assert await set_password(post.client, "bwa_forged", "short") == refused


async def test_C5_a_bad_password_leaves_the_link_good(post: Post, world: World) -> None:
    token = await signed_up(post)
    bad = {"": "REQUIRED", "long " * 205: "TOO_LONG"}
    bad |= dict.fromkeys(("elevenchars", "abababababab", EMAIL.upper()), "OUT_OF_RANGE")
    for password, code in bad.items():
        assert await set_password(post.client, token, password) == [(code, ["password"])]
    assert await set_password(post.client, token) == []


async def test_C15_another_password_ends_all_sessions(post: Post, world: World) -> None:
    await set_password(post.client, await reset(post, USER), "the password so far")
    tokens = (await sign_in(post.client, USER, "the password so far")).json()
    await set_password(post.client, await reset(post, USER))
    old = post.client.with_token(tokens["access_token"])
    assert (await old.query("{ viewer { name } }")).codes == ["UNAUTHENTICATED"]
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert (await post.client.http.post("/auth/token", data=form)).status_code == 400
    assert (await sign_in(post.client, USER, "the password so far")).status_code == 400
    assert (await sign_in(post.client, USER)).status_code == 200
    async with post.client.session() as session:
        live = select(func.count()).where(SignInSession.revoked_at.is_(None))
        assert (await session.execute(live)).scalar() == 1


async def test_C15_its_owner_is_told_that_the_password_was_changed(post: Post, world: World) -> None:
    await set_password(post.client, await reset(post, USER))
    assert (await mailed(post, USER))["Subject"] == "Your password was changed"


async def test_C3_who_has_an_account_is_told_so(post: Post, world: World) -> None:
    await sign_up(post.client, email=f" {USER.upper()} ", firstName="Mallory")
    mail = await mailed(post, USER)
    assert mail["Subject"] == "You have an account already"
    assert await set_password(post.client, token_in(mail)) == []
    user = await account(post.client, USER)
    assert user is not None
    assert user.first_name == "User"


@pytest.mark.parametrize("status", [UserStatus.DISABLED, UserStatus.DELETED])
async def test_C3_C15_an_account_that_has_ended_gets_no_mail(post: Post, world: World, status: UserStatus) -> None:
    await changed(post.client, USER, status=status)
    await sign_up(post.client, email=USER)
    await ask_reset(post.client, USER)
    await post.deliver()
    assert post.box.mails == []


async def test_C5_a_link_is_worth_nothing_once_the_account_has_ended(post: Post, world: World) -> None:
    token = await reset(post, USER)
    await changed(post.client, USER, status=UserStatus.DISABLED)
    assert await set_password(post.client, token) == INVALID


async def test_C15_an_unknown_address_gets_no_mail_and_no_account(post: Post, world: World) -> None:
    await ask_reset(post.client, EMAIL)
    await post.deliver()
    assert (post.box.mails, await account(post.client)) == ([], None)


async def test_C3_an_account_of_another_identity_provider_gets_no_second_one(post: Post, world: World) -> None:
    await changed(post.client, USER, identity_provider="https://login.example")
    await sign_up(post.client, email=USER)
    await post.deliver()
    assert post.box.mails == []
    user = await account(post.client, USER)
    assert user is not None
    assert user.identity_provider == "https://login.example"


async def test_C3_C15_the_answer_is_the_same_whoever_the_address_belongs_to(post: Post, world: World) -> None:
    disabled, pending, unknown = "colleague@alder.example", "pending@heath.example", "nobody@heath.example"
    await changed(post.client, disabled, status=UserStatus.DISABLED)
    async with post.client.session() as session:
        await make.user(session, pending, status=UserStatus.PRE_PROVISIONED)
    answers = set()
    for email in (USER, disabled, pending, unknown):
        answer = await post.client.nobody.query(SIGN_UP, input=ROBIN | {"email": email})
        headers = {name: value for name, value in answer.response.headers.items() if name != "x-request-id"}
        answers.add((answer.response.status_code, answer.response.text, tuple(sorted(headers.items()))))
    assert len(answers) == 1


async def test_C3_a_request_does_the_same_whoever_the_address_belongs_to(post: Post, world: World) -> None:
    """What is done about it is done by the worker: the request looks no account up and changes none."""
    before = await account(post.client, USER)
    await sign_up(post.client, email=USER)
    await sign_up(post.client)
    assert await account(post.client) is None
    assert before is not None
    async with post.client.session() as session:
        asked = (await session.execute(select(OutboxEvent.payload).order_by(OutboxEvent.id))).scalars().all()
        assert [{**each, "to": ""} for each in asked] == [{**asked[0], "to": ""}] * 2
        assert (await session.execute(select(func.count()).select_from(AccountToken))).scalar() == 0


async def test_C3_two_sign_ups_at_once_are_one_account(post: Post, world: World) -> None:
    assert await asyncio.gather(*(sign_up(post.client) for _ in range(4))) == [[]] * 4
    await asyncio.gather(*(post.deliveries.deliver(key) for key in await post.take()))
    async with post.client.session() as session:
        assert (await session.execute(select(func.count()).where(User.email == EMAIL))).scalar() == 1
        live = select(func.count()).where(AccountToken.ended_at.is_(None))
        assert (await session.execute(live)).scalar() == 1
    good = [token for mail in post.box.mails if await set_password(post.client, token := token_in(mail)) == []]
    assert len(good) == 1


async def test_C4_every_field_is_refused_at_once(post: Post, world: World) -> None:
    refused = await sign_up(post.client, firstName=" ", lastName="V" * 201, email="robin", language="german!")
    assert refused == [
        ("REQUIRED", ["firstName"]),
        ("TOO_LONG", ["lastName"]),
        ("INVALID_EMAIL", ["email"]),
        ("OUT_OF_RANGE", ["language"]),
    ]
    assert await post.take() == []


async def test_C4_no_address_reaches_another_header(post: Post, world: World) -> None:
    for email in ("a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>", "a@b"):
        assert await sign_up(post.client, email=email) == [("INVALID_EMAIL", ["email"])]
        assert await ask_reset(post.client, email) == [("INVALID_EMAIL", ["email"])]


async def test_C4_hostile_names_are_refused(post: Post, world: World) -> None:
    hostile = {"Rob\x07in": "INVALID_TEXT", "e" + "\u0301" * 31: "INVALID_TEXT", "\u2066\u2069": "REQUIRED"}
    for name, code in hostile.items():
        assert await sign_up(post.client, firstName=name) == [(code, ["firstName"])]


async def test_C4_a_name_stays_on_its_line_and_out_of_the_mail(post: Post, world: World) -> None:
    await sign_up(post.client, firstName="Rob\r\nBcc: c@d.example")
    mail = await mailed(post, EMAIL)
    user = await account(post.client)
    assert user is not None
    assert (user.first_name, mail.get_all("Bcc")) == ("Rob Bcc: c@d.example", None)
    assert "c@d.example" not in mail.as_string()


async def test_C2_C15_one_address_gets_five_mails_in_a_quarter_of_an_hour(post: Post, world: World) -> None:
    assert [await sign_up(post.client) for _ in range(3)] == [[]] * 3
    assert [await ask_reset(post.client, EMAIL) for _ in range(3)] == [[], [], [("RATE_LIMITED", None)]]
    assert await sign_up(post.client, email=USER) == []
    post.client.clock.advance(minutes=16)
    assert await sign_up(post.client) == []


async def test_C2_one_caller_asks_for_thirty_mails_in_a_quarter_of_an_hour(post: Post, world: World) -> None:
    answers = [await sign_up(post.client, email=f"robin{number}@heath.example") for number in range(31)]
    assert answers == [[]] * 30 + [[("RATE_LIMITED", None)]]


async def test_C5_one_caller_guesses_thirty_links_in_a_quarter_of_an_hour(post: Post, world: World) -> None:
    token = await signed_up(post)
    guesses = [await set_password(post.client, f"bwa_{number}") for number in range(31)]
    assert guesses == [INVALID] * 30 + [[("RATE_LIMITED", None)]]
    assert await set_password(post.client, token) == [("RATE_LIMITED", None)]


async def test_C2_a_retry_with_the_same_key_sends_no_second_mail(post: Post, world: World) -> None:
    assert [await sign_up(post.client, idempotencyKey="first") for _ in range(2)] == [[], []]
    assert len(await post.take()) == 1


async def test_C2_nobody_meets_the_keys_of_others(post: Post, world: World) -> None:
    assert await sign_up(post.client, idempotencyKey="1") == []
    assert await sign_up(post.client, idempotencyKey="1", email="other@heath.example") == []
    assert await sign_up(post.client, idempotencyKey="1", firstName="Rob") == [
        ("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])
    ]


async def test_C5_a_retry_with_the_same_key_is_answered_as_before(post: Post, world: World) -> None:
    token = await signed_up(post)
    assert [await set_password(post.client, token, idempotencyKey="set") for _ in range(2)] == [[], []]
    mismatch = [("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])]
    assert await set_password(post.client, token, "another long password", idempotencyKey="set") == mismatch


async def test_C5_who_is_signed_in_uses_a_link_as_anybody_does(post: Post, world: World) -> None:
    token = await signed_up(post)
    somebody = await post.client.as_("apps@alder.example")
    answer = await somebody.query(SET, input={"token": token, "password": PASSWORD})
    assert await errors(answer) == []
    user = await account(post.client)
    assert user is not None
    assert user.password_hash is not None


async def test_C5_the_log_says_what_was_done_and_from_where(post: Post, world: World) -> None:
    await set_password(post.client, await signed_up(post))
    async with post.client.session() as session:
        events = (await session.execute(select(AuditEvent).order_by(AuditEvent.id))).scalars().all()
    assert [(event.action, event.actor_kind, event.tenant_id, event.after) for event in events] == [
        ("account.sign_up", "VISITOR", world.platform.tenant, {"email": EMAIL}),
        ("account.password_set", "VISITOR", world.platform.tenant, {"email": EMAIL}),
    ]
    assert {event.ip_address for event in events} == {"127.0.0.1"}


async def test_C1_a_link_is_no_credential_for_anything_else(post: Post, world: World) -> None:
    token = await signed_up(post)
    assert (await post.client.with_token(token).query("{ viewer { name } }")).codes == ["UNAUTHENTICATED"]
    assert (await post.client.nobody.query("{ tickets(first: 1) { nodes { id } } }")).codes == ["UNAUTHENTICATED"]
