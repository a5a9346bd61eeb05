"""Exports as jobs: asked for, made, failed, expired (spec 3, 16; 4.2)."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.base import new_id
from domain.exports import running
from domain.exports.commands import MOST_UNFINISHED
from domain.exports.expiry import sweep_exports
from domain.exports.model import KEPT
from domain.records.model import AuditEvent
from domain.tenants.model import Membership, User, UserStatus
from execution.ids import decode, encode
from tests.exports.exporting import CREATE, LIST, READ, Exporting
from tests.schema.asking import AGENT, problems

OWNER, ADMIN, PARTNER = "owner@alder.example", "service@alder.example", "admin@meridian.example"


async def test_an_export_waits_is_made_and_says_so(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.asked(owner, fileName="all of them")
    waiting = await exporting.read(owner, job)
    assert (waiting["status"], waiting["rowCount"], waiting["download"]) == ("QUEUED", None, None)
    await exporting.work(job)
    over = await exporting.read(owner, job)
    assert (over["status"], over["kind"], over["format"], over["failure"]) == ("READY", "TICKETS", "CSV", None)
    assert over["fileName"] == "all of them.csv"
    answer = await exporting.got(over)
    assert over["rowCount"] == answer.text.count("\r\n") - 1
    assert (over["size"], over["sha256"]) == (len(answer.content), sha256(answer.content).hexdigest())


async def test_what_was_made_is_not_made_again(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.asked(owner)
    await asyncio.gather(*(exporting.work(job) for _ in range(3)))
    first = await exporting.objects()
    await exporting.work(job)
    assert await exporting.objects() == first
    assert len(first) == 1
    async with exporting.client.session() as session:
        finished = select(AuditEvent.id).where(AuditEvent.action == "export_job.finish")
        assert len((await session.execute(finished)).all()) == 1


async def test_what_a_worker_left_that_died_is_removed(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.asked(owner)

    async def half() -> Any:
        yield b"half a file"

    left = f"{running.folder_of(decode(job)[1])}/left"
    await exporting.client.facilities.uploads.store.put(left, half(), 100)
    await exporting.work(job)
    assert len(await exporting.objects()) == 1
    assert left not in await exporting.objects()


async def test_what_fails_by_our_fault_is_tried_three_times(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.asked(owner)
    monkeypatch.setattr(running, "FOLDER", "no folder at all")  # no key of the store
    for _ in range(running.MOST_ATTEMPTS):
        with pytest.raises(ValueError, match="not an object key"):
            await exporting.work(job)
        assert (await exporting.read(owner, job))["status"] == "RUNNING"
    monkeypatch.undo()
    await exporting.work(job)
    failed = await exporting.read(owner, job)
    assert (failed["status"], failed["failure"]["code"], failed["download"]) == ("FAILED", "INTERNAL", None)


async def test_more_tickets_than_a_file_takes_are_refused(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_ROWS", 0)
    failed = await exporting.exported(await exporting.client.as_(OWNER))
    assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "LIMIT_EXCEEDED")
    assert await exporting.objects() == []


async def test_a_file_expires_by_comparison_and_is_swept(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.exported(owner)
    exporting.client.clock.advance(seconds=KEPT.total_seconds())
    owner = await exporting.client.as_(OWNER)
    over = await exporting.read(owner, job["id"])
    assert (over["status"], over["download"], over["rowCount"]) == ("EXPIRED", None, job["rowCount"])
    assert len(await exporting.objects()) == 1
    store = exporting.client.facilities.uploads.store
    assert await sweep_exports(exporting.worker, store, exporting.client.clock()) == 1
    assert await exporting.objects() == []
    assert (await exporting.read(owner, job["id"]))["status"] == "EXPIRED"


async def test_who_may_not_act_any_more_gets_nothing(exporting: Exporting) -> None:
    admin = await exporting.client.as_(ADMIN)
    job, owner = await exporting.asked(admin), await exporting.client.as_(OWNER)
    async with exporting.client.session() as session:
        await session.execute(update(User).where(User.email == ADMIN).values(status=UserStatus.DISABLED))
    await exporting.work(job)
    failed = await exporting.read(owner, job)
    assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "FORBIDDEN")


async def test_a_role_that_was_taken_away_counts(exporting: Exporting) -> None:
    admin = await exporting.client.as_(ADMIN)
    job = await exporting.asked(admin)
    async with exporting.client.session() as session:
        mine = Membership.user_id == exporting.world.alder.service
        await session.execute(update(Membership).where(mine).values(role="STANDARD_USER"))
    await exporting.work(job)
    failed = await exporting.read(await exporting.client.as_(OWNER), job)
    assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "FORBIDDEN")
    assert (await admin.query(READ, id=job)).codes == ["FORBIDDEN"]


async def test_administrators_see_what_others_export_and_nobody_else_does(exporting: Exporting) -> None:
    agent, colleague = await exporting.client.as_(AGENT), await exporting.client.as_("operator@northstar.example")
    own, other = await exporting.asked(agent), await exporting.asked(colleague)
    assert (await agent.query(LIST)).data["exportJobs"]["nodes"] == [{"id": own}]
    lead = await exporting.client.as_("lead@northstar.example")
    assert [node["id"] for node in (await lead.query(LIST)).data["exportJobs"]["nodes"]] == [other, own]
    assert (await agent.query(READ, id=other)).codes == ["NOT_FOUND"]
    assert (await (await exporting.client.as_(OWNER)).query(READ, id=own)).codes == ["NOT_FOUND"]


async def test_a_form_is_told_all_that_is_wrong_with_it(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    many = [encode("service", exporting.world.catalogue.backup)] * 101
    given = {"severities": [3] * 101, "serviceIds": many, "tenantIds": ["nonsense"], "createdSince": None}
    payload = await exporting.ask(owner, fileName="../a\u202eb", search="x" * 1_000, filter=given)
    assert problems(payload) == [
        ("INVALID_TEXT", "fileName"),
        ("LIMIT_EXCEEDED", "filter.serviceIds"),
        ("LIMIT_EXCEEDED", "filter.severities"),
        ("NOT_FOUND", "filter.tenantIds"),
        ("TOO_LONG", "search"),
    ]
    assert (await owner.query(LIST)).data["exportJobs"]["totalCount"] == 0


async def test_only_so_many_may_wait(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    payloads = await asyncio.gather(*(exporting.ask(owner) for _ in range(MOST_UNFINISHED + 2)))
    refused = [problems(payload) for payload in payloads if payload["userErrors"]]
    assert refused == [[("LIMIT_EXCEEDED", "")]] * 2
    assert (await owner.query(LIST)).data["exportJobs"]["totalCount"] == MOST_UNFINISHED


async def test_a_retry_with_its_key_is_the_same_export(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    given = {"format": "JSON", "idempotencyKey": "monday"}
    first, second = [await owner.query(CREATE, input=given) for _ in range(2)]
    assert first.data == second.data


async def test_who_exported_what_is_in_the_log_and_no_contents(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.exported(owner, search="mailbox", filter={"openOnly": True})
    await exporting.got(job)
    async with exporting.client.session() as session:
        noted = select(AuditEvent).where(AuditEvent.object_type == "export_job").order_by(AuditEvent.id)
        events = (await session.execute(noted)).scalars().all()
    assert [event.action for event in events] == ["export_job.create", "export_job.finish", "export_job.download"]
    created, finished, downloaded = (event.after or {} for event in events)
    assert created["wanted"]["criteria"] == {"search": "mailbox", "open_only": True}
    assert (finished, downloaded) == ({"file_name": job["fileName"]}, {"file_name": job["fileName"]})
    assert {event.actor_user_id for event in events} == {exporting.world.alder.owner}


async def test_a_strangers_id_finds_what_an_unknown_one_does(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    for tenant in (exporting.world.lone_pine.tenant, new_id()):
        job = await exporting.exported(owner, format="JSON", filter={"tenantIds": [encode("tenant", tenant)]})
        assert (job["status"], job["rowCount"], job["size"]) == ("READY", 0, 3)
