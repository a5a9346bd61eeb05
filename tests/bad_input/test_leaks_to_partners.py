"""What a partner must not learn of a customer that manages its tenant itself, by whatever path (spec 4.4, AMB-21)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from execution.ids import encode
from tests.bad_input.scene import Scene, found_codes
from tests.support import factories as make
from tests.support.app import Client

SECRET = "Nobody outside reads this"
CUSTOMER = "query ($id: ID!) { customer(id: $id) { %s } }"
TENANT = "query ($id: ID!) { tenant(id: $id) { %s } }"
LISTS = {
    "by name": "{ customers(first: 10) { totalCount nodes { id } } }",
    "backwards": "{ customers(first: 10, orderBy: {direction: DESC}) { nodes { id } } }",
    "open": "{ customers(first: 10, filter: {hasOpenTickets: true}) { totalCount nodes { id } } }",
    "none open": "{ customers(first: 10, filter: {hasOpenTickets: false}) { totalCount nodes { id } } }",
    "searched": '{ customers(first: 10, search: "Solstice") { totalCount nodes { id version createdAt } } }',
    "tickets": "{ tickets(first: 10) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }",
    "open tickets": "{ tickets(first: 10, filter: {openOnly: true}) { totalCount nodes { id } } }",
    "by partner": "{ tickets(first: 10, filter: {raisedByPartner: true}) { totalCount nodes { id } } }",
    "organization": "{ tickets(first: 10, scope: ORGANIZATION) { totalCount nodes { id } } }",
    "requested": "{ tickets(first: 10, scope: REQUESTED) { totalCount nodes { id } } }",
    "audit": "{ auditEvents(first: 100) { totalCount nodes { id action objectId } } }",
    "entitlements": "{ entitlements(first: 10) { totalCount nodes { id available } } }",
}
"""What a partner's lists show."""


async def ticket_of_solstice(scene: Scene, **values: Any) -> UUID:
    """A ticket of the customer that took its management over, with everything that a ticket has."""
    solstice, service = scene.world.solstice, scene.world.catalogue.backup
    given = {"summary": SECRET, "requester_name": "Sol Owner"} | values
    async with scene.client.session() as session:
        key = await make.ticket(session, solstice.tenant, solstice.owner, service, **given)
        await make.message(session, solstice.tenant, key, SECRET)
        await make.attachment(session, solstice.tenant, key, solstice.owner, file_name="secret.log")
        await make.temporary_account(session, solstice.tenant, key, service)
        return key


def solstice_customer(scene: Scene) -> str:
    assert scene.world.solstice.relationship is not None
    return encode("customer", scene.world.solstice.relationship)


async def everything(scene: Scene, who: Client) -> dict[str, Any]:
    """All lists, and the customer itself with what can be seen of it."""
    found = {name: (await who.query(document)).body for name, document in LISTS.items()}
    counts = (f"{name}(first: 5) {{ totalCount }}" for name in ("tickets", "services", "subscriptions"))
    fields = (
        f"version access {{ level }} {' '.join(counts)} openTicketCount tenant {{ tickets(first: 5) {{ totalCount }} }}"
    )
    found["customer"] = (await who.query(CUSTOMER % fields, id=solstice_customer(scene))).body
    return found


async def test_4_4_no_answer_changes_when_a_customer_in_customer_mode_has_tickets(scene: Scene) -> None:
    """Counts, filters, orders, cursors and versions say nothing about tickets that the partner may not know of."""
    who = await scene.enter("partner_admin")
    before = await everything(scene, who)
    for values in (
        {},
        {"requester_user_id": scene.world.meridian.admin, "requester_tenant_id": scene.world.meridian.tenant},
    ):
        await ticket_of_solstice(scene, **values)
    assert await everything(scene, who) == before
    assert SECRET not in str(before)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("tickets(first: 5) { totalCount nodes { id } }", {"tickets": None}),
        ("openTicketCount", {"openTicketCount": None}),
        ("tenant { owner { email } }", {"tenant": {"owner": None}}),
        (
            "tenant { tickets(first: 5) { totalCount nodes { id } } }",
            {"tenant": {"tickets": {"totalCount": 0, "nodes": []}}},
        ),
        ("tenant { securitySettings { version } }", {"tenant": {"securitySettings": None}}),
        ("access { level reason }", {"access": {"level": "LICENSING_ONLY", "reason": "CUSTOMER_MANAGED"}}),
    ],
)
async def test_4_4_nothing_nested_leads_to_it(scene: Scene, fields: str, expected: dict[str, Any]) -> None:
    await ticket_of_solstice(scene)
    answer = await (await scene.enter("partner_admin")).query(CUSTOMER % fields, id=solstice_customer(scene))
    assert answer.data["customer"] == expected


