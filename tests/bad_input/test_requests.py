"""Requests as a whole: what they carry, how deep they go, and whose they claim to be."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from app.sign_in.access_tokens import Claims
from execution.ids import encode
from tests.bad_input import hostile
from tests.bad_input.asked import MUTATIONS, ask, document, valid
from tests.bad_input.scene import Scene, told
from tests.support.app import Answer, Client

DEEP = 10_000
FIELD = "ticketReplyAdd"


async def posted(who: Client, body: bytes) -> Answer:
    headers = who.headers | {"content-type": "application/json"}
    return Answer(await who.http.post("/graphql", content=body, headers=headers))


async def test_a_body_over_the_limit_is_413_and_does_nothing(scene: Scene) -> None:
    who, before = await scene.enter("tenant_owner"), await scene.rows()
    given = valid(FIELD, scene.ground.values)
    for size in (1024 * 1024, 5 * 1024 * 1024):
        answer = await ask(who, FIELD, given | {"input": {"body": "x" * size}})
        assert (answer.response.status_code, answer.codes) == (413, ["LIMIT_EXCEEDED"])
    assert await scene.rows() == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ viewer " * DEEP + "{ id }" + "}" * DEEP, "LIMIT_EXCEEDED"),
        ("{ nodes(ids: " + "[" * DEEP + "]" * DEEP + ") { id } }", "LIMIT_EXCEEDED"),
        ("mutation { ticketReplyAdd(ticketId: 1, input: " + "{a: " * DEEP + "1" + "}" * DEEP + ") }", "LIMIT_EXCEEDED"),
        ("query ($a: " + "[" * DEEP + "ID" + "]" * DEEP + ") { viewer { id } }", "LIMIT_EXCEEDED"),
        ("{ " + "... { " * DEEP + "viewer { id }" + " }" * DEEP + " }", "LIMIT_EXCEEDED"),
        ("{ viewer { id } " + "viewer { id } " * DEEP + "}", "LIMIT_EXCEEDED"),
        ("{" * DEEP, "GRAPHQL_PARSE_FAILED"),
        ("#" + "\n#" * DEEP, "LIMIT_EXCEEDED"),
        ('{ viewer { id } } """' + "x" * 100_000, "GRAPHQL_PARSE_FAILED"),
        ("\ufeff\ufeff{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_a_document_of_ten_thousand_levels_is_refused(scene: Scene, text: str, code: str) -> None:
    answer = await (await scene.enter("tenant_owner")).query(text)
    assert {found for found, *_ in told(answer, "viewer")} == {code}
    assert ("data" in answer.body, answer.response.status_code) == (False, 400)


async def test_variables_of_ten_thousand_levels_are_refused(scene: Scene) -> None:
    who, before = await scene.enter("tenant_owner"), await scene.rows()
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        for levels in (100, 900, DEEP):
            nested = opening * levels + "1" + closing * levels
            body = f'{{"query": {orjson.dumps(document(FIELD)).decode()}, "variables": {{"input": {nested}}}}}'
            answer = await posted(who, body.encode())
            assert answer.response.status_code == 400
            assert answer.codes[0] in {"LIMIT_EXCEEDED", "BAD_REQUEST"}
    assert await scene.rows() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b'"a"',
        b"\xff\xfe",
        b"{",
        b'{"query": 5}',
        b'{"query": "{ viewer { id } }", "variables": []}',
    ],
)
async def test_a_body_that_is_no_request_is_400(scene: Scene, body: bytes) -> None:
    answer = await posted(await scene.enter("tenant_owner"), body)
    assert (answer.response.status_code, answer.codes) == (400, ["BAD_REQUEST"])


async def _forged(scene: Scene) -> dict[str, str]:
    """Tokens that are not, or no longer, for anybody."""
    true = (await scene.enter("tenant_owner")).token or ""
    head, claims, signature = true.split(".")
    other, _ = await scene.client.sign_in.tokens.issue(Claims(uuid4(), uuid4()))
    nobody = await scene.client.as_(scene.world.alder.user)
    return {
        "nothing": "x",
        "cut": true[:-10],
        "signature of another": f"{head}.{claims}.{(nobody.token or '').split('.')[2]}",
        "claims of another": f"{head}.{(nobody.token or '').split('.')[1]}.{signature}",
        "no signature": f"{head}.{claims}.",
        "no algorithm": f"eyJhbGciOiJub25lIn0.{claims}.",
        "a session that never was": other,
        "long": "x" * 50_000,
        "machine": "bwk_" + "x" * 40,
        "machine, changed": scene.ground.machine_token[:-1] + ("a" if scene.ground.machine_token[-1] != "a" else "b"),
    }


