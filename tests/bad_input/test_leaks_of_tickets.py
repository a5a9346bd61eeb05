"""What must not be learned of tickets inside a tenant: the vendor's notes, and other people's tickets."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from authz.roles import Role
from domain.tickets.model import ParticipantKind, TicketOrigin, TicketVisibility
from execution.ids import encode
from tests.bad_input.asked import ask, valid
from tests.bad_input.scene import Scene, found_codes, told
from tests.support import factories as make
from tests.support.app import Client

TICKET = "query ($id: ID!) { ticket(id: $id) { id } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
WHOLE = """query ($id: ID!) {
  ticket(id: $id) {
    version status updatedAt createdAt firstRespondedAt reopenedCount assignee { name }
    responseTarget { state metAt: dueAt } resolutionTarget { state dueAt }
    conversation(first: 10) { totalCount nodes { id body } pageInfo { endCursor hasNextPage hasPreviousPage } }
    participants(first: 10) { totalCount } attachments(first: 10) { totalCount } viewerCan { reply resolve }
  }
  tickets(first: 10) { totalCount nodes { id updatedAt version } pageInfo { endCursor } }
}"""
AUDIT = "{ auditEvents(first: 100) { totalCount nodes { id action } } }"
OUTSIDERS = ("tenant_owner", "standard_user", "application_administrator", "partner_admin", "service_principal")


async def secret_note(scene: Scene) -> str:
    """A note of the vendor's staff, five minutes later; gives its id."""
    agent = await scene.enter("agent")
    scene.client.clock.advance(minutes=5)
    note = await agent.query(
        """mutation ($id: ID!) { ticketNoteAdd(ticketId: $id, input: {body: "Do not tell"}) {
             message { id } userErrors { code } } }""",
        id=scene.ground.values["ticketId"],
    )
    return str(note.data["ticketNoteAdd"]["message"]["id"])


@pytest.mark.parametrize("role", OUTSIDERS)
async def test_4_3_an_internal_note_changes_nothing_that_anybody_else_can_see(scene: Scene, role: str) -> None:
    """Neither counts nor versions, times, orders, cursors, targets or the audit log (spec 4.3, 12)."""
    who, ticket = await scene.enter(role), scene.ground.values["ticketId"]
    before = (await who.query(WHOLE, id=ticket)).body, (await who.query(AUDIT)).body
    note = await secret_note(scene)
    assert ((await who.query(WHOLE, id=ticket)).body, (await who.query(AUDIT)).body) == before
    assert (await who.query(NODE, id=note)).codes == ["NOT_FOUND"]


async def test_4_3_an_internal_note_is_not_for_the_temporary_account_either(scene: Scene) -> None:
    """It looks into the tenant, and is no place for the vendor's own words."""
    note = await secret_note(scene)
    who = await scene.enter("temporary_support")
    whole = await who.query(WHOLE, id=scene.ground.values["ticketId"])
    assert whole.data["ticket"]["conversation"]["totalCount"] == 0
    assert (await who.query(NODE, id=note)).codes == ["NOT_FOUND"]


async def test_4_3_an_internal_note_leaves_no_mail_and_no_word_outside(scene: Scene) -> None:
    await secret_note(scene)
    async with scene.client.session() as session:
        told_outside = (await session.execute(text("SELECT payload::text FROM outbox_event"))).scalars().all()
        logged = await session.execute(text("SELECT tenant_id, after FROM audit_event WHERE action = 'ticket.note'"))
        number = scene.ground.values["number"]
        assert [(row.tenant_id, row.after) for row in logged] == [(scene.world.platform.tenant, {"number": number})]
    assert "Do not tell" not in str(told_outside)


async def test_4_3_an_internal_note_does_not_count_as_the_first_answer(scene: Scene) -> None:
    await secret_note(scene)
    owner = await scene.enter("tenant_owner")
    document_ = "query ($id: ID!) { ticket(id: $id) { firstRespondedAt } }"
    answer = await owner.query(document_, id=scene.ground.values["ticketId"])
    assert answer.data["ticket"]["firstRespondedAt"] is None


