"""Every leaf of every root field gets values that nobody means: each has its error in its place, nothing is left."""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from execution.ids import encode
from tests.bad_input import hostile
from tests.bad_input.asked import (
    FIELDS,
    MUTATIONS,
    QUERIES,
    Leaf,
    allowed,
    ask,
    at,
    changed,
    document,
    leaves,
    refusals,
    valid,
)
from tests.bad_input.scene import Scene, told
from tests.bad_input.test_ids import PREFIXES
from tests.support.app import Answer, Client
from tests.support.schema import SCHEMA

pytestmark = pytest.mark.thorough

OF_EVERY_INPUT = ("idempotencyKey", "clientMutationId")
"""What all inputs have in common is tried on one of them, in `test_idempotency.py`."""
TOGETHER = {"INVALID_CONTRACT_IDS", "RATE_LIMITED"}
"""Two ids that are wrong only together: neither is named, and failures are counted (spec 6)."""
STORED_NOWHERE = {"input.privacyAgreementVersion"}
"""Looked at only where it is needed, with files."""
QUERY_CODES = {"NOT_FOUND", "OUT_OF_RANGE", "INVALID_CURSOR", "TOO_LONG", "LIMIT_EXCEEDED"}
"""With which codes a query refuses values of the right type."""


def own(field: str, *kinds: str) -> list[Leaf]:
    return [leaf for leaf in leaves(field, *kinds) if leaf.path[-1] not in OF_EVERY_INPUT]


def shown(value: Any) -> str:
    return repr(value)[:60]


