"""Files that come with a request, by the GraphQL multipart request specification (A11)."""

import hashlib
import json
from typing import Any

import httpx
import pytest

from tests.app.attachments.files import objects, rows
from tests.schema.asking import invited, made, problems, stored
from tests.support.app import Client, Running
from tests.support.sending import File
from tests.support.world import PRIVACY_VERSION, World

OWNER = "owner@alder.example"
CREATE = """mutation Create($file: Upload!, $key: String) {
attachmentCreate(input: {file: $file, idempotencyKey: $key}) {
  attachment { id fileName mediaType size sha256 state upload { url } }
  userErrors { code field message ... on LimitExceededError { limit } } } }"""
PREFLIGHT = {"x-bailiwick-request": "1"}


async def created(who: Client, file: File, **more: Any) -> dict[str, Any]:
    """The payload of `attachmentCreate`."""
    return dict((await who.query(CREATE, file=file, **more)).data["attachmentCreate"])


async def posted(
    who: Client, operations: Any, places: Any, files: dict[str, Any] | None = None, **headers: str
) -> httpx.Response:
    """A multipart request as it is given."""
    texts = {"operations": operations, "map": places}
    data = {name: value if isinstance(value, str) else json.dumps(value) for name, value in texts.items()}
    given = {"0": ("a.log", b"a log", "text/plain")} if files is None else files
    return await who.http.post("/graphql", data=data, files=given, headers=who.headers | headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


OPERATION = {"query": CREATE, "variables": {"file": None}}
PLACES = {"0": ["variables.file"]}


async def test_A11_a_file_comes_with_the_request_and_is_attached(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    payload = await created(who, File(b"a log"))
    file = payload["attachment"]
    assert (payload["userErrors"], file["fileName"], file["mediaType"]) == ([], "night.log", "text/plain")
    assert (file["size"], file["state"], file["upload"]) == (5, "UPLOADED", None)
    assert file["sha256"] == hashlib.sha256(b"a log").hexdigest()
    made(await invited(who, world, attachmentIds=[file["id"]], privacyAgreementVersion=PRIVACY_VERSION))
    assert objects(client) == [(await stored(client, file["id"])).object_key]


async def test_A11_several_files_come_with_one_request(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    document = """mutation($one: Upload!, $two: Upload!) {
      a: attachmentCreate(input: {file: $two}) { attachment { fileName } }
      b: attachmentCreate(input: {file: $one}) { attachment { fileName } }
    }"""
    answer = (await who.query(document, one=File(b"one", "one.txt"), two=File(b"two", "two.txt"))).data
    assert [answer[name]["attachment"]["fileName"] for name in ("a", "b")] == ["two.txt", "one.txt"]
    assert (await rows(client), len(objects(client))) == (2, 2)


async def test_A11_a_large_file_comes_with_the_request(client: Running, world: World) -> None:
    content = bytes(range(256)) * 40_000
    payload = await created(await client.as_(OWNER), File(content, "trace.bin", "application/octet-stream"))
    assert payload["attachment"]["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (File(b""), "OUT_OF_RANGE"),
        (File(bytes(25 * 1024 * 1024 + 1)), "OUT_OF_RANGE"),
        (File(b"<html><script>alert(1)</script>", "cat.png", "image/png"), "MEDIA_TYPE_MISMATCH"),
        (File(b"a log", "a.log", "nonsense"), "INVALID_TEXT"),
        (File(b"a log", "../../etc/passwd"), "INVALID_TEXT"),
        (File(b"a log", "invoice\u202egpj.exe"), "INVALID_TEXT"),
        (File(b"a log", "x" * 256), "TOO_LONG"),
        (File(b"a log", ".."), "REQUIRED"),
    ],
    ids=["empty", "oversized", "HTML as PNG", "no type", "path", "bidi", "overlong", "dots"],
)
async def test_A11_a_bad_file_leaves_nothing(client: Running, world: World, file: File, code: str) -> None:
    payload = await created(await client.as_(OWNER), file)
    assert (problems(payload), payload["attachment"]) == ([(code, "file")], None)
    assert (await rows(client), objects(client)) == (0, [])


async def test_A11_who_may_not_ask_for_support_leaves_nothing(client: Running, world: World) -> None:
    payload = await created(await client.as_("operator@northstar.example"), File())
    assert [error["code"] for error in payload["userErrors"]] == ["FORBIDDEN"]
    assert (await rows(client), objects(client)) == (0, [])


async def test_A11_a_retry_gets_the_file_of_the_first_try(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    first, again = [await created(who, File(), key="one") for _ in range(2)]
    assert first["attachment"] == again["attachment"]
    assert (await rows(client), len(objects(client))) == (1, 1)


async def test_A11_another_file_is_no_retry(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    await created(who, File(b"a log"), key="one")
    payload = await created(who, File(b"b log"), key="one")
    assert [error["code"] for error in payload["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]
    assert (await rows(client), len(objects(client))) == (1, 1)


async def test_a_form_without_a_header_that_no_form_can_have_is_refused(client: Running, world: World) -> None:
    answer = await posted(client.nobody, OPERATION, PLACES)
    assert (answer.status_code, codes(answer)) == (403, ["CROSS_SITE_REQUEST"])


async def test_nobody_sends_files_who_is_not_signed_in(client: Running, world: World) -> None:
    answer = await posted(client.nobody, OPERATION, PLACES, None, **PREFLIGHT)
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])


@pytest.mark.parametrize(
    ("operations", "places"),
    [
        ("{", PLACES),
        (OPERATION, "{"),
        (OPERATION, []),
        (OPERATION, {"0": "variables.file"}),
        (OPERATION, {"0": [5]}),
        (OPERATION, {"1": ["variables.file"]}),
        (OPERATION, {"0": ["variables.file.name"]}),
        (OPERATION, {"0": ["query"]}),
        (OPERATION, {"0": [""]}),
        (OPERATION, {"0": ["variables.0.5"]}),
        ({"query": CREATE, "variables": {"file": "text"}}, PLACES),
        ({"query": CREATE, "variables": {"file": [None]}}, {"0": ["variables.file.1"]}),
        ({"query": CREATE, "variables": {"file": [None]}}, {"0": ["variables.file.-1"]}),
        ({"query": CREATE, "variables": {"file": [None]}}, {"0": ["variables.file.x"]}),
    ],
)
async def test_a_map_that_leads_nowhere_is_refused(client: Running, world: World, operations: Any, places: Any) -> None:
    answer = await posted(await client.as_(OWNER), operations, places)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])
    assert objects(client) == []


@pytest.mark.parametrize("missing", ["operations", "map"])
async def test_a_form_that_lacks_a_part_is_refused(client: Running, world: World, missing: str) -> None:
    who = await client.as_(OWNER)
    data = {"operations": json.dumps(OPERATION), "map": json.dumps(PLACES)}
    del data[missing]
    files = {"0": ("a.log", b"a log", "text/plain")}
    answer = await who.http.post("/graphql", data=data, files=files, headers=who.headers)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


async def test_a_body_that_is_no_form_is_refused(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        headers = who.headers | {"content-type": kind}
        answer = await who.http.post("/graphql", content=b"--y\r\n\r\nnonsense", headers=headers)
        assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


async def test_a_file_that_is_not_on_the_map_is_passed_over(client: Running, world: World) -> None:
    files = {"0": ("a.log", b"a log", "text/plain"), "1": ("b.log", b"b log", "text/plain")}
    answer = await posted(await client.as_(OWNER), OPERATION, PLACES, files)
    assert answer.json()["data"]["attachmentCreate"]["attachment"]["fileName"] == "a.log"
    assert len(objects(client)) == 1


async def test_more_files_than_a_request_takes_are_refused(client: Running, world: World) -> None:
    files = {str(n): (f"{n}.log", b"a log", "text/plain") for n in range(11)}
    answer = await posted(await client.as_(OWNER), OPERATION, PLACES, files)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


async def test_a_body_that_says_it_is_too_large_is_not_read(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    headers = who.headers | {"content-type": "multipart/form-data; boundary=x", "content-length": "104857601"}
    answer = await who.http.post("/graphql", content=b"", headers=headers)
    assert (answer.status_code, codes(answer)) == (413, ["LIMIT_EXCEEDED"])


@pytest.mark.parametrize("written", ["file", "", 5, {"name": "a.log"}, None])
async def test_text_is_no_file(client: Running, world: World, written: Any) -> None:
    who = await client.as_(OWNER)
    answer = await who.query(CREATE, file=written)
    assert answer.codes == ["BAD_USER_INPUT"]
    literal = 'mutation { attachmentCreate(input: {file: "a.log"}) { attachment { id } } }'
    assert (await who.query(literal)).codes == ["GRAPHQL_VALIDATION_FAILED"]