async def test_forged_tokens_do_nothing(scene: Scene) -> None:
    before = await scene.rows()
    for name, token in (await _forged(scene)).items():
        for field in (FIELD, "tickets", "viewer"):
            answer = await ask(scene.client.with_token(token), field, valid(field, scene.ground.values))
            told(answer, field)
            found = (answer.response.status_code, answer.codes, "data" in answer.body)
            assert found == (401, ["UNAUTHENTICATED"], False), name
    assert await scene.rows() == before


@pytest.mark.parametrize("field", sorted(MUTATIONS))
async def test_an_expired_token_does_nothing(scene: Scene, field: str) -> None:
    who = await scene.enter("tenant_owner")
    before = await scene.rows()
    scene.client.clock.advance(days=1)
    answer = await ask(who, field, valid(field, scene.ground.values))
    assert (answer.response.status_code, answer.codes, "data" in answer.body) == (401, ["UNAUTHENTICATED"], False)
    assert await scene.rows() == before


async def test_every_tenant_in_which_one_may_not_act_is_answered_alike(scene: Scene) -> None:
    """Strangers' tenants, the own partner and customers, and what is no tenant at all (AMB-34)."""
    world = scene.world
    for role, mine in (("tenant_owner", world.alder.tenant), ("partner_admin", world.meridian.tenant)):
        token = (await scene.enter(role)).token or ""
        others = {world.alder.tenant, world.meridian.tenant, world.solstice.tenant, world.platform.tenant} - {mine}
        named = [*(encode("tenant", other) for other in others), scene.foreign["tenant"], encode("tenant", uuid4())]
        answers = []
        for header in (*named, scene.foreign["ticket"], "", "tenant_", "x" * 5_000, "%00", encode("ticket", mine)):
            answer = await ask(scene.client.with_token(token, header), "viewer", {})
            answers.append((answer.response.status_code, answer.body))
        assert all(answer == answers[0] for answer in answers)
        assert answers[0][1]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


SIGN_IN: tuple[dict[str, Any], ...] = (
    {},
    {"grant_type": "password"},
    {"grant_type": "admin"},
    {"grant_type": "password", "username": "owner@alder.example", "password": "\0"},
    {"grant_type": "password", "username": "\0", "password": "x"},
    {"grant_type": "password", "username": hostile.BIDI, "password": "x"},
    {"grant_type": "password", "username": "٣٤@alder.example", "password": "x"},
    {"grant_type": "password", "username": "x" * 10_000, "password": "x"},
    {"grant_type": "password", "username": "owner@alder.example", "password": "x" * 10_000},
    {"grant_type": "password", "username": "' OR 1=1 --", "password": "x"},
    {"grant_type": "refresh_token", "refresh_token": hostile.CONTROL},
    {"grant_type": "refresh_token", "refresh_token": "x" * 10_000},
    {"grant_type": "password", "username": ["owner@alder.example"], "password": "x"},
    {"grant_type": "password", "username": "owner@alder.example", "password": None},
)


@pytest.mark.parametrize("given", SIGN_IN)
async def test_bad_sign_ins_say_what_oauth_says(scene: Scene, given: dict[str, Any]) -> None:
    http = scene.client.http
    for response in (await http.post("/auth/token", json=given), await http.post("/auth/token", data=given)):
        assert response.status_code in {400, 401}, response.text
        assert set(response.json()) == {"error", "error_description"}
        assert response.json()["error"] in {"invalid_request", "invalid_grant", "unsupported_grant_type"}


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"null", b"[", b"[" * 5_000, b'{"grant_type": "\\ud800"}', b"{" * 20_000]
)
async def test_sign_ins_that_are_no_json_are_refused(scene: Scene, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = await scene.client.http.post("/auth/token", content=body, headers=headers)
    assert response.status_code in {400, 413}
    assert response.json()["error"] == "invalid_request"


async def test_a_hundred_bad_requests_at_once_leave_the_good_one_unharmed(scene: Scene) -> None:
    who = await scene.enter("tenant_owner")
    bad = [who.query("{ tickets(first: 101) { totalCount } }") for _ in range(100)]
    *refused, good = await asyncio.gather(*bad, who.query("{ tickets(first: 1) { totalCount } }"))
    assert {code for answer in refused for code in answer.codes} == {"OUT_OF_RANGE"}
    assert good.data == {"tickets": {"totalCount": 4}}
