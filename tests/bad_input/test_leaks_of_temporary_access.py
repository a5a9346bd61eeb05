"""Who may learn that the vendor can look into an environment: `temp_account:read`, and not whoever sees the ticket."""

import pytest
from sqlalchemy import text

from domain.tickets.model import ParticipantKind
from execution.ids import decode
from tests.bad_input.asked import ask, valid
from tests.bad_input.scene import Scene
from tests.support import factories as make
from tests.support.app import Client

WHOLE = """query ($id: ID!) {
  ticket(id: $id) { temporarySupportAccount { id } timeline(first: 50) { totalCount nodes { kind } } }
}"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"
TOLD = ("tenant_owner", "service_administrator", "customized_administrator", "partner_admin", "agent", "agent_lead")
NOT_TOLD = ("application_administrator", "standard_user", "colleague", "partner_user", "operator", "service_principal")


async def granted(scene: Scene) -> str:
    """A ticket for which the owner lets the vendor look into the environment."""
    owner = await scene.enter("tenant_owner")
    made = await ask(owner, "supportInviteNewIssue", valid("supportInviteNewIssue", scene.ground.values))
    return str(made.data["supportInviteNewIssue"]["ticket"]["id"])


async def account_of(scene: Scene, ticket: str) -> str:
    found = await (await scene.enter("tenant_owner")).query(WHOLE, id=ticket)
    return str(found.data["ticket"]["temporarySupportAccount"]["id"])


async def learned(who: Client, ticket: str) -> tuple[bool, list[str]]:
    """Whether an account is shown, and what the timeline says, whose count is that of its nodes."""
    shown = (await who.query(WHOLE, id=ticket)).data["ticket"]
    kinds = [node["kind"] for node in shown["timeline"]["nodes"]]
    assert shown["timeline"]["totalCount"] == len(kinds)
    return shown["temporarySupportAccount"] is not None, kinds


@pytest.mark.parametrize("role", TOLD)
async def test_A18_who_reads_of_temporary_accounts_sees_it_and_since_when(scene: Scene, role: str) -> None:
    ticket = await granted(scene)
    account, who = await account_of(scene, ticket), await scene.enter(role)
    assert await learned(who, ticket) == (True, ["CREATED", "TEMPORARY_ACCESS_GRANTED"])
    assert (await who.query(NODE, id=account)).data == {"node": {"id": account}}


@pytest.mark.parametrize("role", NOT_TOLD)
async def test_A18_who_merely_sees_the_ticket_learns_nothing_of_the_account(scene: Scene, role: str) -> None:
    ticket = await granted(scene)
    account, who = await account_of(scene, ticket), await scene.enter(role)
    assert await learned(who, ticket) == (False, ["CREATED"])
    assert (await who.query(NODE, id=account)).codes == ["NOT_FOUND"]


async def test_4_4_a_partner_that_is_copied_in_after_the_flip_learns_nothing_of_the_account(scene: Scene) -> None:
    """It holds the act at home and at customers that it manages, and this is neither any more."""
    ticket, world = await granted(scene), scene.world
    account = await account_of(scene, ticket)
    async with scene.client.session() as session:
        await session.execute(
            text("UPDATE management_relationship SET mode = 'CUSTOMER' WHERE customer_tenant_id = :tenant"),
            {"tenant": world.alder.tenant},
        )
        await make.participant(session, world.alder.tenant, decode(ticket)[1], world.meridian.admin, ParticipantKind.CC)
    admin = await scene.enter("partner_admin")
    assert await learned(admin, ticket) == (False, ["CREATED"])
    assert (await admin.query(NODE, id=account)).codes == ["NOT_FOUND"]
