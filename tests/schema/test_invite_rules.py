"""Inviting support for a new issue: the form's fields (A5-A16, A29)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from authz.roles import Role
from domain.tenants.model import User
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import FORM, INVITE, counted, done, form, invited, made, mails, problems, row
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World


async def test_A29_an_invitation_makes_a_ticket_and_shows_number_status_severity_and_response_time(
    client: Running, world: World
) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    assert re.fullmatch(r"[0-9]{8}", ticket["number"])
    assert (ticket["status"], ticket["portalStatus"], ticket["origin"]) == ("OPEN", "OPEN", "INVITE")
    assert (ticket["severity"], ticket["severityLabel"]) == (4, "Major")
    due = client.clock.now + timedelta(minutes=240)
    assert datetime.fromisoformat(ticket["responseTarget"].pop("dueAt")) == due
    assert ticket["responseTarget"] == {
        "minutes": 240,
        "clock": "BUSINESS",
        "state": "ON_TRACK",
        "remainingMinutes": 240,
    }


async def test_A29_mail_goes_to_the_contact_and_the_recipients_with_what_they_must_know(
    client: Running, world: World
) -> None:
    who = await client.as_("owner@alder.example")
    ticket = made(await invited(who, world, additionalRecipients=["b@alder.example"]))
    letters = await mails(client, "ticket_created")
    assert [letter["to"] for letter in letters] == ["ada@alder.example", "b@alder.example"]
    assert {letter["number"] for letter in letters} == {ticket["number"]}
    assert {(letter["severity"], letter["response_minutes"]) for letter in letters} == {(4, 240)}


async def test_A29_a_requester_who_is_the_contact_gets_mail_too(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    made(await invited(who, world, contact={"name": "Owner", "email": "Owner@alder.example"}))
    assert [letter["to"] for letter in await mails(client, "ticket_created")] == ["owner@alder.example"]


@pytest.mark.parametrize("summary", ["", "   ", "\n", "\u200b\u200d", "\u2060 \u00ad"])
async def test_A5_summary_is_required(client: Running, world: World, summary: str) -> None:
    refused = await invited(await client.as_("owner@alder.example"), world, summary=summary)
    assert problems(refused) == [("REQUIRED", "summary")]


async def test_A5_summary_has_255_characters_at_most(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    assert made(await invited(who, world, summary=f" {'é' * 255} "))["summary"] == "é" * 255
    assert problems(await invited(who, world, summary="é" * 256)) == [("TOO_LONG", "summary")]


@pytest.mark.parametrize("text", ["a\x1bb", "a\ue000b"])
async def test_A5_what_is_no_text_is_refused(client: Running, world: World, text: str) -> None:
    who = await client.as_("owner@alder.example")
    refused = await invited(who, world, summary=text, details=text)
    assert problems(refused) == [("INVALID_TEXT", "details"), ("INVALID_TEXT", "summary")]


@pytest.mark.parametrize("missing", ["summary", "serviceId", "issueType", "severity", "details", "contact"])
async def test_A6_A7_A8_A9_A13_fields_of_the_form_must_be_there(client: Running, world: World, missing: str) -> None:
    given = form(world)
    del given[missing]
    answer = await (await client.as_("owner@alder.example")).query(INVITE, input=given)
    assert answer.response.status_code == 400
    assert (await counted(client))["Ticket"] == 1


async def test_A6_a_service_that_the_tenant_has_not_is_not_found(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    service = encode("service", world.catalogue.premium)
    assert problems(await invited(who, world, serviceId=service)) == [("NOT_FOUND", "serviceId")]


@pytest.mark.parametrize(
    "garbage", ["", "x", "service_", "ticket_" + "0" * 32, "service_" + "g" * 32, "service_" + "F" * 32]
)
async def test_A6_a_malformed_service_id_is_not_found(client: Running, world: World, garbage: str) -> None:
    refused = await invited(await client.as_("owner@alder.example"), world, serviceId=garbage)
    assert problems(refused) == [("NOT_FOUND", "serviceId")]


@pytest.mark.parametrize("issue_type", ["GENERAL_GUIDANCE", "TROUBLESHOOT"])
async def test_A7_the_issue_type_is_kept(client: Running, world: World, issue_type: str) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world, issueType=issue_type))
    assert ticket["issueType"] == issue_type


@pytest.mark.parametrize(("severity", "label"), [(1, "Trivial"), (3, "Moderate"), (5, "Critical")])
async def test_A8_severity_is_1_to_5_and_bigger_is_worse(
    client: Running, world: World, severity: int, label: str
) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world, severity=severity))
    assert (ticket["severity"], ticket["severityLabel"]) == (severity, label)


@pytest.mark.parametrize("severity", [0, 6, -1])
async def test_A8_other_severities_are_out_of_range(client: Running, world: World, severity: int) -> None:
    refused = await invited(await client.as_("owner@alder.example"), world, severity=severity)
    assert problems(refused) == [("OUT_OF_RANGE", "severity")]


async def test_A9_job_ids_are_trimmed_distinct_and_without_blanks(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    ticket = made(await invited(who, world, jobIds=[" BR01 ", "", "BR02", "BR01"]))
    assert ticket["jobIds"] == ["BR01", "BR02"]
    assert ticket["details"] == "Every night at two.\nSince Monday."


async def test_A9_too_many_and_too_long_job_ids_are_refused(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    assert problems(await invited(who, world, jobIds=["x" * 101])) == [("TOO_LONG", "jobIds.0")]
    assert problems(await invited(who, world, jobIds=[str(n) for n in range(51)])) == [("LIMIT_EXCEEDED", "jobIds")]


async def test_A10_the_tenant_owner_is_noted_as_it_was_at_submission(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("service@alder.example"), world))
    assert ticket["tenantOwner"] == {"name": "Owner Alder", "email": "owner@alder.example"}
    async with client.session() as session:
        await make.change(session, User, world.alder.owner, last_name="Renamed")
    assert (await row(client, Ticket, ticket["id"])).tenant_owner_name == "Owner Alder"


async def test_A13_A14_name_and_email_of_the_contact_are_required_and_checked(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    refused = await invited(who, world, contact={"name": " ", "email": ""})
    assert problems(refused) == [("REQUIRED", "contact.email"), ("REQUIRED", "contact.name")]
    refused = await invited(who, world, contact={"name": "Ada", "email": "ada@"})
    assert problems(refused) == [("INVALID_EMAIL", "contact.email")]


async def test_A15_recipients_are_split_at_commas_and_semicolons_and_are_distinct(
    client: Running, world: World
) -> None:
    given = ["b@alder.example, c@elsewhere.example;B@alder.example", "", " d@alder.example ;; "]
    ticket = made(await invited(await client.as_("owner@alder.example"), world, additionalRecipients=given))
    copied = [person for person in ticket["participants"]["nodes"] if person["kind"] == "CC"]
    assert sorted(person["email"] for person in copied) == [
        "b@alder.example",
        "c@elsewhere.example",
        "d@alder.example",
    ]


async def test_A15_a_bad_recipient_is_told_at_its_place(client: Running, world: World) -> None:
    given = ["b@alder.example", "c@alder.example; nobody"]
    refused = await invited(await client.as_("owner@alder.example"), world, additionalRecipients=given)
    assert problems(refused) == [("INVALID_EMAIL", "additionalRecipients.1")]


async def test_A15_C8_a_recipient_with_a_proved_account_sees_the_ticket_and_others_get_mail_alone(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        await make.person(session, world.lone_pine.tenant, Role.STANDARD_USER, "elsewhere@lonepine.example")
        await make.user(session, "consultant@elsewhere.example", email_verified_at=client.clock.now)
        await make.change(session, User, world.alder.user, email_verified_at=client.clock.now)
        await make.change(session, User, world.alder.colleague, email_verified_at=None)
    given = ["user@alder.example;colleague@alder.example;elsewhere@lonepine.example;consultant@elsewhere.example"]
    ticket = made(await invited(await client.as_("owner@alder.example"), world, additionalRecipients=given))
    known = {p["email"]: p["hasAccount"] for p in ticket["participants"]["nodes"] if p["kind"] == "CC"}
    assert known == {
        "user@alder.example": True,
        "colleague@alder.example": False,
        "elsewhere@lonepine.example": False,
        "consultant@elsewhere.example": False,  # it has one, and that is nobody's business here
    }
    query = "query($id: ID!) { ticket(id: $id) { viewerRelation } }"
    mine = await (await client.as_("user@alder.example")).query(query, id=ticket["id"])
    assert mine.data["ticket"]["viewerRelation"] == ["CC", "ORGANIZATION"]


async def test_A16_the_phone_number_is_kept_in_one_form(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    ticket = made(await invited(who, world, phone={"countryCode": "DE", "number": "030 901820"}))
    assert ticket["contact"] == {"name": "Ada Finch", "email": "ada@alder.example", "phone": "+4930901820"}


@pytest.mark.parametrize(
    ("phone", "problem"),
    [
        ({"countryCode": "DE", "number": ""}, ("REQUIRED", "phone.number")),
        ({"countryCode": "", "number": "030 901820"}, ("REQUIRED", "phone.countryCode")),
        ({"countryCode": "XX", "number": "030 901820"}, ("INVALID_PHONE", "phone.countryCode")),
        ({"countryCode": "DE", "number": "12"}, ("INVALID_PHONE", "phone.number")),
    ],
)
async def test_A16_country_code_and_number_come_together_and_fit(
    client: Running, world: World, phone: dict[str, str], problem: tuple[str, str]
) -> None:
    assert problems(await invited(await client.as_("owner@alder.example"), world, phone=phone)) == [problem]


async def test_all_that_is_wrong_with_a_form_is_told_at_once_and_nothing_is_kept(client: Running, world: World) -> None:
    before = await counted(client)
    wrong: dict[str, Any] = {
        "summary": "",
        "serviceId": "x",
        "severity": 9,
        "details": " ",
        "contact": {"name": "", "email": "x"},
        "additionalRecipients": ["y"],
        "phone": {"countryCode": "DE", "number": ""},
        "attachmentIds": ["attachment_" + "0" * 32],
    }
    refused = await invited(await client.as_("owner@alder.example"), world, **wrong)
    assert refused["ticket"] is None
    assert problems(refused) == [
        ("INVALID_EMAIL", "additionalRecipients.0"),
        ("INVALID_EMAIL", "contact.email"),
        ("NOT_FOUND", "attachmentIds.0"),
        ("NOT_FOUND", "serviceId"),
        ("OUT_OF_RANGE", "severity"),
        ("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion"),
        ("REQUIRED", "contact.name"),
        ("REQUIRED", "details"),
        ("REQUIRED", "phone.number"),
        ("REQUIRED", "summary"),
    ]
    assert await counted(client) == before


async def test_a_retry_with_the_same_key_gets_the_same_ticket(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    first = made(await invited(who, world, idempotencyKey="once"))
    again = made(await invited(who, world, idempotencyKey="once"))
    other = await invited(who, world, idempotencyKey="once", summary="Something else")
    assert first["id"] == again["id"]
    assert problems(other) == [("IDEMPOTENCY_MISMATCH", "idempotencyKey")]


async def test_A4_a_ticket_is_about_a_new_issue_or_an_existing_one_and_each_has_fields_of_its_own(
    client: Running, world: World
) -> None:
    owner = await client.as_("owner@alder.example")
    shown = await done(owner, FORM, tenant=encode("tenant", world.alder.tenant))
    assert shown["ticketTypes"] == ["NEW_ISSUE", "EXISTING_ISSUE"]
    document = "query($name: String!) { __type(name: $name) { inputFields { name } } }"
    fields = {}
    for kind in ("NewIssue", "ExistingIssue"):
        described = (await owner.query(document, name=f"SupportInvite{kind}Input")).data["__type"]
        fields[kind] = {field["name"] for field in described["inputFields"]}
    assert fields["NewIssue"] - fields["ExistingIssue"] == {"summary", "issueType", "severity", "jobIds"}
    assert fields["ExistingIssue"] - fields["NewIssue"] == {"caseNumber"}


@pytest.mark.parametrize("field", ["caseNumber", "ticketType"])
async def test_A4_a_new_issue_takes_no_field_of_an_existing_one(client: Running, world: World, field: str) -> None:
    owner = await client.as_("owner@alder.example")
    answer = await owner.query(INVITE, input=form(world, **{field: "00000001"}))
    assert answer.response.status_code == 400
    assert (await counted(client))["Ticket"] == 1


async def test_A3_the_form_has_what_the_role_may_choose(client: Running, world: World) -> None:
    shown = await done(await client.as_("owner@alder.example"), FORM, tenant=encode("tenant", world.alder.tenant))
    assert shown["ticketTypes"] == ["NEW_ISSUE", "EXISTING_ISSUE"]
    assert shown["issueTypes"] == ["GENERAL_GUIDANCE", "TROUBLESHOOT"]
    assert [level["label"] for level in shown["severities"]] == ["Trivial", "Minor", "Moderate", "Major", "Critical"]
    assert [service["name"] for service in shown["services"]] == ["Archive", "Cloud Backup"]
    assert shown["tenantOwner"] == {"name": "Owner Alder", "email": "owner@alder.example"}
    assert {"region": "DE", "callingCode": 49, "name": "Germany"} in shown["phoneCountryCodes"]
    assert shown["privacyAgreement"] == {"version": "2026-01", "url": "https://northstar.example/privacy"}
    assert shown["temporaryAccess"] == {"default": "CREATE_ACCOUNT", "accountLifetimeDays": 15}
    assert shown["contactDefaults"] == {"name": "Owner Alder", "email": "owner@alder.example"}
