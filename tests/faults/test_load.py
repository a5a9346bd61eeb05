"""Many at once, through HTTP and two processes: what is counted is counted once (spec 6, D23, D25)."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from execution.ids import encode
from tests.faults.installation import Installation
from tests.faults.submitting import CREATE, Client
from tests.support import factories as make

AT_ONCE = 50
INCIDENTS = 20
CLOSE = """mutation($id: ID!) { ticketClose(ticketId: $id, input: {closureCode: NON_DECREMENT}) {
  ticket { id } userErrors { code } } }"""


@pytest.fixture(name="contract")
async def _contract(installation: Installation) -> UUID:
    """A contract with 20 incidents, linked by Alder's owner."""
    alder, catalogue = installation.world.alder, installation.world.catalogue
    async with installation.client.session() as session:
        contract, _ = await make.contract(session, alder.tenant, incidents=INCIDENTS)
        await make.link(session, alder.tenant, alder.owner, contract, catalogue.contract_channel)
        await make.subscription(session, alder.tenant, catalogue.premium)
    installation.start_server(WORKERS="2")
    return contract


async def client(installation: Installation, who: str = "owner@alder.example") -> Client:
    return Client(installation, (await installation.client.as_(who)).token or "")


def incident(installation: Installation, contract: UUID, **more: Any) -> dict[str, Any]:
    """An incident that draws on the contract."""
    return {
        "summary": "The backup stops",
        "serviceId": encode("service", installation.world.catalogue.premium),
        "details": "Every night at two.",
        "kind": "INCIDENT",
        "severity": 5,
        "paymentOption": "EXISTING_CONTRACT",
        "supportContractId": encode("contract", contract),
        **more,
    }


async def together(who: Client, times: int, document: str, **variables: Any) -> list[dict[str, Any]]:
    """The payloads of so many calls that are sent at once, each on a connection of its own."""
    limits = httpx.Limits(max_connections=times)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http:
        answers = await asyncio.gather(*(who.ask(http, document, **variables) for _ in range(times)))
    return [next(iter(answer.values())) for answer in answers if answer is not None]


async def booked(installation: Installation) -> dict[str, int]:
    """How many debits and credits there are, how many incidents are left, and how many tickets draw on them."""
    found = await installation.rows(
        "SELECT count(*) FILTER (WHERE kind = 'DEBIT'), count(*) FILTER (WHERE kind = 'CREDIT'),"
        " (SELECT available::int FROM entitlement), (SELECT count(*) FROM ticket WHERE kind = 'INCIDENT')"
        " FROM entitlement_transaction"
    )
    return dict(zip(("debits", "credits", "left", "tickets"), found[0], strict=True))


async def test_D23_50_submissions_at_once_for_20_incidents(installation: Installation, contract: UUID) -> None:
    payloads = await together(await client(installation), AT_ONCE, CREATE, input=incident(installation, contract))
    numbers = {payload["ticket"]["number"] for payload in payloads if payload["ticket"]}
    refused = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert (len(payloads), len(numbers)) == (AT_ONCE, INCIDENTS)
    assert refused == ["NO_AVAILABLE_INCIDENTS"] * (AT_ONCE - INCIDENTS)
    assert await booked(installation) == {"debits": INCIDENTS, "credits": 0, "left": 0, "tickets": INCIDENTS}


async def test_spec_3_5_50_tries_at_once_under_one_key_are_one_ticket(
    installation: Installation, contract: UUID
) -> None:
    given = incident(installation, contract, idempotencyKey="once")
    payloads = await together(await client(installation), AT_ONCE, CREATE, input=given)
    assert len(payloads) == AT_ONCE
    assert len({payload["ticket"]["number"] for payload in payloads}) == 1
    assert await booked(installation) == {"debits": 1, "credits": 0, "left": INCIDENTS - 1, "tickets": 1}


async def test_D25_50_closes_at_once_give_back_one_incident(installation: Installation, contract: UUID) -> None:
    [made] = await together(await client(installation), 1, CREATE, input=incident(installation, contract))
    lead = await client(installation, "lead@northstar.example")
    payloads = await together(lead, AT_ONCE, CLOSE, id=made["ticket"]["id"])
    refused = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert (len(payloads), refused) == (AT_ONCE, ["INVALID_TRANSITION"] * (AT_ONCE - 1))
    assert await booked(installation) == {"debits": 1, "credits": 1, "left": INCIDENTS, "tickets": 1}