@pytest.mark.parametrize("field", sorted(name for name in MUTATIONS if own(name, *hostile.BY_KIND)))
async def test_a_mutation_refuses_with_the_path_of_the_field_and_leaves_nothing(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given, before = valid(field, scene.ground.values), await scene.rows()
    for leaf in own(field, *hostile.BY_KIND):
        for value in hostile.values(leaf.kind, listed=leaf.listed):
            answer = await ask(who, field, changed(field, given, leaf, value))
            found = told(answer, field)
            where = (leaf.name, shown(value), found)
            assert "errors" not in answer.body, where
            if found:
                codes = {code for code, *_ in found}
                named = any(_is_told(code, path, leaf) for code, _, path in found)
                assert named or codes <= TOGETHER, where
                assert await scene.rows() == before, where
                continue
            assert not _must_be_refused(leaf, value), where
            await scene.restored()
            who = await scene.enter(allowed(field))


def _is_told(code: str, path: list[str] | None, leaf: Leaf) -> bool:
    """Whether an error names the leaf, or something in it; a filter that finds nothing is not found as a whole."""
    if not path:
        return False
    return path[: len(leaf.told)] == leaf.told or (code == "NOT_FOUND" and leaf.told[: len(path)] == path)


def _must_be_refused(leaf: Leaf, value: Any) -> bool:
    text = value[0] if isinstance(value, list) and value else value
    return leaf.kind == "String" and leaf.name not in STORED_NOWHERE and text in hostile.NEVER


@pytest.mark.parametrize("field", sorted(name for name in QUERIES if own(name, *hostile.BY_KIND)))
async def test_a_query_refuses_among_the_errors(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given = valid(field, scene.ground.values)
    for leaf in own(field, *hostile.BY_KIND):
        for value in hostile.values(leaf.kind, listed=leaf.listed):
            answer = await ask(who, field, changed(field, given, leaf, value))
            found = told(answer, field)
            assert {code for code, *_ in found} <= QUERY_CODES, (leaf.name, shown(value), found)
            assert all(path[:1] == [field] for _, _, path in found), (leaf.name, shown(value), found)


@pytest.mark.parametrize("field", sorted(name for name in FIELDS if FIELDS[name].args))
async def test_values_of_a_wrong_type_are_the_callers_mistake(scene: Scene, field: str) -> None:
    """GraphQL refuses them before anything runs."""
    who = await scene.enter(allowed(field))
    given, before = valid(field, scene.ground.values), await scene.rows()
    for leaf in own(field):
        for value in hostile.malformed(leaf.kind, listed=leaf.listed):
            answer = await ask(who, field, changed(field, given, leaf, value))
            found = told(answer, field)
            assert {code for code, *_ in found} == {"BAD_USER_INPUT"}, (leaf.name, shown(value), found)
            assert ("data" in answer.body, answer.response.status_code) == (False, 400), (leaf.name, shown(value))
    assert await scene.rows() == before


@pytest.mark.parametrize("field", sorted(name for name in FIELDS if own(name, "String", "ID")))
async def test_null_characters_and_lone_surrogates_are_refused_before_anything_runs(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given, before = valid(field, scene.ground.values), await scene.rows()
    no_json = {rb"a\ud800b": "BAD_REQUEST", b"a\xed\xa0\x80b": "BAD_REQUEST"}
    for number, leaf in enumerate(leaves(field, "String", "ID")):
        spoiled = changed(field, given, leaf, ["a@b"] if leaf.listed else "a@b")
        refused = {rb"a\u0000b": "BAD_USER_INPUT"} | ({} if number else no_json)  # which is none wherever it stands
        for sent, code in refused.items():
            body = orjson.dumps({"query": document(field), "variables": spoiled}).replace(b"a@b", sent)
            answer = await posted(who, body)
            found = told(answer, field)
            assert ([each for each, *_ in found], answer.response.status_code) == ([code], 400), (leaf.name, sent)
    assert await scene.rows() == before


async def posted(who: Client, body: bytes) -> Answer:
    headers = who.headers | {"content-type": "application/json"}
    return Answer(await who.http.post("/graphql", content=body, headers=headers))


@pytest.mark.parametrize("literal", ['"a\\u0000b"', '"\\ud800"', '"\\u{D800}"', '"""a\0b"""', '"a\0b"'])
async def test_null_characters_and_surrogates_in_a_document_are_refused(scene: Scene, literal: str) -> None:
    who, before = await scene.enter("standard_user"), await scene.rows()
    answer = await who.query(
        f"mutation {{ ticketReplyAdd(ticketId: {literal}, input: {{body: {literal}}}) {{ __typename }} }}"
    )
    told(answer, "ticketReplyAdd")
    assert answer.codes[0] in {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"}
    assert "data" not in answer.body
    assert await scene.rows() == before


@pytest.mark.parametrize("field", sorted(name for name in FIELDS if FIELDS[name].args))
async def test_what_is_missing_or_unknown_is_the_callers_mistake(scene: Scene, field: str) -> None:
    """Each required leaf left out or null, and one input field too many."""
    who = await scene.enter(allowed(field))
    given, before = valid(field, scene.ground.values), await scene.rows()
    wrong = [changed(field, given, leaf, None) for leaf in leaves(field) if leaf.required]
    for leaf in leaves(field):
        if leaf.required:
            missing = changed(field, given, leaf, None)
            del at(missing, leaf.path[:-1])[leaf.path[-1]]
            wrong.append(missing)
    if "input" in given:
        wrong += [given | {"input": given["input"] | {"surprise": 1}}, given | {"input": None}, given | {"input": []}]
    for arguments in wrong:
        answer = await ask(who, field, arguments)
        assert {code for code, *_ in told(answer, field)} == {"BAD_USER_INPUT"}, arguments
        assert "data" not in answer.body
    assert await scene.rows() == before


async def test_ten_thousand_faults_are_told_once(scene: Scene) -> None:
    """A form of many faults must not be answered with more than it holds."""
    who = await scene.enter("tenant_owner")
    ids = [encode("attachment", uuid4()) for _ in range(10_000)]
    texts = [f"{index}\u0007" for index in range(10_000)]
    given = valid("ticketCreate", scene.ground.values)
    for name, many in {"jobIds": texts, "additionalRecipients": texts, "attachmentIds": ids}.items():
        answer = await ask(who, "ticketCreate", {"input": given["input"] | {name: many}})
        assert [(found, path) for found, _, path in told(answer, "ticketCreate")] == [("LIMIT_EXCEEDED", [name])]


async def test_a_filter_of_ten_thousand_values_is_refused(scene: Scene) -> None:
    who = await scene.enter("partner_admin")
    for field in ("customers", "tickets", "auditEvents"):
        given = valid(field, scene.ground.values)
        for leaf in leaves(field):
            if not leaf.listed:
                continue
            answer = await ask(who, field, changed(field, given, leaf, [_one(leaf)] * 10_000))
            assert refusals(answer, field) == [("LIMIT_EXCEEDED", "At most 100 values at once.", [field])], leaf.name
            assert answer.body["errors"][0]["extensions"]["argument"] == leaf.path[-1]


def _one(leaf: Leaf) -> Any:
    if leaf.kind == "ID":
        return encode(PREFIXES[leaf.path[-1]], uuid4())
    enum = SCHEMA.type_map[leaf.kind]
    return {"Int": 1, "String": "a"}.get(leaf.kind) or next(iter(enum.values))  # type: ignore[attr-defined]  # an enum
