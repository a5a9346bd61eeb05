"""Files that are handed out: to be saved, never shown, and to whom may see them at this instant (spec 3, 12)."""

from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import delete, select, update

from app.attachments.ranges import Span, UnsatisfiableError, span_of
from authz.permissions import Permission
from authz.roles import Role
from domain.records.model import AuditEvent
from domain.support.permits import Purpose
from domain.tenants.credentials import ApiToken, SignInSession
from domain.tenants.model import TenantSecuritySettings
from domain.tickets.model import (
    ParticipantKind,
    Ticket,
    TicketParticipant,
    TicketVisibility,
)
from execution.ids import encode
from tests.app.attachments.files import actor, address, announced, forged, key, objects, piece, seen, sent
from tests.schema.asking import AGENT, NOTE, REPLY, done, invited, made, of
from tests.schema.managing import MODE
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import PRIVACY_VERSION, World

OWNER = "owner@alder.example"
CONTENT = b"02:00:11 job started\n02:14:53 mailbox 118 of 240: timeout\n"


async def attached(who: Client, world: World, content: bytes = CONTENT) -> str:
    """A file of a ticket about Alder & Finch."""
    file = await sent(who, content)
    made(await invited(who, world, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    return file


async def replied(who: Client, ticket_id: str) -> str:
    """A file that came with a reply."""
    file = await sent(who, CONTENT)
    given = {"body": "Here it is.", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    made(await done(who, REPLY, id=ticket_id, input=given))
    return file


async def noted(agent: Client, ticket_id: str) -> str:
    """A file that came with an internal note."""
    file = await sent(agent, CONTENT)
    given = {"body": "A secret", "attachmentIds": [file], "privacyAgreementVersion": PRIVACY_VERSION}
    made(await done(agent, NOTE, id=ticket_id, input=given))
    return file


async def test_A11_a_file_is_got_as_it_was_sent(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await attached(who, world)
    answer = await client.http.get(await address(who, file))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-length"] == str(len(CONTENT))


async def test_spec_3_12_a_file_is_never_shown(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    answer = await client.http.get(await address(who, await attached(who, world)))
    assert answer.headers["content-disposition"] == "attachment; filename=\"night.log\"; filename*=UTF-8''night.log"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("application/xml", b'<?xml version="1.0"?><a/>'),
        ("application/pdf", b"%PDF-1.7\n1 0 obj << /S /JavaScript >>"),
        ("text/plain", b"<html><body onload=alert(1)>"),
    ],
)
async def test_spec_3_12_active_types_are_bytes_and_nothing_else(
    client: Running, world: World, kind: str, content: bytes
) -> None:
    who = await client.as_(OWNER)
    answer = await client.http.get(await address(who, await sent(who, content, kind, "x.bin")))
    assert (answer.headers["content-type"], answer.content) == ("application/octet-stream", content)
    assert answer.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("Größe.log", "Gr__e.log", "Größe.log"),
        ('say "hello";.log', "say _hello_;.log", "say _hello_;.log"),
        ("CON.log", "_CON.log", "_CON.log"),
        ("日誌.log", "__.log", "日誌.log"),
    ],
)
async def test_A11_a_file_is_saved_under_a_harmless_name_and_shown_by_its_own(
    client: Running, world: World, name: str, plain: str, whole: str
) -> None:
    who = await client.as_(OWNER)
    file = await sent(who, CONTENT, name=name)
    answer = await client.http.get(await address(who, file))
    expected = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(whole, safe='')}"
    assert answer.headers["content-disposition"] == expected
    assert (await seen(who, file))["fileName"] == name


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-4", 0, 5), ("bytes=5-", 5, len(CONTENT)), ("bytes=-7", len(CONTENT) - 7, len(CONTENT))],
)
async def test_A11_a_download_goes_on_where_it_was_cut(
    client: Running, world: World, asked: str, start: int, end: int
) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await attached(who, world))
    answer = await client.http.get(url, headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, CONTENT[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    tag = answer.headers["etag"]
    assert (await client.http.get(url, headers={"range": asked, "if-range": tag})).status_code == 206
    assert (await client.http.get(url, headers={"range": asked, "if-range": '"other"'})).content == CONTENT


async def test_A11_a_range_behind_the_end_is_told(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await attached(who, world))
    answer = await client.http.get(url, headers={"range": f"bytes={len(CONTENT)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=2-999", Span(2, 10)),
        ("bytes=-999", Span(0, 10)),
        ("Bytes= 2 - 4 ", Span(2, 5)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        ("bytes=x-1", None),
        ("bytes=" + "9" * 30 + "-", None),
    ],
)
def test_A11_what_ranges_mean(header: str | None, span: Span | None) -> None:
    assert span_of(header, 10) == span


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_A11_ranges_of_nothing(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        span_of(header, 10)


async def test_A11_what_a_file_is_can_be_asked_without_it(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    answer = await client.http.head(await address(who, await attached(who, world)))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


async def test_spec_3_12_an_address_is_good_for_5_minutes(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await attached(who, world))
    client.clock.advance(minutes=4, seconds=58)
    assert (await client.http.get(url)).status_code == 200
    client.clock.advance(seconds=2)
    assert (await client.http.get(url)).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "%00", "eyJhbGciOiJub25lIn0.e30."])
async def test_spec_3_12_a_forged_address_is_refused(client: Running, world: World, token: str) -> None:
    answer = await client.http.get(f"/downloads?token={token}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")


async def test_spec_3_12_an_altered_address_is_refused(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    head, _, signature = (await address(who, await attached(who, world))).rpartition(".")
    assert (await client.http.get(f"{head}.{signature[::-1]}")).status_code == 403


async def test_spec_3_12_an_address_ends_with_the_session(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await attached(who, world))
    async with client.session() as session:
        await session.execute(update(SignInSession).values(revoked_at=client.clock.now))
    assert (await client.http.get(url)).status_code == 403


async def test_spec_3_12_an_address_with_somebody_elses_credentials_is_refused(client: Running, world: World) -> None:
    who, other = await client.as_(OWNER), await client.as_("service@alder.example")
    url = await address(who, await attached(who, world))
    assert (await client.http.get(url, headers=other.headers)).status_code == 403
    assert (await client.http.get(url, headers=who.headers)).status_code == 200


async def test_spec_4_4_an_address_of_the_partner_ends_with_the_mode(client: Running, world: World) -> None:
    owner, admin = await client.as_(OWNER), await client.as_("admin@meridian.example")
    url = await address(admin, await attached(owner, world))
    assert (await client.http.get(url)).status_code == 200
    flipped = await done(admin, MODE, id=encode("customer", world.alder.relationship), input={"mode": "CUSTOMER"})
    assert flipped["userErrors"] == []
    assert (await client.http.get(url)).status_code == 404


async def test_C8_an_address_of_a_recipient_ends_with_the_copy(client: Running, world: World) -> None:
    colleague = await client.as_("colleague@alder.example")
    user = await client.as_("user@alder.example")
    file = await replied(user, of(world))
    async with client.session() as session:
        await session.execute(update(Ticket).values(visibility=TicketVisibility.REQUESTER_ONLY))
        copy = {"user_id": world.alder.colleague, "email": "colleague@alder.example", "kind": ParticipantKind.CC}
        session.add(TicketParticipant(tenant_id=world.alder.tenant, ticket_id=world.alder.ticket, **copy))
    url = await address(colleague, file)
    assert (await client.http.get(url)).status_code == 200
    async with client.session() as session:
        mine = TicketParticipant.user_id == world.alder.colleague
        await session.execute(delete(TicketParticipant).where(mine))
    assert (await client.http.get(url)).status_code == 404


async def test_spec_4_3_a_file_of_an_internal_note_is_the_vendors_alone(client: Running, world: World) -> None:
    agent, owner = await client.as_(AGENT), await client.as_(OWNER)
    file = await noted(agent, of(world))
    for staff in (agent, await client.as_("lead@northstar.example")):
        assert (await client.http.get(await address(staff, file))).content == CONTENT
    for who in (owner, await client.as_("admin@meridian.example"), await client.as_("user@alder.example")):
        assert (await who.query("query($id: ID!) { node(id: $id) { id } }", id=file)).codes == ["NOT_FOUND"]
        query = "query($id: ID!) { ticket(id: $id) { attachments(first: 5) { totalCount nodes { id } } } }"
        found = (await who.query(query, id=of(world))).data["ticket"]["attachments"]
        assert found == {"totalCount": 0, "nodes": []}
        url = forged(Purpose.DOWNLOAD, file, await actor(client, who))
        assert (await client.http.get(url)).status_code == 404


async def test_A11_a_file_that_is_attached_nowhere_is_its_uploaders_alone(client: Running, world: World) -> None:
    who, other = await client.as_(OWNER), await client.as_("service@alder.example")
    file = await sent(who, CONTENT)
    assert (await client.http.get(await address(who, file))).content == CONTENT
    assert (await client.http.get(forged(Purpose.DOWNLOAD, file, await actor(client, other)))).status_code == 404


async def test_A11_what_has_not_arrived_cannot_be_got(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    file = await announced(who, len(CONTENT))
    await piece(who, file["url"], 0, CONTENT[:5])
    assert (await seen(who, file["id"]))["download"] is None
    assert (await client.http.get(forged(Purpose.DOWNLOAD, file["id"], await actor(client, who)))).status_code == 404


async def test_A11_a_file_whose_bytes_are_gone_is_not_found(client: Running, world: World) -> None:
    who = await client.as_(OWNER)
    url = await address(who, await sent(who, CONTENT))
    for each in objects(client):
        (Path(client.objects) / each).unlink()
    assert (await client.http.get(url)).status_code == 404


async def test_A32_what_a_temporary_account_takes_is_noted_and_ends_with_it(client: Running, world: World) -> None:
    file = await replied(await client.as_("user@alder.example"), of(world))
    async with client.session() as session:
        account = await make.temporary_account(session, world.alder.tenant, world.alder.ticket, world.catalogue.backup)
    vendor = await client.as_temporary(account, world.platform.agent)
    url = await address(vendor, file)
    assert (await client.http.get(url)).content == CONTENT
    async with client.session() as session:
        taken = select(AuditEvent.tenant_id, AuditEvent.object_id).where(
            AuditEvent.action == "temporary_account.download"
        )
        assert (await session.execute(taken)).all() == [(world.alder.tenant, key(file))]
    renewed = forged(Purpose.DOWNLOAD, file, await actor(client, vendor))
    client.clock.advance(days=15, minutes=5)
    assert (await client.http.get(renewed)).status_code == 403


async def test_K6_an_address_of_a_machine_ends_with_its_token(client: Running, world: World) -> None:
    file = await replied(await client.as_("user@alder.example"), of(world))
    async with client.session() as session:
        tenant = world.alder.tenant
        principal = await make.service_principal(session, tenant, Role.SERVICE_ADMINISTRATOR)
        _, token = await make.api_token(session, tenant, principal, scopes=[Permission.TICKET_READ])
    url = await address(client.with_token(token), file)
    assert (await client.http.get(url)).content == CONTENT
    async with client.session() as session:
        await session.execute(update(ApiToken).values(revoked_at=client.clock.now))
    assert (await client.http.get(url)).status_code == 403


async def test_A31_addresses_of_files_are_good_where_their_organization_trusts_who_asks(
    client: Running, world: World
) -> None:
    tenant, owner = world.alder.tenant, await client.as_(OWNER)
    async with client.session() as session:
        principal = await make.service_principal(session, tenant, Role.SERVICE_ADMINISTRATOR)
        _, token = await make.api_token(session, tenant, principal, scopes=[Permission.TICKET_READ])
    file = await replied(owner, of(world))
    urls = [await address(who, file) for who in (owner, client.with_token(token))]
    assert [(await client.http.get(url)).status_code for url in urls] == [200, 200]
    async with client.session() as session:
        mine = TenantSecuritySettings.tenant_id == tenant
        await session.execute(update(TenantSecuritySettings).where(mine).values(trusted_ips=["203.0.113.0/24"]))
    assert [(await client.http.get(url)).status_code for url in urls] == [403, 403]


async def test_A11_a_file_is_not_compressed_on_its_way(client: Running, world: World) -> None:
    """A client that goes on later counts the bytes of the file."""
    who = await client.as_(OWNER)
    file = await sent(who, CONTENT * 100)
    answer = await client.http.get(await address(who, file), headers={"accept-encoding": "gzip, zstd"})
    assert "content-encoding" not in answer.headers
    assert answer.content == CONTENT * 100