async def test_4_4_no_id_and_no_number_leads_to_it(scene: Scene) -> None:
    key = await ticket_of_solstice(scene)
    who = await scene.enter("partner_admin")
    async with scene.client.session() as session:
        ids = {"ticket": [key]}
        for prefix, table in {
            "message": "ticket_message",
            "participant": "ticket_participant",
            "attachment": "attachment",
            "temporary_account": "temporary_support_account",
        }.items():
            rows = await session.execute(text(f"SELECT id FROM {table} WHERE ticket_id = :key"), {"key": key})
            ids[prefix] = list(rows.scalars())
        number = (await session.execute(text("SELECT number FROM ticket WHERE id = :key"), {"key": key})).scalar_one()
    for prefix, keys in ids.items():
        for each in keys:
            answer = await who.query("query ($id: ID!) { node(id: $id) { id } }", id=encode(prefix, each))
            nothing = await who.query("query ($id: ID!) { node(id: $id) { id } }", id=encode(prefix, uuid4()))
            assert (answer.body, answer.codes) == (nothing.body, ["NOT_FOUND"]), prefix
    by_number = "query ($number: String!) { ticketByNumber(number: $number) { id } }"
    assert (await who.query(by_number, number=number)).codes == ["NOT_FOUND"]
    by_tenant = "query ($id: ID!) { tickets(first: 5, filter: {tenantIds: [$id]}) { totalCount nodes { id } } }"
    answer = await who.query(by_tenant, id=encode("tenant", scene.world.solstice.tenant))
    assert answer.data == {"tickets": {"totalCount": 0, "nodes": []}}


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        ("query ($id: ID!) { supportInviteForm(tenantId: $id) { tenantOwner { email } } }", ["ACCESS_DISABLED"]),
        (
            """mutation ($id: ID!, $service: ID!) { ticketCreate(input: {tenantId: $id, serviceId: $service,
               summary: "a", details: "b"}) { ticket { id } userErrors { code field message } } }""",
            ["ACCESS_DISABLED"],
        ),
    ],
)
async def test_4_4_asking_on_its_behalf_says_no_more_than_the_list_of_customers(
    scene: Scene, document: str, codes: list[str]
) -> None:
    await ticket_of_solstice(scene)
    who, before = await scene.enter("partner_admin"), await scene.rows()
    tenant, service = encode("tenant", scene.world.solstice.tenant), encode("service", scene.world.catalogue.backup)
    variables = {"id": tenant} | ({"service": service} if "$service" in document else {})
    answer = await who.query(document, **variables)
    assert found_codes(answer) == codes
    assert await scene.rows() == before


async def test_4_4_what_was_read_in_partner_mode_is_gone_after_the_flip(scene: Scene) -> None:
    """Also the tickets that the partner raised itself, and what hangs on them; a cursor from before leads nowhere."""
    partner, owner = await scene.enter("partner_admin"), await scene.enter("tenant_owner")
    values = scene.ground.values
    raised = await partner.query(
        """mutation ($id: ID!, $service: ID!) { ticketCreate(input: {tenantId: $id, serviceId: $service,
           summary: "a", details: "b"}) { ticket { id } userErrors { code } } }""",
        id=values["tenantId"],
        service=values["serviceId"],
    )
    own = raised.data["ticketCreate"]["ticket"]["id"]
    page = await partner.query("{ tickets(first: 1) { pageInfo { endCursor } } }")
    cursor = page.data["tickets"]["pageInfo"]["endCursor"]
    assert (await owner.query("mutation { tenantManagementTakeOver(input: {}) { userErrors { code } } }")).data
    for ticket in (own, values["ticketId"]):
        assert (await partner.query("query ($id: ID!) { ticket(id: $id) { id } }", id=ticket)).codes == ["NOT_FOUND"]
        refused = await partner.query(
            'mutation ($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "a"}) { userErrors { code field } } }',
            id=ticket,
        )
        expected = [{"code": "NOT_FOUND", "field": ["ticketId"]}]
        assert refused.data["ticketReplyAdd"]["userErrors"] == expected
    for document in (
        "query ($after: String) { tickets(first: 5, after: $after) { totalCount nodes { id } } }",
        "query ($after: String) { tickets(last: 5, before: $after) { totalCount nodes { id } } }",
    ):
        assert (await partner.query(document, after=cursor)).data["tickets"] == {"totalCount": 0, "nodes": []}
    assert [
        row["id"] for row in (await owner.query("{ tickets(first: 5) { nodes { id } } }")).data["tickets"]["nodes"]
    ] == [
        own,
        values["metTicketId"],
        values["unmetTicketId"],
        values["resolvedTicketId"],
        values["ticketId"],
    ]