async def archived(scene: Scene, **values: Any) -> str:
    """A ticket of Alder about the service that its application administrator does not have."""
    alder, service = scene.world.alder, scene.world.catalogue.archive
    async with scene.client.session() as session:
        key = await make.ticket(session, alder.tenant, alder.owner, service, **values)
        await make.message(session, alder.tenant, key)
        await make.temporary_account(session, alder.tenant, key, service)
    return encode("ticket", key)


async def parts_of(scene: Scene, ticket: str) -> list[str]:
    """The ids of everything that hangs on a ticket."""
    tables = {
        "message": "ticket_message",
        "participant": "ticket_participant",
        "attachment": "attachment",
        "temporary_account": "temporary_support_account",
    }
    key = UUID(ticket.rpartition("_")[2])
    async with scene.client.session() as session:
        return [
            encode(prefix, each)
            for prefix, table in tables.items()
            for each in (
                await session.execute(text(f"SELECT id FROM {table} WHERE ticket_id = :key"), {"key": key})
            ).scalars()
        ]


async def invisible(scene: Scene, who: Client, ticket: str) -> None:
    """Nothing leads to a ticket, by whatever path."""
    number_of = await (await scene.enter("operator")).query(
        "query ($id: ID!) { ticket(id: $id) { number } }", id=ticket
    )
    number = number_of.data["ticket"]["number"]
    assert (await who.query(TICKET, id=ticket)).codes == ["NOT_FOUND"]
    assert (await who.query("query ($n: String!) { ticketByNumber(number: $n) { id } }", n=number)).codes == [
        "NOT_FOUND"
    ]
    for part in (ticket, *await parts_of(scene, ticket)):
        assert (await who.query(NODE, id=part)).codes == ["NOT_FOUND"], part
    for listed in ("", ", scope: ORGANIZATION", ", scope: CC", ", scope: REQUESTED", ", filter: {openOnly: true}"):
        page = (await who.query(f"{{ tickets(first: 100{listed}) {{ totalCount nodes {{ id }} }} }}")).data["tickets"]
        assert ticket not in [row["id"] for row in page["nodes"]], listed
        assert page["totalCount"] == len(page["nodes"])
    nested = await who.query(
        "query ($id: ID!) { tenant(id: $id) { tickets(first: 100) { totalCount nodes { id } } } }",
        id=scene.ground.values["tenantId"],
    )
    page = nested.data["tenant"]["tickets"]
    assert (ticket in str(page), page["totalCount"]) == (False, len(page["nodes"]))
    refused = await who.query(
        'mutation ($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "a"}) { userErrors { code } } }', id=ticket
    )
    assert found_codes(refused) in (["NOT_FOUND"], ["FORBIDDEN"])


async def test_A2_an_application_administrator_sees_nothing_of_other_services(scene: Scene) -> None:
    who, archive = await scene.enter("application_administrator"), scene.world.catalogue.archive
    await invisible(scene, who, await archived(scene))
    service = encode("service", archive)
    assert (await who.query("query ($id: ID!) { service(id: $id) { id } }", id=service)).codes == ["NOT_FOUND"]
    names = (await who.query("{ services(first: 100) { totalCount nodes { name } } }")).data["services"]
    assert names == {"totalCount": 1, "nodes": [{"name": "Cloud Backup"}]}
    found = (await who.query('{ services(first: 100, search: "Archive") { totalCount } }')).data["services"]
    assert found == {"totalCount": 0}
    tenant = await who.query(
        "query ($id: ID!) { tenant(id: $id) { services(first: 10) { totalCount nodes { service { name } } } } }",
        id=scene.ground.values["tenantId"],
    )
    assert tenant.data["tenant"]["services"] == {"totalCount": 1, "nodes": [{"service": {"name": "Cloud Backup"}}]}
    for prefix in ("subscription", "customerservice"):
        key = encode(prefix, scene.world.alder.archive_subscription)
        assert (await who.query(NODE, id=key)).codes[0] in {"NOT_FOUND", "FORBIDDEN"}
    form = await who.query(
        "query ($id: ID!) { supportInviteForm(tenantId: $id) { services { name } } }",
        id=scene.ground.values["tenantId"],
    )
    assert form.data["supportInviteForm"]["services"] == [{"name": "Cloud Backup"}]
    given = valid("supportInviteNewIssue", scene.ground.values)
    other = await ask(who, "supportInviteNewIssue", {"input": given["input"] | {"serviceId": service}})
    assert [(code, path) for code, _, path in told(other, "supportInviteNewIssue")] == [("NOT_FOUND", ["serviceId"])]


