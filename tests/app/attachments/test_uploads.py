"""Files that arrive: whole, in pieces over a bad network, or not as they were announced (A11)."""

import asyncio
import hashlib
import zipfile
from base64 import b64encode
from io import BytesIO

import pytest
from sqlalchemy import update

from app.attachments.incoming import End, Incoming
from domain.support.permits import Purpose
from domain.tenants.credentials import SignInSession
from domain.tenants.model import Membership
from domain.tickets.model import Attachment, AttachmentState, Ticket
from tests.app.attachments.files import (
    PIECE,
    TUS,
    actor,
    address,
    announced,
    cut,
    forged,
    key,
    objects,
    piece,
    seen,
    sent,
    standing,
)
from tests.schema.asking import REPLY, UPLOAD, counted, done, invited, made, of, problems, stored
from tests.support.app import Running
from tests.support.world import PRIVACY_VERSION, World

OWNER = "owner@alder.example"
CONTENT = b"02:00:11 job started\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


async def test_A11_a_file_arrives_in_pieces(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    assert await standing(who, file["url"]) == 0
    for start, end in ((0, 5), (5, 12), (12, len(CONTENT))):
        answer = await piece(who, file["url"], start, CONTENT[start:end])
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(end))
        assert await standing(who, file["url"]) == end
    found = await stored(client, file["id"])
    assert (found.state, found.sha256) == (AttachmentState.UPLOADED, hashlib.sha256(CONTENT).hexdigest())
    assert (await client.http.get(await address(who, file["id"]))).content == CONTENT
    assert objects(client) == [found.object_key]


async def test_A11_how_far_a_file_has_come_can_be_asked(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:7])
    upload = (await seen(who, file["id"]))["upload"]
    assert upload["received"] == 7
    assert (await piece(who, upload["url"], 7, CONTENT[7:])).status_code == 204


async def test_A11_a_new_address_goes_on_where_the_old_one_ended(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:7])
    client.clock.advance(minutes=16)
    assert (await piece(who, file["url"], 7, CONTENT[7:])).status_code == 403
    renewed = (await seen(await client.as_(OWNER), file["id"]))["upload"]["url"]
    assert (await piece(who, renewed, 7, CONTENT[7:])).status_code == 204


async def test_A11_the_protocol_tells_what_it_can(client: Running, world: World) -> None:
    told = await client.http.options("/uploads")
    assert (told.status_code, told.headers["tus-version"], told.headers["tus-max-size"]) == (204, "1.0.0", "26214400")


@pytest.mark.parametrize("offset", [0, 4, 6, 21])
async def test_A11_a_piece_that_does_not_follow_is_refused(client: Running, world: World, offset: int) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:5])
    answer = await piece(who, file["url"], offset, CONTENT[5:])
    assert (answer.status_code, answer.headers["upload-offset"]) == (409, "5")
    assert await standing(who, file["url"]) == 5


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**PIECE, "tus-resumable": "0.2.2", "upload-offset": "0"}, 412),
        ({"content-type": PIECE["content-type"], "upload-offset": "0"}, 412),
        ({**TUS, "content-type": "text/plain", "upload-offset": "0"}, 415),
        ({**PIECE}, 400),
        ({**PIECE, "upload-offset": "-1"}, 400),
        ({**PIECE, "upload-offset": "x"}, 400),
        ({**PIECE, "upload-offset": "9" * 30}, 400),
    ],
)
async def test_A11_a_request_that_is_none_of_the_protocol_is_refused(
    client: Running, world: World, headers: dict[str, str], status: int
) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    assert (await client.http.patch(file["url"], content=CONTENT, headers=headers)).status_code == status
    assert objects(client) == []


async def test_A11_who_cannot_send_PATCH_says_so_in_a_header(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    headers = {**PIECE, "upload-offset": "0", "x-http-method-override": "PATCH"}
    assert (await client.http.post(file["url"], content=CONTENT, headers=headers)).status_code == 204
    assert (await stored(client, file["id"])).state is AttachmentState.UPLOADED


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_A11_what_was_cut_in_the_middle_goes_on_there(client: Running, world: World, method: str) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    headers = {} if method == "PUT" else {**PIECE, "upload-offset": "0"}
    await cut(client, method, file["url"], headers, CONTENT[:4], CONTENT[4:9])
    assert await standing(who, file["url"]) == 9
    assert (await stored(client, file["id"])).state is AttachmentState.AWAITING_UPLOAD
    assert (await piece(who, file["url"], 9, CONTENT[9:])).status_code == 204
    assert (await client.http.get(await address(who, file["id"]))).content == CONTENT


async def test_A11_what_was_cut_before_its_first_byte_changes_nothing(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:9])
    await cut(client, "PUT", file["url"], {})
    assert await standing(who, file["url"]) == 9


