"""Files (A11, A12, C14): announced, uploaded to a signed address, attached with the agreement."""

import hashlib
from datetime import datetime
from typing import Any

import pytest

from domain.tickets.model import AttachmentState
from execution.ids import encode
from tests.schema.asking import REPLY, UPLOAD, counted, done, invited, made, problems, stored, uploaded
from tests.support.app import Running
from tests.support.world import PRIVACY_VERSION, World

GIVEN: dict[str, Any] = {"fileName": "night.log", "mediaType": "text/plain", "size": 5}


async def test_A11_a_file_is_announced_uploaded_and_attached(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    file = await uploaded(client, who)
    ticket = made(await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    found = await stored(client, file)
    assert (found.state, found.size) == (AttachmentState.ATTACHED, 5)
    assert found.sha256 == hashlib.sha256(b"a log").hexdigest()
    query = """query($id: ID!) { ticket(id: $id) {
      attachments(first: 5) { totalCount nodes { fileName upload { url } } }
    } }"""
    answer = (await who.query(query, id=ticket["id"])).data["ticket"]["attachments"]
    assert answer == {"totalCount": 1, "nodes": [{"fileName": "night.log", "upload": None}]}


async def test_A12_the_agreement_is_noted_with_who_when_and_which_version(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    file = await uploaded(client, who)
    made(await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    found = await stored(client, file)
    assert found.uploader_user_id == world.alder.owner
    assert (found.privacy_agreement_version, found.accepted_at) == (PRIVACY_VERSION, client.clock.now)


@pytest.mark.parametrize("version", [None, "", "2025-12"])
async def test_A12_a_file_without_the_current_agreement_is_refused(
    client: Running, world: World, version: str | None
) -> None:
    who = await client.as_("owner@alder.example")
    file = await uploaded(client, who)
    before = await counted(client)
    refused = await invited(who, world, attachmentIds=[file], privacyAgreementVersion=version)
    assert problems(refused) == [("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion")]
    assert await counted(client) == before
    assert (await stored(client, file)).state is AttachmentState.UPLOADED


async def test_A12_without_a_file_nothing_is_to_be_accepted(client: Running, world: World) -> None:
    made(await invited(await client.as_("owner@alder.example"), world))


async def test_A11_what_is_not_uploaded_yet_cannot_be_attached(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    file = (await done(who, UPLOAD, input=GIVEN))["attachment"]
    given = {"attachmentIds": [file["id"]], "privacyAgreementVersion": PRIVACY_VERSION}
    refused = await invited(who, world, **given)
    assert problems(refused) == [("INVALID_TRANSITION", "attachmentIds.0")]
    assert refused["userErrors"][0]["allowed"] == ["UPLOADED"]


async def test_A11_a_file_is_attached_once(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    file = await uploaded(client, who)
    given = {"attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    made(await invited(who, world, **given))
    assert problems(await invited(who, world, **given)) == [("INVALID_TRANSITION", "attachmentIds.0")]


async def test_A11_an_upload_is_its_uploaders_alone_until_it_is_attached(client: Running, world: World) -> None:
    who, other = await client.as_("owner@alder.example"), await client.as_("service@alder.example")
    file = await uploaded(client, who)
    query = "query($id: ID!) { node(id: $id) { ... on Attachment { fileName } } }"
    assert (await who.query(query, id=file)).data["node"] == {"fileName": "night.log"}
    for email in ("service@alder.example", "admin@meridian.example"):
        assert (await (await client.as_(email)).query(query, id=file)).codes == ["NOT_FOUND"]
    refused = await invited(other, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION)
    assert problems(refused) == [("NOT_FOUND", "attachmentIds.0")]
    made(await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    assert (await other.query(query, id=file)).data["node"] == {"fileName": "night.log"}


async def test_A11_a_partners_file_becomes_the_customers_with_the_ticket(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    file = await uploaded(client, admin)
    made(await invited(admin, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    found = await stored(client, file)
    assert (found.tenant_id, found.managing_partner_id) == (world.alder.tenant, world.meridian.tenant)


@pytest.mark.parametrize("who", ["user@alder.example", "agent@northstar.example"])
async def test_C14_files_come_with_replies(client: Running, world: World, who: str) -> None:
    asker = await client.as_(who)
    file = await uploaded(client, asker)
    given = {"body": "Here it is.", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    payload = await done(asker, REPLY, id=encode("ticket", world.alder.ticket), input=given)
    made(payload)
    assert payload["message"]["attachments"] == [{"id": file}]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fileName": "../etc/passwd"}, ("INVALID_TEXT", "fileName")),
        ({"fileName": "a\\b.txt"}, ("INVALID_TEXT", "fileName")),
        ({"fileName": "invoice\u202egpj.exe"}, ("INVALID_TEXT", "fileName")),
        ({"fileName": "a\x07b"}, ("INVALID_TEXT", "fileName")),
        ({"fileName": " "}, ("REQUIRED", "fileName")),
        ({"fileName": ".."}, ("REQUIRED", "fileName")),
        ({"fileName": "x" * 256}, ("TOO_LONG", "fileName")),
        ({"mediaType": "text"}, ("INVALID_TEXT", "mediaType")),
        ({"mediaType": "text/html\r\nX: y"}, ("INVALID_TEXT", "mediaType")),
        ({"size": 0}, ("OUT_OF_RANGE", "size")),
        ({"size": 25 * 1024 * 1024 + 1}, ("OUT_OF_RANGE", "size")),
    ],
)
async def test_A11_bad_files_are_refused_before_a_byte_is_sent(
    client: Running, world: World, change: dict[str, Any], problem: tuple[str, str]
) -> None:
    who = await client.as_("owner@alder.example")
    assert problems(await done(who, UPLOAD, input=GIVEN | change)) == [problem]


async def test_A11_who_may_not_ask_for_support_uploads_nothing(client: Running, world: World) -> None:
    refused = await done(await client.as_("operator@northstar.example"), UPLOAD, input=GIVEN)
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def announced(client: Running, size: int = 5) -> dict[str, Any]:
    who = await client.as_("owner@alder.example")
    return dict((await done(who, UPLOAD, input=GIVEN | {"size": size}))["attachment"])


async def test_A11_the_address_is_good_for_15_minutes(client: Running, world: World) -> None:
    file = await announced(client)
    ends = datetime.fromisoformat(file["upload"]["expiresAt"])
    client.clock.advance(minutes=15)
    assert ends <= client.clock.now
    assert (await client.http.put(file["upload"]["url"], content=b"a log")).status_code == 403
    assert (await stored(client, file["id"])).state is AttachmentState.AWAITING_UPLOAD


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "%00"])
async def test_A11_a_forged_address_is_refused(client: Running, world: World, token: str) -> None:
    assert (await client.http.put(f"/uploads?token={token}", content=b"a log")).status_code == 403


async def test_A11_a_tampered_address_is_refused(client: Running, world: World) -> None:
    url = (await announced(client))["upload"]["url"]
    head, _, signature = url.rpartition(".")
    assert (await client.http.put(f"{head}.{signature[::-1]}", content=b"a log")).status_code == 403


async def test_A11_more_bytes_than_announced_are_refused_and_a_second_try_is_possible(
    client: Running, world: World
) -> None:
    file = await announced(client)
    assert (await client.http.put(file["upload"]["url"], content=b"a longer log")).status_code == 413
    assert (await client.http.put(file["upload"]["url"], content=b"a log")).status_code == 204


async def test_A11_an_empty_file_is_refused(client: Running, world: World) -> None:
    file = await announced(client)
    assert (await client.http.put(file["upload"]["url"], content=b"")).status_code == 400
    assert (await stored(client, file["id"])).state is AttachmentState.AWAITING_UPLOAD


async def test_A11_bytes_never_change(client: Running, world: World) -> None:
    file = await announced(client)
    assert (await client.http.put(file["upload"]["url"], content=b"a log")).status_code == 204
    assert (await client.http.put(file["upload"]["url"], content=b"b log")).status_code == 409


async def test_A11_only_PUT_is_taken(client: Running, world: World) -> None:
    url = (await announced(client))["upload"]["url"]
    assert (await client.http.get(url)).status_code == 405
    assert (await client.http.post(url, content=b"a log")).status_code == 405
