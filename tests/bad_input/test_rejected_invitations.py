"""Both forms of an invitation with every field wrong: the whole answer, word for word, and nothing of it is left."""

from typing import Any

import pytest

from domain.tenants.model import TenantSecuritySettings
from execution.ids import encode
from tests.bad_input.test_rejected_forms import everything
from tests.schema.asking import INVITE, done, uploaded
from tests.schema.test_invite_existing import DOCUMENT as INVITE_EXISTING
from tests.support.app import Running
from tests.support.world import World

OWNER, COLLEAGUE = "owner@alder.example", "colleague@alder.example"
UPLOAD = "There is no upload of yours with this id."
ADDRESS = "An email address must have an @-sign."
SHARED = [
    ("INVALID_EMAIL", "additionalRecipients.0", ADDRESS),
    ("INVALID_EMAIL", "additionalRecipients.1", ADDRESS),
    ("INVALID_EMAIL", "contact.email", "The part after the @-sign contains invalid characters: '@'."),
    ("INVALID_PHONE", "phone.countryCode", "This country code is not in the list."),
    ("NOT_FOUND", "attachmentIds.0", UPLOAD),
    ("NOT_FOUND", "attachmentIds.1", UPLOAD),
    ("NOT_FOUND", "serviceId", "There is no such service for which you can ask for support."),
    ("OPTION_UNAVAILABLE", "temporaryAccess", "A temporary support account is not offered here."),
    ("PRIVACY_AGREEMENT_REQUIRED", "privacyAgreementVersion", "Accept the current privacy agreement to send files."),
    ("REQUIRED", "contact.name", "Enter a name."),
    ("REQUIRED", "details", "Enter a text."),
    ("REQUIRED", "phone.number", "Enter the phone number of this country code."),
]


async def wrong(client: Running, world: World) -> dict[str, Any]:
    """What is wrong in both: nothing is right but the tenant. The file is a colleague's."""
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.temporary_support_accounts_allowed = False
    return {
        "tenantId": encode("tenant", world.alder.tenant),
        "serviceId": encode("service", world.catalogue.premium),
        "details": "\u200b \n",
        "contact": {"name": "", "email": "ada@@alder.example"},
        "additionalRecipients": ["right@alder.example; wrong", "also wrong, "],
        "phone": {"countryCode": "XX", "number": ""},
        "attachmentIds": [await uploaded(client, await client.as_(COLLEAGUE)), "attachment_x"],
        "privacyAgreementVersion": "1999-01",
        "temporaryAccess": "CREATE_ACCOUNT",
        "idempotencyKey": "once",
    }


NEW: dict[str, Any] = {
    "summary": "x" * 256,
    "issueType": "TROUBLESHOOT",
    "severity": 6,
    "jobIds": ["BR01", "j" * 101],
}
OF_NEW = [
    ("OUT_OF_RANGE", "severity", "The severity is 1 (Trivial) to 5 (Critical)."),
    ("TOO_LONG", "jobIds.1", "The text has 101 characters; at most 100 are allowed."),
    ("TOO_LONG", "summary", "The text has 256 characters; at most 255 are allowed."),
]
EXISTING: dict[str, Any] = {"caseNumber": "99999999"}
OF_EXISTING = [("CASE_NOT_FOUND", "caseNumber", "There is no case with this number that you can see.")]


@pytest.mark.parametrize(
    ("document", "own", "more"),
    [(INVITE, NEW, OF_NEW), (INVITE_EXISTING, EXISTING, OF_EXISTING)],
    ids=["new issue", "existing issue"],
)
async def test_A5_A28_every_field_is_told_with_its_path_and_nothing_is_left(
    client: Running, world: World, document: str, own: dict[str, Any], more: list[tuple[str, str, str]]
) -> None:
    given = await wrong(client, world) | own
    owner, before = await client.as_(OWNER), await everything(client)
    refused = await done(owner, document, input=given)
    assert refused["ticket"] is None
    told = sorted((error["code"], ".".join(error["field"]), error["message"]) for error in refused["userErrors"])
    assert told == sorted([*SHARED, *more])
    assert await everything(client) == before
