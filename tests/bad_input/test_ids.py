"""Ids of nothing, of strangers, and of no form at all: all of them are simply not there (spec 0.2)."""

from typing import Any
from uuid import uuid4

import pytest

from execution.ids import encode
from resolvers.nodes import NODES
from tests.bad_input.asked import FIELDS, MUTATIONS, Leaf, allowed, ask, changed, leaves, refusals, valid
from tests.bad_input.scene import FOREIGN, Scene, told
from tests.support.app import Client

pytestmark = pytest.mark.thorough

PREFIXES = {
    "actorUserId": "user",
    "appointmentId": "appointment",
    "agentId": "user",
    "assigneeId": "user",
    "assigneeIds": "user",
    "attachmentIds": "attachment",
    "bulkOperationId": "bulk",
    "channelId": "channel",
    "customerId": "customer",
    "deviceId": "device",
    "entitlementId": "entitlement",
    "exportScheduleId": "exportschedule",
    "followUpOfId": "ticket",
    "intoTicketId": "ticket",
    "linkId": "contractlink",
    "objectId": "ticket",
    "participantIds": "participant",
    "regionIds": "region",
    "serviceId": "service",
    "serviceIds": "service",
    "subscriptionProductIds": "service",
    "supportContractId": "contract",
    "temporarySupportAccountId": "temporary_account",
    "tenantId": "tenant",
    "tenantIds": "tenant",
    "ticketId": "ticket",
    "ticketIds": "ticket",
    "webhookDeliveryId": "webhookdelivery",
    "webhookId": "webhook",
}
"""Of what kind the id is that an argument of this name takes."""
OF_FIELD = {
    "bulkOperation": "bulk",
    "customer": "customer",
    "entitlement": "entitlement",
    "exportJob": "export",
    "exportSchedule": "exportschedule",
    "service": "service",
    "supportContract": "contract",
    "tenant": "tenant",
    "ticket": "ticket",
    "webhook": "webhook",
}
"""Of what kind the `id` is that a root field takes."""
ANY = ("node", "nodes")
PUBLISHED = {"service", "channel"}
"""What the platform publishes belongs to nobody in particular."""
NO_NODES = {"region"}
"""Published, too, and found by lists alone."""
PLATFORMS_OWN = {"maildelivery", "inboundmail"}
"""What nobody but the platform's staff ever reads: `tests/mail/test_log.py`."""
FILES = {"ticketExportCreate", "ticketExportScheduleCreate", "ticketExportScheduleUpdate"}
"""Make new files of what a filter finds, which is nothing by anybody else's id: `tests/exports/test_jobs.py`."""
JOBS = {"ticketBulkUpdate", *FILES}
"""Ask for things to be done later: an id that leads to nothing is its item's error in the job, or finds nothing."""
BOUND = (
    "tenant_owner",
    "application_administrator",
    "standard_user",
    "partner_admin",
    "temporary_support",
    "service_principal",
)
"""Roles that do not see everything."""
WITH_IDS = sorted(field for field in FIELDS if leaves(field, "ID"))
MALFORMED = (
    0,
    -1,
    "",
    "_",
    "ticket",
    "null",
    "0",
    "../../etc/passwd",
    "' OR 1=1 --",
    "%",
    "VGlja2V0OjE=",
    "٣" * 40,
    "x" * 100_000,
    "\u202e\u0007\ufdd0",
)


def prefix_of(field: str, leaf: Leaf) -> str:
    """Of what kind the id is that the leaf takes; empty where nobody has said so yet."""
    return OF_FIELD.get(field, "") if leaf.path == ("id",) else PREFIXES.get(leaf.path[-1], "")


def value_of(leaf: Leaf, text: str | int) -> Any:
    return [text] if leaf.listed else text


def test_it_is_known_of_what_kind_every_id_is() -> None:
    asked = [(field, leaf) for field in WITH_IDS if field not in ANY for leaf in leaves(field, "ID")]
    assert [(field, leaf.name) for field, leaf in asked if not prefix_of(field, leaf)] == []


async def compared(scene: Scene, who: Client, field: str, leaf: Leaf, prefix: str) -> None:
    """An id that nothing has, and one that somebody else's object has: answers and statements are the same."""
    given = valid(field, scene.ground.values)
    answers, statements = [], []
    for text in (encode(prefix, uuid4()), scene.foreign[prefix]):
        with scene.statements() as sent:
            answer = await ask(who, field, changed(field, given, leaf, value_of(leaf, text)))
        told(answer, field)
        answers.append((answer.response.status_code, answer.body))
        statements.append(sent)
    assert answers[0] == answers[1], (leaf.name, prefix)
    assert statements[0] == statements[1], (leaf.name, prefix)


