"""What being copied in, or being limited to groups of customers, shows and does not (spec 4.4, 5.1, AMB-34)."""

import base64
from uuid import UUID

import orjson
from sqlalchemy import text

from domain.customers.model import ManagementRelationship
from domain.tickets.model import ParticipantKind
from execution.ids import encode
from tests.bad_input.scene import Scene, found_codes
from tests.bad_input.test_leaks_to_partners import CUSTOMER, SECRET, solstice_customer, ticket_of_solstice
from tests.support import factories as make


async def test_4_4_being_copied_in_after_the_flip_shows_the_one_ticket_and_nothing_around_it(scene: Scene) -> None:
    """Honoured for the one who is copied in, not for the rest of the partner, and not for the list of customers."""
    key, other = await ticket_of_solstice(scene), await ticket_of_solstice(scene)
    world = scene.world
    async with scene.client.session() as session:
        await make.participant(session, world.solstice.tenant, key, world.meridian.admin, ParticipantKind.CC)
    admin, staff = await scene.enter("partner_admin"), await scene.enter("partner_user")
    listed = "{ tickets(first: 5, scope: CC) { totalCount nodes { id } } }"
    assert (await admin.query(listed)).data["tickets"] == {"totalCount": 1, "nodes": [{"id": encode("ticket", key)}]}
    assert (await staff.query(listed)).data["tickets"] == {"totalCount": 0, "nodes": []}
    around = await admin.query(
        """query ($id: ID!) { ticket(id: $id) { summary
             tenant { owner { email } tickets(first: 5) { totalCount } securitySettings { version }
                      entitlements(first: 5) { totalCount } }
             requester { user { email } } entitlementUse { quantity }
             viewerRelation viewerCan { reply resolve close assign noteInternal revokeTemporaryAccount } } }""",
        id=encode("ticket", key),
    )
    assert around.data["ticket"] == {
        "summary": SECRET,
        "tenant": {
            "owner": None,
            "tickets": {"totalCount": 1},
            "securitySettings": None,
            "entitlements": {"totalCount": 0},
        },
        "requester": {"user": None},
        "entitlementUse": None,
        "viewerRelation": ["CC"],
        "viewerCan": {
            "reply": True,
            "resolve": False,
            "close": False,
            "assign": False,
            "noteInternal": False,
            "revokeTemporaryAccount": False,
        },
    }
    assert (await admin.query("query ($id: ID!) { ticket(id: $id) { id } }", id=encode("ticket", other))).codes == [
        "NOT_FOUND"
    ]
    customer = await admin.query(
        CUSTOMER % "openTicketCount tickets(first: 5) { totalCount }", id=solstice_customer(scene)
    )
    assert customer.data["customer"] == {"openTicketCount": None, "tickets": None}
    open_ones = await admin.query(
        "{ customers(first: 5, filter: {hasOpenTickets: true}) { nodes { organizationName } } }"
    )
    assert [row["organizationName"] for row in open_ones.data["customers"]["nodes"]] == ["Alder & Finch"]


async def test_4_4_someone_copied_in_from_a_stranger_tenant_sees_nothing(scene: Scene) -> None:
    """A participant row that names somebody of a partner without any relationship is no access (AMB-34)."""
    world = scene.world
    async with scene.client.session() as session:
        stranger = (
            await session.execute(text("SELECT id FROM user_account WHERE email = 'admin@right.example'"))
        ).scalar_one()
        await make.participant(session, world.alder.tenant, world.alder.ticket, stranger, ParticipantKind.CC)
    who = await scene.client.as_("admin@right.example")
    ticket = encode("ticket", world.alder.ticket)
    assert (await who.query("query ($id: ID!) { ticket(id: $id) { id } }", id=ticket)).codes == ["NOT_FOUND"]
    nested = "query ($id: ID!) { tenant(id: $id) { name } }"
    assert (await who.query(nested, id=scene.ground.values["tenantId"])).codes == ["NOT_FOUND"]
    listed = await who.query(
        "query ($ids: [ID!]) { tickets(first: 100, filter: {tenantIds: $ids}) { nodes { id } } }",
        ids=[scene.ground.values["tenantId"]],
    )
    assert listed.data["tickets"]["nodes"] == []


