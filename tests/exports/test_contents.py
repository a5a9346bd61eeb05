"""What is in a file: what its owner could read at that instant, in columns of the schema, and nothing that runs."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from sqlalchemy import select, update

from domain.customers.model import ManagementMode, ManagementRelationship
from domain.exports.wanted import COLUMNS
from domain.records.model import AuditEvent
from domain.support.permits import Purpose
from domain.tenants.model import Membership
from domain.tickets.model import Ticket, TicketVisibility
from execution.ids import decode
from tests.exports.exporting import READ, Exporting
from tests.isolation.test_twins import actor_of
from tests.schema.asking import AGENT, NOTE, done, made, of
from tests.support import factories as make
from tests.support.app import Client

OWNER, PARTNER = "owner@alder.example", "admin@meridian.example"
FORMULA = '=HYPERLINK("https://evil.example","open")'
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
TICKETS = """query Tickets($scope: TicketScope!, $filter: TicketFilter, $search: String, $orderBy: TicketOrder!) {
  tickets(first: 100, scope: $scope, filter: $filter, search: $search, orderBy: $orderBy) { nodes {
    id number kind origin status severity severityLabel issueType tenant { name } service { name }
    requester { name side } onBehalf assignee { name } summary details jobIds contact { name email phone }
    tenantOwner { name email } createdAt updatedAt firstRespondedAt resolvedAt closedAt closureCode reopenedCount
  } }
}"""


async def said(exporting: Exporting, **values: Any) -> None:
    """What a ticket of Alder & Finch says."""
    async with exporting.client.session() as session:
        await make.change(session, Ticket, exporting.world.alder.ticket, **values)


async def listed(who: Client, **given: Any) -> list[dict[str, Any]]:
    """What the API shows of the same."""
    wanted = {"scope": "ALL", "orderBy": "NEWEST"} | given
    nodes: list[dict[str, Any]] = (await who.query(TICKETS, **wanted)).data["tickets"]["nodes"]
    return nodes


@pytest.mark.parametrize("who", [OWNER, PARTNER, AGENT, "operator@northstar.example", "lead@northstar.example"])
async def test_a_file_has_what_its_owner_could_read(exporting: Exporting, who: str) -> None:
    alder = exporting.world.alder
    agent, owner = await exporting.client.as_(AGENT), await exporting.client.as_(who)
    async with exporting.client.session() as session:
        await make.ticket(session, alder.tenant, alder.owner, exporting.world.catalogue.archive, job_ids=["7", "8"])
        await make.ticket(session, exporting.world.lone_pine.tenant, exporting.world.lone_pine.owner)
    exporting.client.clock.advance(minutes=1)
    made(await done(agent, NOTE, id=of(exporting.world), input={"body": "An internal secret"}))
    answer = await exporting.got(await exporting.exported(owner, format="JSON"))
    assert orjson.loads(answer.content) == await listed(owner)
    assert b"internal secret" not in answer.content


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "ORGANIZATION"},
        {"scope": "REQUESTED"},
        {"filter": {"statuses": ["CLOSED"]}},
        {"filter": {"severities": [3], "openOnly": True, "createdSince": "2020-01-01T00:00:00Z"}},
        {"search": "mailbox"},
        {"search": "backup", "orderBy": "RELEVANCE"},
        {"orderBy": "DUE_SOONEST"},
    ],
)
async def test_the_list_and_its_file_are_of_one_mind(exporting: Exporting, given: dict[str, Any]) -> None:
    alder, catalogue = exporting.world.alder, exporting.world.catalogue
    async with exporting.client.session() as session:
        for summary in ("The backup stops", "A mailbox of the backup", "Nothing"):
            await make.ticket(session, alder.tenant, alder.owner, catalogue.backup, summary=summary)
    owner = await exporting.client.as_(OWNER)
    answer = await exporting.got(await exporting.exported(owner, format="JSON", **given))
    assert orjson.loads(answer.content) == await listed(owner, **given)


async def test_the_columns_are_fields_of_the_schema(exporting: Exporting) -> None:
    [row, *_] = await exporting.rows(await exporting.client.as_(OWNER))
    assert list(row) == list(COLUMNS)
    assert (row["tenant.name"], row["service.name"], row["severityLabel"]) == (
        "Alder & Finch",
        "Cloud Backup",
        "Moderate",
    )


async def test_a_ticket_that_one_may_not_see_is_in_no_file(exporting: Exporting) -> None:
    await said(exporting, visibility=TicketVisibility.REQUESTER_ONLY)
    assert await exporting.rows(await exporting.client.as_(OWNER)) == []


async def test_the_partner_has_no_rows_once_the_customer_is_its_own(exporting: Exporting) -> None:
    partner, alder = await exporting.client.as_(PARTNER), exporting.world.alder
    before, waiting = await exporting.exported(partner), await exporting.asked(partner)
    assert before["rowCount"] == 1
    address = before["download"]["url"]
    async with exporting.client.session() as session:
        relation = ManagementRelationship.id == alder.relationship
        changed = update(ManagementRelationship).where(relation).values(mode=ManagementMode.CUSTOMER)
        await session.execute(changed.execution_options(synchronize_session=False))
    await exporting.work(waiting)
    after = await exporting.read(partner, waiting)
    assert (after["status"], after["rowCount"]) == ("READY", 0)
    refused = await exporting.client.http.get(address)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")


async def test_a_partners_user_has_the_customers_of_their_groups(exporting: Exporting) -> None:
    meridian = exporting.world.meridian
    async with exporting.client.session() as session:
        role = await make.custom_role(session, meridian.tenant, ["export:create"])
        await make.change(session, Membership, meridian.staff_membership, custom_role_id=role)
        solstice = exporting.world.solstice.tenant
        await make.customer_group(session, meridian.tenant, solstice, included_for=meridian.staff_membership)
    staff = await exporting.client.as_("staff@meridian.example")
    assert await exporting.rows(staff) == []
    admin = await exporting.client.as_(PARTNER)
    whole = await exporting.exported(admin)
    assert (await exporting.got(whole)).status_code == 200
    assert (await staff.query(READ, id=whole["id"])).codes == ["NOT_FOUND"]


async def test_what_its_owner_could_see_alone_is_no_administrators(exporting: Exporting) -> None:
    await said(exporting, visibility=TicketVisibility.REQUESTER_ONLY, requester_user_id=exporting.world.alder.service)
    own = await exporting.exported(await exporting.client.as_("service@alder.example"))
    assert (own["rowCount"], (await exporting.got(own)).status_code) == (1, 200)
    owner = await exporting.client.as_(OWNER)
    seen = await exporting.read(owner, own["id"])
    assert (seen["status"], seen["fileName"]) == ("READY", own["fileName"])
    assert [seen[name] for name in ("rowCount", "size", "sha256", "download")] == [None] * 4
    actor = await actor_of(exporting.client, OWNER)
    address, _ = exporting.client.facilities.uploads.address(Purpose.EXPORT, decode(own["id"])[1], actor)
    assert (await exporting.client.http.get(address)).status_code == 404


async def test_nothing_tells_others_how_many_rows_there_are(exporting: Exporting) -> None:
    """Who asks for nothing but a word would tell them whether somebody's private ticket has it."""
    job = await exporting.exported(await exporting.client.as_("service@alder.example"), search="mailbox")
    async with exporting.client.session() as session:
        found = await session.execute(select(AuditEvent.after).where(AuditEvent.object_id == decode(job["id"])[1]))
        told = found.scalars().all()
    assert [sorted(after or {}) for after in told] == [["file_name", "format", "wanted"], ["file_name"]]