async def test_A11_a_file_that_is_sent_afresh_replaces_its_pieces(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, b"something else")
    assert (await client.http.put(file["url"], content=CONTENT)).status_code == 204
    assert (await client.http.get(await address(who, file["id"]))).content == CONTENT
    assert objects(client) == [(await stored(client, file["id"])).object_key]


async def test_A11_of_two_pieces_for_one_place_one_counts(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, 4)
    answers = await asyncio.gather(*(piece(who, file["url"], 0, content) for content in (b"aa", b"bb", b"cc")))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert await standing(who, file["url"]) == 2
    assert len(objects(client)) == 1


async def test_A11_a_piece_with_too_many_bytes_is_refused_and_the_others_stay(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:5])
    assert (await piece(who, file["url"], 5, CONTENT)).status_code == 413
    assert await standing(who, file["url"]) == 5
    assert (await piece(who, file["url"], 5, CONTENT[5:])).status_code == 204


async def test_A11_a_whole_file_with_too_few_bytes_is_not_complete(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    answer = await client.http.put(file["url"], content=CONTENT[:5])
    assert (answer.status_code, answer.headers["upload-offset"]) == (400, "5")
    assert (await stored(client, file["id"])).state is AttachmentState.AWAITING_UPLOAD


def checksum(content: bytes, algorithm: str = "sha256") -> dict[str, str]:
    """The header that tells what arrives."""
    return {"upload-checksum": f"{algorithm} {b64encode(hashlib.new(algorithm, content).digest()).decode()}"}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_A11_pieces_may_have_checksums(client: Running, world: World, algorithm: str) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    for start, end in ((0, 9), (9, len(CONTENT))):
        part = CONTENT[start:end]
        answer = await piece(who, file["url"], start, part, **checksum(part, algorithm))
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(end))


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_A11_bytes_that_do_not_have_their_checksum_are_not_kept(
    client: Running, world: World, method: str
) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    headers = {**PIECE, "upload-offset": "0", **checksum(CONTENT)}
    answer = await client.http.request(method, file["url"], content=CONTENT.upper(), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (460, "CHECKSUM_MISMATCH")
    await cut(client, method, file["url"], headers, CONTENT[:9])
    assert (await standing(who, file["url"]), objects(client)) == (0, [])
    assert (await client.http.request(method, file["url"], content=CONTENT, headers=headers)).status_code == 204


@pytest.mark.parametrize("header", ["", "md5 AAAA", "sha256", "sha256 AAAA", "sha256 ***", f"sha1 {'A' * 44}"])
async def test_A11_a_checksum_that_is_none_is_refused(client: Running, world: World, header: str) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    answer = await piece(who, file["url"], 0, CONTENT, **{"upload-checksum": header})
    assert (answer.status_code, answer.headers["tus-checksum-algorithm"]) == (400, "sha1,sha256")
    assert objects(client) == []


async def test_A11_a_file_that_is_sent_with_two_replies_at_once_is_in_one_of_them(
    client: Running, world: World
) -> None:
    who = await client.as_(OWNER)
    file = await sent(who, CONTENT)
    given = {"body": "Here it is.", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    answers = await asyncio.gather(*(done(who, REPLY, id=of(world), input=given) for _ in range(4)))
    refused = [problems(answer) for answer in answers if answer["message"] is None]
    assert refused == [[("INVALID_TRANSITION", "attachmentIds.0")]] * 3


async def test_A11_a_file_in_too_many_pieces_is_refused(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, 2_000)
    async with client.session() as session:
        many = {"parts": [f"attachments/{n}" for n in range(1_000)], "received": 1_000}
        await session.execute(update(Attachment).where(Attachment.id == key(file["id"])).values(many))
    assert (await piece(who, file["url"], 1_000, b"x")).status_code == 400


@pytest.mark.parametrize("sizes", [[len(HTML)], [3, len(HTML) - 3]])
async def test_A11_HTML_that_is_announced_as_an_image_leaves_nothing(
    client: Running, world: World, sizes: list[int]
) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(HTML), "image/png", "cat.png")
    starts = [0, *sizes[:-1]]
    *_, last = [await piece(who, file["url"], at, HTML[at : at + size]) for at, size in zip(starts, sizes, strict=True)]
    assert (last.status_code, last.json()["error"]["code"]) == (415, "MEDIA_TYPE_MISMATCH")
    assert objects(client) == []
    assert await standing(who, file["url"]) == 0
    given = {"attachmentIds": [file["id"]], "privacyAgreementVersion": PRIVACY_VERSION}
    before = await counted(client)
    assert problems(await invited(who, world, **given)) == [("INVALID_TRANSITION", "attachmentIds.0")]
    assert await counted(client) == before


async def test_A11_the_type_is_that_of_the_content(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await sent(who, HTML, "application/octet-stream", "page")
    assert (await seen(who, file))["mediaType"] == "text/html"


async def test_A11_an_archive_that_would_grow_beyond_measure_is_never_unpacked(client: Running, world: World) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    who = await client.as_(OWNER)
    file = await seen(who, await sent(who, packed.getvalue(), "application/zip", "logs.zip"))
    assert (file["mediaType"], file["size"]) == ("application/zip", len(packed.getvalue()))
    assert file["size"] < 60_000


async def test_A11_the_same_file_twice_is_two_files(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    one, two = await sent(who, CONTENT), await sent(who, CONTENT)
    given = {"attachmentIds": [one, two, one], "privacyAgreementVersion": PRIVACY_VERSION}
    ticket = made(await invited(who, world, **given))
    query = "query($id: ID!) { ticket(id: $id) { attachments(first: 9) { nodes { id sha256 } } } }"
    nodes = (await who.query(query, id=ticket["id"])).data["ticket"]["attachments"]["nodes"]
    assert [node["id"] for node in nodes] == [one, two]
    assert {node["sha256"] for node in nodes} == {hashlib.sha256(CONTENT).hexdigest()}


async def test_A11_nobody_heaps_up_files(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    for _ in range(50):
        await announced(who, 5)
    refused = await done(who, UPLOAD, input={"fileName": "a", "mediaType": "text/plain", "size": 5})
    assert [error["code"] for error in refused["userErrors"]] == ["LIMIT_EXCEEDED"]
    await announced(await client.as_("service@alder.example"), 5)


async def test_A12_a_rejected_form_leaves_its_files_for_the_next_try(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await sent(who, CONTENT)
    before = await counted(client)
    given = {"attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    assert problems(await invited(who, world, summary=" ", **given)) == [("REQUIRED", "summary")]
    assert await counted(client) == before
    assert (await stored(client, file)).state is AttachmentState.UPLOADED
    made(await invited(who, world, **given))
    assert before["Ticket"] + 1 == (await counted(client))[Ticket.__name__]


async def test_spec_3_12_an_address_ends_with_the_session(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    async with client.session() as session:
        await session.execute(update(SignInSession).values(revoked_at=client.clock.now))
    assert (await client.http.put(file["url"], content=CONTENT)).status_code == 403
    assert objects(client) == []


async def test_spec_3_12_an_address_ends_with_the_membership(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    async with client.session() as session:
        await session.execute(
            update(Membership).where(Membership.user_id == world.alder.owner).values(status="DISABLED")
        )
    assert (await client.http.put(file["url"], content=CONTENT)).status_code == 403


async def test_spec_3_12_an_address_with_somebody_elses_credentials_is_refused(client: Running, world: World) -> None:
    who, other = await client.as_(OWNER), await client.as_("service@alder.example")
    file = await announced(who, len(CONTENT))
    assert (await client.http.put(file["url"], content=CONTENT, headers=other.headers)).status_code == 403
    assert (await client.http.put(file["url"], content=CONTENT, headers=who.headers)).status_code == 204


async def test_spec_3_12_nobody_sends_the_file_of_another(client: Running, world: World) -> None:
    file = await announced(await client.as_(OWNER), len(CONTENT))
    other = await actor(client, await client.as_("service@alder.example"))
    url = forged(Purpose.UPLOAD, file["id"], other)
    assert (await client.http.put(url, content=CONTENT)).status_code == 404


async def test_spec_3_12_an_address_for_getting_is_none_for_sending(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await sent(who, CONTENT))
    assert (await client.http.put(url.replace("/downloads", "/uploads"), content=CONTENT)).status_code == 403


async def test_A11_what_takes_too_long_is_kept_as_far_as_it_came() -> None:
    sending = [{"type": "http.request", "body": b"abc", "more_body": True}]

    async def receive() -> dict[str, object]:
        if sending:
            return sending.pop()
        await asyncio.sleep(60)
        raise AssertionError

    incoming = Incoming(receive, 0.05)
    assert [chunk async for chunk in incoming] == [b"abc"]
    assert incoming.end is End.OUT_OF_TIME