@pytest.mark.parametrize("field", sorted({*WITH_IDS} - FILES))
async def test_a_strangers_object_is_answered_as_one_that_does_not_exist(scene: Scene, field: str) -> None:
    """The same code, message and path, and the same statements: nothing to tell the two apart by."""
    before = await scene.rows()
    for role in BOUND[::3] if field in ANY else BOUND:
        who = await scene.enter(role)
        await ask(who, "viewer", {})  # a token's first use is noted
        for leaf in leaves(field, "ID"):
            kinds = tuple(scene.foreign) if field in ANY else (prefix_of(field, leaf),)
            for prefix in kinds:
                if prefix not in PUBLISHED | NO_NODES:
                    await compared(scene, who, field, leaf, prefix)
    assert await scene.rows() == before


@pytest.mark.parametrize("field", sorted({*WITH_IDS} - JOBS))
async def test_a_malformed_id_is_answered_as_one_that_does_not_exist(scene: Scene, field: str) -> None:
    """In a mutation, it is told at the same place; a list's filter alone matches nothing by an unknown id."""
    before = await scene.rows()
    who = await scene.enter(allowed(field))
    given = valid(field, scene.ground.values)
    for leaf in leaves(field, "ID"):
        kind = "ticket" if field in ANY else prefix_of(field, leaf)
        unknown = await ask(who, field, changed(field, given, leaf, value_of(leaf, encode(kind, uuid4()))))
        expected = told(unknown, field) if field in MUTATIONS else []
        other = encode("message", uuid4())
        for text in MALFORMED if field in ANY or leaf.path[-1] == "objectId" else (*MALFORMED, other):
            answer = await ask(who, field, changed(field, given, leaf, value_of(leaf, text)))
            found = told(answer, field)
            if field in MUTATIONS:
                assert found == expected, (leaf.name, str(text)[:40])
            else:
                assert [code for code, *_ in found] == ["NOT_FOUND"], (leaf.name, str(text)[:40])
    assert await scene.rows() == before


@pytest.mark.parametrize("field", sorted(field for field in {*MUTATIONS} - JOBS if leaves(field, "ID")))
async def test_a_mutation_names_the_argument_of_the_id_that_it_cannot_find(scene: Scene, field: str) -> None:
    who = await scene.enter(allowed(field))
    given = valid(field, scene.ground.values)
    places = []
    for leaf in leaves(field, "ID"):
        prefix = prefix_of(field, leaf)
        answer = await ask(who, field, changed(field, given, leaf, value_of(leaf, encode(prefix, uuid4()))))
        path = [*leaf.told, "0"] if leaf.listed else leaf.told
        found = refusals(answer, field)
        places.append((leaf.name, ("NOT_FOUND", path) in [(code, told_at) for code, _, told_at in found]))
    optional = {"input.supportContractId"}  # of a ticket that is no incident: CONTRACT_NOT_APPLICABLE
    assert [name for name, named in places if not named and name not in optional] == []


async def test_an_object_of_another_kind_is_not_found_by_its_id(scene: Scene) -> None:
    key = scene.world.alder.ticket
    for field, prefix in OF_FIELD.items():
        if prefix != "ticket":
            who = await scene.enter(allowed(field))
            answer = await ask(who, field, {"id": encode("ticket", key)})
            assert (answer.body["data"], answer.codes) == ({field: None}, ["NOT_FOUND"])
            assert (await ask(who, field, {"id": encode(prefix, key)})).codes == ["NOT_FOUND"]


async def test_numbers_of_strangers_are_answered_as_numbers_of_nothing(scene: Scene) -> None:
    who = await scene.enter("partner_admin")
    stranger = await scene.enter("agent_lead")
    number = (await stranger.query("query ($id: ID!) { ticket(id: $id) { number } }", id=scene.foreign["ticket"])).data
    answers = [await ask(who, "ticketByNumber", {"number": text}) for text in (number["ticket"]["number"], "99999999")]
    assert answers[0].body == answers[1].body
    assert answers[0].codes == ["NOT_FOUND"]


@pytest.mark.parametrize("number", ["", "٣٤", "²", "-1", "1e9", "0x10", "%", "_" * 8, "9" * 100_000, "00000001 ", "1"])
async def test_numbers_that_are_none_are_not_found(scene: Scene, number: str) -> None:
    answer = await ask(await scene.enter("tenant_owner"), "ticketByNumber", {"number": number})
    assert told(answer, "ticketByNumber")[0][0] == "NOT_FOUND"


def test_every_kind_of_object_is_among_the_strangers() -> None:
    assert {*FOREIGN, "user", "device", *PUBLISHED, *PLATFORMS_OWN} == set(NODES)
