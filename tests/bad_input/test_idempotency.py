"""Retried mutations (spec 3, 5): the same key and body do nothing again, another body is refused."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from execution.ids import encode
from tests.bad_input import hostile
from tests.bad_input.asked import MUTATIONS, allowed, ask, at, changed, leaves, refusals, valid
from tests.bad_input.scene import Scene, told
from tests.bad_input.test_ids import prefix_of
from tests.support.app import Answer, Client
from tests.support.schema import SCHEMA

pytestmark = pytest.mark.thorough

KEY = "the very same key"
LOOKS = {"supportContractVerify", "supportContractLink"}
"""Each look at a contract's ids is noted in the log, also a repeated one (spec 6)."""
VISITORS = {"accountSignUp": "email", "accountPasswordResetRequest": "email", "accountPasswordSet": "token"}
"""Nobody has signed in: keys are kept apart by whom it is about, which this field says."""
ADDING = {
    "ticketCreate": "ticket",
    "supportInviteNewIssue": "ticket",
    "ticketReplyAdd": "ticket_message",
    "ticketNoteAdd": "ticket_message",
    "attachmentUploadCreate": "attachment",
    "entitlementAdjust": "entitlement_transaction",
    "customerPin": "customer_pin",
}
"""Mutations that add a row of this table each time they are run, or each time it is not there."""


def keyed(scene: Scene, field: str, key: str = KEY) -> dict[str, Any]:
    """Valid arguments under a key."""
    given = valid(field, scene.ground.values)
    return given | {"input": given["input"] | {"idempotencyKey": key}}


async def events(scene: Scene) -> int:
    async with scene.client.session() as session:
        return int((await session.execute(text("SELECT count(*) FROM audit_event"))).scalar_one())