async def test_4_4_the_audit_log_of_the_partner_has_nothing_of_the_customers_life_after_the_flip(scene: Scene) -> None:
    partner = await scene.enter("partner_admin")
    log = "{ auditEvents(first: 100) { nodes { action objectId } } }"
    before = (await partner.query(log)).data
    key = encode("ticket", await ticket_of_solstice(scene))
    owner = await scene.client.as_("owner@solstice.example")
    replied = await owner.query(
        'mutation ($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "a"}) { userErrors { code } } }', id=key
    )
    assert replied.data["ticketReplyAdd"]["userErrors"] == []
    assert (await partner.query(log)).data == before


async def test_B44_a_filter_never_tells_a_customer_in_customer_mode_apart(scene: Scene) -> None:
    """Whatever is combined with `hasOpenTickets`, the customer is in neither half, open tickets or not."""
    who = await scene.enter("partner_admin")
    document = """query ($open: Boolean, $statuses: [CustomerStatus!], $search: String) {
      customers(first: 10, search: $search, filter: {hasOpenTickets: $open, statuses: $statuses}) {
        totalCount nodes { organizationName } } }"""
    for _ in range(2):
        for wanted in (True, False):
            for more in ({"search": "Solstice"}, {"statuses": ["ACCESS_DISABLED"]}):
                answer = await who.query(document, open=wanted, **more)
                assert answer.data["customers"] == {"totalCount": 0, "nodes": []}
        await ticket_of_solstice(scene)


async def test_a_cursor_holds_nothing_that_its_row_does_not_show(scene: Scene) -> None:
    """Cursors can be read by anybody: what is in them are the values by which the list is ordered."""
    who = await scene.enter("partner_admin")
    page = await who.query("{ customers(first: 1) { edges { cursor node { id organizationName } } } }")
    (edge,) = page.data["customers"]["edges"]
    _mark, name, key = orjson.loads(base64.urlsafe_b64decode(edge["cursor"] + "=="))
    assert name == edge["node"]["organizationName"].lower()
    assert encode("customer", UUID(key)) == edge["node"]["id"]


async def test_a_customer_of_another_group_is_not_there_for_staff_limited_to_groups(scene: Scene) -> None:
    """Include and exclude hold for every path (spec 5.1)."""
    world = scene.world
    async with scene.client.session() as session:
        await make.customer_group(
            session, world.meridian.tenant, world.alder.tenant, excluded_for=world.meridian.staff_membership
        )
        edge = await session.get(ManagementRelationship, world.alder.relationship)
        assert edge is not None
    staff, values = await scene.enter("partner_user"), scene.ground.values
    for document, name in (
        ("query ($id: ID!) { customer(id: $id) { id } }", "customerId"),
        ("query ($id: ID!) { tenant(id: $id) { id } }", "tenantId"),
        ("query ($id: ID!) { ticket(id: $id) { id } }", "ticketId"),
        ("query ($id: ID!) { node(id: $id) { id } }", "temporaryAccountId"),
        ("mutation ($id: ID!) { customerPin(customerId: $id, input: {}) { userErrors { code } } }", "customerId"),
        (
            'mutation ($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "a"}) { userErrors { code } } }',
            "ticketId",
        ),
    ):
        assert found_codes(await staff.query(document, id=values[name])) == ["NOT_FOUND"], document
    assert (await staff.query("{ tickets(first: 5) { totalCount } }")).data == {"tickets": {"totalCount": 0}}
    names = (await staff.query("{ customers(first: 5) { nodes { organizationName } } }")).data["customers"]["nodes"]
    assert names == [{"organizationName": "Solstice Foods"}]
