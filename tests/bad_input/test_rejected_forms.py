"""Forms with everything wrong: each field is told at once, and no table and no object is other than before."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain.tables import METADATA
from execution.ids import encode
from tests.app.attachments.files import objects
from tests.schema.asking import CREATE, INVITE, NOTE, REPLY, done, form, of, problems
from tests.schema.test_invite_existing import DOCUMENT as INVITE_EXISTING
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

OWNER, AGENT = "owner@alder.example", "agent@northstar.example"
STRANGE = "attachment_" + "0" * 32
CONTACT = {"contact": {"name": "", "email": "x"}, "phone": {"countryCode": "DE", "number": ""}}
FILES = {"attachmentIds": [STRANGE], "privacyAgreementVersion": "0"}
EVERYBODYS = [
    ("INVALID_EMAIL", "additionalRecipients.0"),
    ("INVALID_EMAIL", "contact.email"),
    ("NOT_FOUND", "attachmentIds.0"),
    ("NOT_FOUND", "serviceId"),
    ("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion"),
    ("REQUIRED", "contact.name"),
    ("REQUIRED", "details"),
    ("REQUIRED", "phone.number"),
]
WRONG: dict[str, Any] = {
    "additionalRecipients": ["new@elsewhere.example; y"],
    "serviceId": "service_" + "0" * 32,
    "details": " ",
    **CONTACT,
    **FILES,
}
ISSUE = WRONG | {"summary": "x" * 256, "severity": 9, "jobIds": ["j" * 101]}
OF_ISSUES = [
    *EVERYBODYS,
    ("OUT_OF_RANGE", "severity"),
    ("TOO_LONG", "jobIds.0"),
    ("TOO_LONG", "summary"),
]
MESSAGES = [
    ("NOT_FOUND", "attachmentIds.0"),
    ("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion"),
    ("REQUIRED", "body"),
]
KEY = {"idempotencyKey": "once"}


async def everything(client: Running) -> dict[str, int]:
    """How many rows each table has, and how many objects there are."""
    async with client.session() as session:
        tables = {
            name: (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for name, table in METADATA.tables.items()
        }
    return tables | {"objects": len(objects(client))}


@pytest.mark.parametrize(
    ("document", "wrong", "told"),
    [
        (INVITE, ISSUE | {"issueType": "TROUBLESHOOT"}, OF_ISSUES),
        (INVITE_EXISTING, WRONG | {"caseNumber": "x"}, [("CASE_NOT_FOUND", "caseNumber"), *EVERYBODYS]),
        (CREATE, ISSUE | {"kind": "ADVISORY"}, OF_ISSUES),
        (
            CREATE,
            ISSUE | {"kind": "INCIDENT", "severity": None},
            [*EVERYBODYS, ("REQUIRED", "severity"), *OF_ISSUES[-2:]],
        ),
    ],
    ids=["new issue", "existing issue", "request", "incident"],
)
async def test_all_that_is_wrong_with_a_form_is_told_at_once_and_leaves_nothing(
    client: Running, world: World, document: str, wrong: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    owner = await client.as_(OWNER)
    before = await everything(client)
    tenant = {} if "kind" in wrong else {"tenantId": encode("tenant", world.alder.tenant)}
    refused = await done(owner, document, input=wrong | tenant | KEY)
    assert refused["ticket"] is None
    assert problems(refused) == sorted(told)
    assert await everything(client) == before


@pytest.mark.parametrize(
    ("who", "document", "more", "told"),
    [
        (OWNER, REPLY, {"needsAnswer": True}, [("FORBIDDEN", "needsAnswer"), *MESSAGES]),
        (AGENT, REPLY, {"needsAnswer": True}, MESSAGES),
        (AGENT, NOTE, {}, MESSAGES),
    ],
    ids=["reply", "reply of the vendor", "note"],
)
async def test_all_that_is_wrong_with_a_message_is_told_at_once_and_leaves_nothing(
    client: Running, world: World, who: str, document: str, more: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    asker = await client.as_(who)
    before = await everything(client)
    refused = await done(asker, document, id=of(world), input={"body": " \n", **FILES, **more, **KEY})
    assert (refused["ticket"], refused["message"]) == (None, None)
    assert problems(refused) == sorted(told)
    assert await everything(client) == before


async def test_D23_what_is_refused_last_of_all_leaves_nothing_either(client: Running, world: World) -> None:
    contract = await exhausted(client, world)
    given = form(world, additionalRecipients=["new@elsewhere.example"]) | {
        "kind": "INCIDENT",
        "serviceId": encode("service", world.catalogue.premium),
        "paymentOption": "EXISTING_CONTRACT",
        "supportContractId": encode("contract", contract),
        **KEY,
    }
    del given["issueType"]
    owner = await client.as_(OWNER)
    before = await everything(client)
    refused = await done(owner, CREATE, input=given)
    assert [error["code"] for error in refused["userErrors"]] == ["NO_AVAILABLE_INCIDENTS"]
    assert await everything(client) == before


async def exhausted(client: Running, world: World) -> UUID:
    """A contract of Alder & Finch with nothing left."""
    alder = world.alder
    async with client.session() as session:
        contract, balance = await make.contract(session, alder.tenant, incidents=1)
        await make.link(session, alder.tenant, alder.owner, contract, world.catalogue.contract_channel)
        await make.subscription(session, alder.tenant, world.catalogue.premium)
        await make.debit(session, alder.tenant, balance, alder.ticket)
    return contract