async def count(scene: Scene, table: str) -> int:
    async with scene.client.session() as session:
        return int((await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


@pytest.mark.parametrize("field", sorted(MUTATIONS))
async def test_the_same_key_and_body_get_the_same_answer_and_nothing_is_done_twice(scene: Scene, field: str) -> None:
    who, given = await scene.enter(allowed(field)), keyed(scene, field)
    first = await ask(who, field, given)
    assert told(first, field) == []
    done, noted = await scene.rows(), await events(scene)
    again = given | {"input": given["input"] | {"clientMutationId": "another try"}}
    second = await ask(who, field, again)
    assert told(second, field) == []
    assert second.data[field].pop("clientMutationId") == "another try"
    expected = {name: value for name, value in first.data[field].items() if name != "clientMutationId"}
    assert {name: value for name, value in second.data[field].items() if name != "clientMutationId"} == expected
    assert await scene.rows() == done
    assert await events(scene) == noted + (field in LOOKS)


@pytest.mark.parametrize("field", sorted(MUTATIONS))
async def test_the_same_key_with_another_body_is_refused_and_nothing_is_done(scene: Scene, field: str) -> None:
    who, given = await scene.enter(allowed(field)), keyed(scene, field)
    assert told(await ask(who, field, given), field) == []
    done = await scene.rows()
    for other in others(field, given):
        answer = await ask(who, field, other)
        mismatch = ("IDEMPOTENCY_MISMATCH", "This key was used with other arguments.", ["idempotencyKey"])
        assert told(answer, field) == [mismatch], other
    assert await scene.rows() == done


def others(field: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """The same arguments with another value at each leaf that can have one."""
    made = []
    for leaf in leaves(field, "ID", "String", "Int", "Boolean"):
        if leaf.path[-1] in {"idempotencyKey", "clientMutationId"}:
            continue
        if leaf.path[-1] == VISITORS.get(field):
            continue
        value: Any = {"Int": 7, "String": "another text"}.get(leaf.kind)
        if leaf.kind == "ID":
            value = encode(prefix_of(field, leaf), uuid4())
        if leaf.kind == "Boolean":
            was = at(given, leaf.path)
            value = not (leaf.default if was is None else was)
        made.append(changed(field, given, leaf, [value] if leaf.listed else value))
    return made


async def test_a_key_is_good_for_one_mutation_alone(scene: Scene) -> None:
    who = await scene.enter("partner_admin")
    assert told(await ask(who, "customerPin", keyed(scene, "customerPin")), "customerPin") == []
    for field in ("customerUnpin", "customerUpdate", "customerManagementModeChange"):
        found = told(await ask(who, field, keyed(scene, field)), field)
        assert [(code, path) for code, _, path in found] == [("IDEMPOTENCY_MISMATCH", ["idempotencyKey"])]


@pytest.mark.parametrize("field", sorted(ADDING))
async def test_the_same_key_at_the_same_time_does_it_once(scene: Scene, field: str) -> None:
    who, given = await scene.enter(allowed(field)), keyed(scene, field)
    before = await count(scene, ADDING[field])
    answers = await asyncio.gather(*(ask(who, field, given) for _ in range(5)))
    assert [told(answer, field) for answer in answers] == [[]] * 5
    assert all(answer.body == answers[0].body for answer in answers)
    assert await count(scene, ADDING[field]) == before + 1


async def test_two_bodies_under_one_key_at_the_same_time_are_one_and_a_mismatch(scene: Scene) -> None:
    who, given = await scene.enter("tenant_owner"), keyed(scene, "ticketCreate")
    other = given | {"input": given["input"] | {"summary": "Something else"}}
    before = await count(scene, "ticket")
    answers = await asyncio.gather(*(ask(who, "ticketCreate", one) for one in (given, other)))
    codes = sorted(code for answer in answers for code, *_ in told(answer, "ticketCreate"))
    assert (codes, await count(scene, "ticket")) == (["IDEMPOTENCY_MISMATCH"], before + 1)


async def test_a_refused_attempt_leaves_its_key_free(scene: Scene) -> None:
    """Whoever corrects a form sends the same key again."""
    who, given = await scene.enter("tenant_owner"), keyed(scene, "ticketCreate")
    before = await scene.rows()
    wrong = given | {"input": given["input"] | {"summary": " "}}
    assert [code for code, *_ in told(await ask(who, "ticketCreate", wrong), "ticketCreate")] == ["REQUIRED"]
    assert await scene.rows() == before
    assert told(await ask(who, "ticketCreate", given), "ticketCreate") == []


async def test_keys_of_others_are_their_own(scene: Scene) -> None:
    """A key tells nothing about what somebody else did with it."""
    given = keyed(scene, "ticketReplyAdd")
    found = []
    for role in ("tenant_owner", "standard_user", "partner_admin"):
        answer = await ask(await scene.enter(role), "ticketReplyAdd", given)
        assert told(answer, "ticketReplyAdd") == []
        found.append(answer.data["ticketReplyAdd"]["message"]["id"])
    assert len(set(found)) == 3


async def test_an_answer_is_repeated_though_it_would_be_refused_now_before_anything_is_read(scene: Scene) -> None:
    who, given = await scene.enter("tenant_owner"), keyed(scene, "supportInviteNewIssue")
    first = await ask(who, "supportInviteNewIssue", given)
    async with scene.client.session() as session:
        await session.execute(text("UPDATE membership SET role = 'STANDARD_USER' WHERE role = 'TENANT_OWNER'"))
    again = await ask(who, "supportInviteNewIssue", given)
    assert told(again, "supportInviteNewIssue") == []
    assert again.data["supportInviteNewIssue"]["ticket"]["id"] == first.data["supportInviteNewIssue"]["ticket"]["id"]
    unheard = keyed(scene, "supportInviteNewIssue", "another key")
    assert [code for code, *_ in told(await ask(who, "supportInviteNewIssue", unheard), "supportInviteNewIssue")] == [
        "FORBIDDEN"
    ]


async def test_an_answer_is_not_repeated_to_whoever_has_lost_access(scene: Scene) -> None:
    """What a key stands for is read with the rights of now (spec 4.4)."""
    partner, owner = await scene.enter("partner_admin"), await scene.enter("tenant_owner")
    given = keyed(scene, "ticketReplyAdd")
    assert (await ask(partner, "ticketReplyAdd", given)).data["ticketReplyAdd"]["ticket"] is not None
    taken = await ask(owner, "tenantManagementTakeOver", {"input": {}})
    assert told(taken, "tenantManagementTakeOver") == []
    again = (await ask(partner, "ticketReplyAdd", given)).body["data"]["ticketReplyAdd"]
    assert (again["ticket"], again["message"]) == (None, None)


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("", ["OUT_OF_RANGE"]),
        (" \u2003 ", ["OUT_OF_RANGE"]),
        ("x" * 256, ["OUT_OF_RANGE"]),
        (hostile.LONG, ["OUT_OF_RANGE"]),
        ("x" * 255, []),
        ("\U0001f469" * 255, []),
        (hostile.CONTROL, []),
        ("'; DROP TABLE ticket; --", []),
    ],
)
async def test_a_key_has_1_to_255_characters_of_any_kind(scene: Scene, key: str, codes: list[str]) -> None:
    who, before = await scene.enter("partner_admin"), await scene.rows()
    answer = await ask(who, "customerPin", keyed(scene, "customerPin", key))
    assert [code for code, *_ in told(answer, "customerPin")] == codes
    if codes:
        assert refusals(answer, "customerPin")[0][2] == ["idempotencyKey"]
        assert await scene.rows() == before


@pytest.mark.parametrize("text_sent", ["", hostile.LONG, hostile.BIDI, hostile.CONTROL, "%s{}"])
async def test_the_clients_own_id_comes_back_as_it_was(scene: Scene, text_sent: str) -> None:
    given = valid("customerPin", scene.ground.values) | {"input": {"clientMutationId": text_sent}}
    answer = await ask(await scene.enter("partner_admin"), "customerPin", given)
    assert answer.data["customerPin"]["clientMutationId"] == text_sent


VERSIONED = sorted(field for field, root in MUTATIONS.items() if "expectedVersion" in root.args)
DELETING = [field for field in VERSIONED if field.endswith("Delete")]


@pytest.mark.parametrize("field", sorted({*VERSIONED} - {*DELETING}))
async def test_of_two_edits_of_one_version_one_wins(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given = valid(field, scene.ground.values) | {"expectedVersion": 1}
    answers = await asyncio.gather(*(ask(who, field, given) for _ in range(2)))
    won, lost = sorted(answers, key=lambda answer: len(told(answer, field)))
    assert told(won, field) == []
    assert [(code, path) for code, _, path in told(lost, field)] == [("CONFLICT", ["expectedVersion"])]
    assert errors(lost, field)[0]["currentVersion"] == 2


@pytest.mark.parametrize("field", DELETING)
async def test_of_two_deletions_of_one_version_one_wins(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given = valid(field, scene.ground.values) | {"expectedVersion": 1}
    answers = await asyncio.gather(*(ask(who, field, given) for _ in range(2)))
    won, lost = sorted(answers, key=lambda answer: len(told(answer, field)))
    assert told(won, field) == []
    assert [code for code, *_ in told(lost, field)] == ["NOT_FOUND"]


@pytest.mark.parametrize("field", VERSIONED)
async def test_a_version_that_never_was_is_a_conflict_and_changes_nothing(scene: Scene, field: str) -> None:
    who, before = await scene.enter(allowed(field)), await scene.rows()
    for version in (0, -1, 2, 2**31 - 1, -(2**31)):
        answer = await ask(who, field, valid(field, scene.ground.values) | {"expectedVersion": version})
        assert [(code, path) for code, _, path in told(answer, field)] == [("CONFLICT", ["expectedVersion"])]
        assert errors(answer, field)[0]["currentVersion"] == 1
    assert await scene.rows() == before


def errors(answer: Answer, field: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.data[field]["userErrors"]
    return found


async def test_two_people_edit_a_customer_and_one_is_told(scene: Scene) -> None:
    """Not only the same form twice: different changes of different people."""
    admin, other = await scene.enter("partner_admin"), await second_admin(scene)
    given = valid("customerUpdate", scene.ground.values)
    one, two = (given | {"input": {"notes": notes}} for notes in ("Calls on Mondays", "Calls on Fridays"))
    answers = await asyncio.gather(ask(admin, "customerUpdate", one), ask(other, "customerUpdate", two))
    assert sorted(len(told(answer, "customerUpdate")) for answer in answers) == [0, 1]
    kept = await admin.query("query ($id: ID!) { customer(id: $id) { notes version } }", id=given["customerId"])
    winner = "Calls on Mondays" if not told(answers[0], "customerUpdate") else "Calls on Fridays"
    assert kept.data["customer"] == {"notes": winner, "version": 2}


async def second_admin(scene: Scene) -> Client:
    async with scene.client.session() as session:
        await session.execute(
            text("UPDATE membership SET role = 'PARTNER_ADMIN' WHERE id = :id"),
            {"id": scene.world.meridian.staff_membership},
        )
    return await scene.enter("partner_user")


def test_every_mutation_takes_a_key() -> None:
    inputs = [SCHEMA.type_map[str(root.args["input"].type).rstrip("!")] for root in MUTATIONS.values()]
    assert all("idempotencyKey" in kind.fields for kind in inputs)  # type: ignore[attr-defined]  # input objects