async def test_nothing_in_a_file_of_values_is_a_formula(exporting: Exporting) -> None:
    for text in (FORMULA, "+1+1", "-1", "@SUM(1)", "\t=1", "  =1", "＝1"):
        await said(exporting, summary=text, details='a "quoted", cell\nof lines')
        [row] = await exporting.rows(await exporting.client.as_(OWNER))
        assert (row["summary"], row["details"]) == (f"'{text}", 'a "quoted", cell\nof lines')


async def test_nothing_in_a_sheet_is_a_formula_or_a_link(exporting: Exporting) -> None:
    await said(exporting, summary=FORMULA, details="https://evil.example/", contact_name="mailto:a@evil.example")
    owner = await exporting.client.as_(OWNER)
    answer = await exporting.got(await exporting.exported(owner, format="XLSX"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert not [name for name in book.namelist() if "rels" in name and "sheet" in name]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(".//s:f", NS) == []
    assert sheet.findall(".//s:hyperlink", NS) == []
    texts = ["".join(cell.itertext()) for cell in sheet.findall(".//s:c[@t='inlineStr']", NS)]
    assert {FORMULA, "https://evil.example/", "mailto:a@evil.example"} < set(texts)
    heads = ["".join(cell.itertext()) for cell in sheet.findall(".//s:row[@r='1']/s:c", NS)]
    assert heads == list(COLUMNS)


async def test_a_sheet_has_numbers_and_dates(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    answer = await exporting.got(await exporting.exported(owner, format="XLSX"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = {cell.get("r"): cell for cell in sheet.findall(".//s:row[@r='2']/s:c", NS)}
    severity, created = (cells[f"{column}2"] for column in ("F", "W"))
    assert (severity.get("t"), severity.findtext("s:v", namespaces=NS)) == (None, "3")
    assert float(created.findtext("s:v", "", NS)) > 40_000


@pytest.mark.parametrize("kind", ["CSV", "XLSX", "JSON"])
async def test_a_file_without_rows_is_a_file(exporting: Exporting, kind: str) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.exported(owner, format=kind, filter={"statuses": []})
    assert (job["status"], job["rowCount"]) == ("READY", 0)
    answer = await exporting.got(job)
    if kind == "JSON":
        assert answer.json() == []
    if kind == "CSV":
        assert answer.content.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize(("kind", "media_type"), [("CSV", "text/csv"), ("XLSX", "application/octet-stream")])
async def test_a_file_is_saved_never_shown(exporting: Exporting, kind: str, media_type: str) -> None:
    owner = await exporting.client.as_(OWNER)
    name = f"Ünïcode % report.{kind.lower()}"
    answer = await exporting.got(await exporting.exported(owner, format=kind, fileName=name))
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["content-disposition"].startswith('attachment; filename="_n_code _ report.')
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_address_is_good_for_a_short_time_and_for_one_alone(exporting: Exporting) -> None:
    owner, other = await exporting.client.as_(OWNER), await exporting.client.as_("service@alder.example")
    job = await exporting.exported(owner)
    address = job["download"]["url"]
    assert (await exporting.client.http.get(address)).status_code == 200
    assert (await exporting.client.http.get(address, headers=other.headers)).status_code == 403
    assert (await exporting.client.http.get(address.replace("/exports", "/downloads"))).status_code == 403
    exporting.client.clock.advance(minutes=5)
    assert (await exporting.client.http.get(address)).status_code == 403
    owner = await exporting.client.as_(OWNER)
    again = (await exporting.read(owner, job["id"]))["download"]["url"]
    assert (again != address, (await exporting.client.http.get(again)).status_code) == (True, 200)


async def test_an_address_gives_nothing_once_the_file_has_expired(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    job = await exporting.exported(owner)
    exporting.client.clock.advance(days=7, minutes=-1)
    owner = await exporting.client.as_(OWNER)
    address = (await exporting.read(owner, job["id"]))["download"]["url"]
    assert (await exporting.client.http.get(address)).status_code == 200
    exporting.client.clock.advance(minutes=1)
    assert (await exporting.client.http.get(address)).status_code == 404
