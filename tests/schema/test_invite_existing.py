"""Inviting support for an existing issue (A24-A28, AMB-5, AMB-18)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.tenants.model import TenantSecuritySettings
from domain.tickets.model import Ticket, TicketStatus
from execution.ids import encode
from tests.schema.asking import ERRORS, TICKET, counted, done, invited, made, problems, row, stored, uploaded
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import PRIVACY_VERSION, World

DOCUMENT = f"""mutation Invite($input: SupportInviteExistingIssueInput!) {{
  supportInviteExistingIssue(input: $input) {{ {TICKET} {ERRORS} }}
}}"""
CONVERSATION = "query($id: ID!) { ticket(id: $id) { conversation(first: 9) { nodes { body authorSide } } } }"


async def again(client: Running, world: World, who: Client, **changes: Any) -> dict[str, Any]:
    """Invite support for the ticket that `user@alder.example` has raised."""
    given = {
        "tenantId": encode("tenant", world.alder.tenant),
        "caseNumber": (await row(client, Ticket, encode("ticket", world.alder.ticket))).number,
        "serviceId": encode("service", world.catalogue.backup),
        "details": "It still stops.",
        "contact": {"name": "Ada Finch", "email": "ada@alder.example"},
    }
    return await done(who, DOCUMENT, input=given | changes)


async def account_of(client: Running, ticket_id: str) -> dict[str, Any]:
    """The temporary account of a ticket, as the organisation's owner sees it."""
    query = "query($id: ID!) { ticket(id: $id) { temporarySupportAccount { status } } }"
    found = await (await client.as_("owner@alder.example")).query(query, id=ticket_id)
    return dict(found.data["ticket"]["temporarySupportAccount"])


async def put(client: Running, world: World, status: TicketStatus, **values: Any) -> None:
    async with client.session() as session:
        await make.change(session, Ticket, world.alder.ticket, status=status, **values)


@pytest.mark.parametrize("who", ["owner", "service", "custom", "apps"])
async def test_A1_A25_a_case_is_taken_up_with_a_reply_and_an_account(client: Running, world: World, who: str) -> None:
    asker = await client.as_(f"{who}@alder.example")
    ticket = made(await again(client, world, asker, additionalRecipients=["b@x.example"]))
    assert ticket["id"] == encode("ticket", world.alder.ticket)
    assert (await account_of(client, ticket["id"]))["status"] == "ACTIVE"
    assert "b@x.example" in [person["email"] for person in ticket["participants"]["nodes"] if person["kind"] == "CC"]
    said = (await asker.query(CONVERSATION, id=ticket["id"])).data["ticket"]["conversation"]["nodes"]
    assert said == [{"body": "It still stops.", "authorSide": "CUSTOMER"}]


@pytest.mark.parametrize("who", ["user@alder.example", "staff@meridian.example", "agent@northstar.example"])
async def test_A1_nobody_else_does(client: Running, world: World, who: str) -> None:
    before = await counted(client)
    refused = await again(client, world, await client.as_(who))
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    assert await counted(client) == before


async def test_A24_AMB30_only_in_the_commercial_environment(client: Running, world: World) -> None:
    async with client.session() as session:
        clinic = world.tarn_valley
        ticket = await make.ticket(session, clinic.tenant, clinic.owner, world.catalogue.backup)
    number = (await row(client, Ticket, encode("ticket", ticket))).number
    owner = await client.as_("owner@tarnvalley.example")
    tenant = encode("tenant", world.tarn_valley.tenant)
    refused = await again(client, world, owner, tenantId=tenant, caseNumber=number)
    assert problems(refused) == [("ENVIRONMENT_NOT_SUPPORTED", "tenantId")]


@pytest.mark.parametrize("number", ["", "0", "99999999", "x"])
async def test_A25_an_unknown_case_is_not_found(client: Running, world: World, number: str) -> None:
    refused = await again(client, world, await client.as_("owner@alder.example"), caseNumber=number)
    assert problems(refused) == [("CASE_NOT_FOUND", "caseNumber")]