async def test_C10_colleagues_see_nothing_where_the_organisation_shares_nothing(scene: Scene) -> None:
    ticket = scene.ground.values["ticketId"]
    colleague = await scene.enter("colleague")
    assert (await colleague.query(TICKET, id=ticket)).codes == []
    owner = await scene.enter("tenant_owner")
    changed = await owner.query(
        """mutation { tenantSecuritySettingsUpdate(expectedVersion: 1, input: {organizationTicketAccess: NONE}) {
             userErrors { code } } }"""
    )
    assert changed.data["tenantSecuritySettingsUpdate"]["userErrors"] == []
    await invisible(scene, colleague, ticket)
    assert (await (await scene.enter("standard_user")).query(TICKET, id=ticket)).data == {"ticket": {"id": ticket}}


async def test_A13_the_contact_sees_that_ticket_and_no_other_where_the_organisation_shares_nothing(
    scene: Scene,
) -> None:
    world, other = scene.world, scene.ground.values["ticketId"]
    async with scene.client.session() as session:
        await session.execute(text("UPDATE tenant_security_settings SET organization_ticket_access = 'NONE'"))
        key = await make.ticket(session, world.alder.tenant, world.alder.owner)
        await make.participant(session, world.alder.tenant, key, world.alder.colleague, ParticipantKind.CONTACT)
    contact = await scene.enter("colleague")
    assert (await contact.query(TICKET, id=encode("ticket", key))).codes == []
    await invisible(scene, contact, other)
    listed = (await contact.query("{ tickets(first: 100) { totalCount nodes { id } } }")).data["tickets"]
    assert listed == {"totalCount": 1, "nodes": [{"id": encode("ticket", key)}]}


async def test_E20_what_a_partner_asks_for_itself_is_seen_by_its_requester_alone(scene: Scene) -> None:
    """A colleague at the partner does not learn of it by any path."""
    world = scene.world
    private = {
        "visibility": TicketVisibility.REQUESTER_ONLY,
        "origin": TicketOrigin.PARTNER_REQUEST,
        "requester_tenant_id": world.meridian.tenant,
    }
    async with scene.client.session() as session:
        key = await make.ticket(session, world.meridian.tenant, world.meridian.staff, world.catalogue.backup, **private)
        await make.message(session, world.meridian.tenant, key)
    ticket = encode("ticket", key)
    assert (await (await scene.enter("partner_user")).query(TICKET, id=ticket)).data == {"ticket": {"id": ticket}}
    for role in ("partner_admin", "tenant_owner"):
        who = await scene.enter(role)
        for part in (ticket, *await parts_of(scene, ticket)):
            assert (await who.query(NODE, id=part)).codes == ["NOT_FOUND"]
        listed = (await who.query("{ tickets(first: 100) { nodes { id } } }")).data["tickets"]["nodes"]
        assert ticket not in [row["id"] for row in listed]


@pytest.mark.parametrize("kind", [ParticipantKind.CC, ParticipantKind.CONTACT])
async def test_AMB34_being_named_somewhere_is_no_right_elsewhere(scene: Scene, kind: ParticipantKind) -> None:
    """The same person in two tenants sees in each what is of that tenant."""
    world = scene.world
    async with scene.client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.user, Role.STANDARD_USER)
        await make.participant(session, world.alder.tenant, world.alder.ticket, world.alder.user, kind)
    there = await scene.client.as_(world.alder.user, world.lone_pine.tenant)
    assert (await there.query(TICKET, id=scene.ground.values["ticketId"])).codes == ["NOT_FOUND"]
    assert (await there.query("{ tickets(first: 5) { totalCount } }")).data == {"tickets": {"totalCount": 0}}
