"""The log of mail: what left, what did not and why, for those who look after it."""

from typing import Any

import pytest

from domain.mail.model import InboundMail, InboundOutcome
from execution.ids import decode
from tests.mail.conftest import Post
from tests.schema.asking import invited, made
from tests.support.app import Running
from tests.support.factories.adding import add
from tests.support.world import World

LOG = """query Log($filter: MailDeliveryFilter) { mailDeliveries(first: 10, filter: $filter) {
  totalCount nodes { id recipient template status attempts lastError messageId endedAt ticket { number } }
} }"""
INBOUND = """query Log($filter: InboundMailFilter) { inboundMails(first: 10, filter: $filter) {
  nodes { id sender messageId outcome reason ticket { number } } } }"""


async def log(client: Running, who: str, **narrowed: Any) -> dict[str, Any]:
    answer = await (await client.as_(who)).query(LOG, filter=narrowed)
    return dict(answer.data["mailDeliveries"])


@pytest.fixture
async def ticket(post: Post, world: World) -> dict[str, Any]:
    """A ticket whose contact has been written to, and whose copied address does not exist."""
    owner = await post.client.as_("owner@alder.example")
    ticket = made(await invited(owner, world, additionalRecipients=["gone@elsewhere.example"]))
    keys = await post.take()
    await post.deliveries.deliver(keys[0])
    post.box.answers = ["550 no such mailbox"]
    await post.deliveries.deliver(keys[1])
    return ticket


async def test_the_log_says_what_became_of_each_mail(post: Post, ticket: dict[str, Any], client: Running) -> None:
    found = (await log(client, "lead@northstar.example"))["nodes"]
    by_recipient = {one["recipient"]: one for one in found}
    sent, dead = by_recipient["ada@alder.example"], by_recipient["gone@elsewhere.example"]
    assert (sent["status"], sent["attempts"], sent["lastError"]) == ("SENT", 1, None)
    assert sent["messageId"] == post.box.ids[0]
    assert (dead["status"], dead["attempts"], dead["lastError"]) == ("DEAD", 1, "550 no such mailbox")
    assert dead["messageId"] is None
    assert {one["ticket"]["number"] for one in found} == {ticket["number"]}


async def test_the_log_is_narrowed_by_state_address_and_ticket(client: Running, ticket: dict[str, Any]) -> None:
    who = "operator@northstar.example"
    [dead] = (await log(client, who, statuses=["DEAD"]))["nodes"]
    assert dead["recipient"] == "gone@elsewhere.example"
    assert (await log(client, who, recipient="Ada@Alder.example"))["totalCount"] == 1
    assert (await log(client, who, ticketId=ticket["id"]))["totalCount"] == 2
    assert (await log(client, who, statuses=[]))["totalCount"] == 0


@pytest.mark.usefixtures("ticket")
async def test_a_delivery_is_found_by_its_id(client: Running) -> None:
    lead = await client.as_("lead@northstar.example")
    [first, _second] = (await log(client, "lead@northstar.example"))["nodes"]
    found = await lead.query("query($id: ID!) { node(id: $id) { __typename id } }", id=first["id"])
    assert found.data["node"] == {"__typename": "MailDelivery", "id": first["id"]}


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("who", ["agent@northstar.example", "owner@alder.example", "admin@meridian.example"])
async def test_nobody_else_reads_the_log(client: Running, who: str) -> None:
    key = (await log(client, "lead@northstar.example"))["nodes"][0]["id"]
    asker = await client.as_(who)
    assert (await asker.query(LOG)).codes == ["FORBIDDEN"]
    assert (await asker.query(INBOUND)).codes == ["FORBIDDEN"]
    assert (await asker.query("query($id: ID!) { node(id: $id) { id } }", id=key)).codes == ["FORBIDDEN"]


async def test_what_came_in_is_in_a_log_of_its_own(client: Running, ticket: dict[str, Any]) -> None:
    given = {"sender": "ada@alder.example", "message_id": "<1@alder.example>", "received_at": client.clock()}
    async with client.session() as session:
        refused = {"outcome": InboundOutcome.REFUSED, "reason": "It is an automatic answer."}
        await add(session, InboundMail, **given, **refused)
        accepted = {"outcome": InboundOutcome.ACCEPTED, "reason": "", "ticket_id": decode(ticket["id"])[1]}
        await add(session, InboundMail, **given, **accepted)
    lead = await client.as_("lead@northstar.example")
    found = (await lead.query(INBOUND)).data["inboundMails"]["nodes"]
    assert [one["outcome"] for one in found] == ["ACCEPTED", "REFUSED"]
    assert found[0]["ticket"] == {"number": ticket["number"]}
    narrowed = await lead.query(INBOUND, filter={"outcome": "REFUSED", "sender": "ADA@alder.example"})
    assert [one["reason"] for one in narrowed.data["inboundMails"]["nodes"]] == ["It is an automatic answer."]