async def test_A25_another_tenants_case_and_one_that_is_not_visible_are_not_found_either(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        pine = world.lone_pine
        strange = await make.ticket(session, pine.tenant, pine.owner, world.catalogue.backup)
        archive = await make.ticket(session, world.alder.tenant, world.alder.owner, world.catalogue.archive)
    for who, key in (("owner", strange), ("apps", archive)):
        number = (await row(client, Ticket, encode("ticket", key))).number
        refused = await again(client, world, await client.as_(f"{who}@alder.example"), caseNumber=number)
        assert [error["message"] for error in refused["userErrors"]] == [
            "There is no case with this number that you can see."
        ]


async def test_A26_a_new_issues_fields_are_not_silently_ignored(client: Running, world: World) -> None:
    answer = await (await client.as_("owner@alder.example")).query(DOCUMENT, input={"summary": "x"})
    assert answer.response.status_code == 400


async def test_A27_AMB5_the_service_must_be_the_cases(client: Running, world: World) -> None:
    archive = encode("service", world.catalogue.archive)
    refused = await again(client, world, await client.as_("owner@alder.example"), serviceId=archive)
    assert problems(refused) == [("SERVICE_MISMATCH", "serviceId")]


async def test_AMB5_a_closed_case_is_refused(client: Running, world: World) -> None:
    await put(client, world, TicketStatus.CLOSED, closure_code="DECREMENT")
    refused = await again(client, world, await client.as_("owner@alder.example"))
    assert problems(refused) == [("CASE_CLOSED", "caseNumber")]


@pytest.mark.parametrize("status", [TicketStatus.AWAITING_REPLY, TicketStatus.RESOLVED])
async def test_AMB5_an_awaiting_or_resolved_case_is_open_again_however_old(
    client: Running, world: World, status: TicketStatus
) -> None:
    long_ago = client.clock.now - timedelta(days=90)
    await put(client, world, status, resolved_at=long_ago if status is TicketStatus.RESOLVED else None)
    assert made(await again(client, world, await client.as_("owner@alder.example")))["status"] == "OPEN"


async def test_AMB5_a_new_file_needs_the_agreement_again(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    file = await uploaded(client, owner)
    refused = await again(client, world, owner, attachmentIds=[file])
    assert problems(refused) == [("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion")]
    made(await again(client, world, owner, attachmentIds=[file], privacyAgreementVersion=PRIVACY_VERSION))
    assert (await stored(client, file)).message_id is not None


async def test_AMB18_a_second_invitation_moves_the_expiry_of_the_one_account(client: Running, world: World) -> None:
    first = made(await invited(await client.as_("owner@alder.example"), world))
    client.clock.advance(days=10)
    owner = await client.as_("owner@alder.example")
    second = made(await again(client, world, owner, caseNumber=first["number"]))
    assert second["temporarySupportAccount"]["id"] == first["temporarySupportAccount"]["id"]
    expires = datetime.fromisoformat(second["temporarySupportAccount"]["expiresAt"])
    assert expires == client.clock.now + timedelta(days=15)


async def test_A28_the_question_of_an_account_follows_the_same_rules(client: Running, world: World) -> None:
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.temporary_support_accounts_allowed = False
    owner = await client.as_("owner@alder.example")
    refused = await again(client, world, owner, temporaryAccess="CREATE_ACCOUNT")
    assert problems(refused) == [("OPTION_UNAVAILABLE", "temporaryAccess")]
    assert made(await again(client, world, owner))["temporarySupportAccount"] is None


async def test_A26_all_that_is_wrong_is_told_at_once_and_nothing_is_kept(client: Running, world: World) -> None:
    before = await counted(client)
    wrong = {"caseNumber": "x", "serviceId": "x", "details": "", "contact": {"name": "", "email": ""}}
    refused = await again(client, world, await client.as_("owner@alder.example"), **wrong)
    assert problems(refused) == [
        ("CASE_NOT_FOUND", "caseNumber"),
        ("NOT_FOUND", "serviceId"),
        ("REQUIRED", "contact.email"),
        ("REQUIRED", "contact.name"),
        ("REQUIRED", "details"),
    ]
    assert await counted(client) == before
