"""Who is copied out follows the ticket no longer: told within a second, by a change that goes through the API (C8)."""

import asyncio

import pytest

from domain.tickets.model import ParticipantKind
from execution.ids import encode
from tests.app.live.conftest import Platform
from tests.app.live.talking import talking
from tests.app.live.test_access_ends import SAID, TICKET, run
from tests.schema.asking import done
from tests.schema.test_ticket_copies import REMOVE
from tests.support import factories as make

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("remover", ["owner@alder.example", "colleague@alder.example"])
async def test_C8_who_is_copied_out_is_told_nothing_more_within_a_second(platform: Platform, remover: str) -> None:
    """By somebody else, or by themselves; nobody else in the ticket loses anything."""
    alder, ticket = platform.world.alder, encode("ticket", platform.world.alder.ticket)
    await run(platform, "UPDATE tenant_security_settings SET organization_ticket_access = 'NONE'")
    async with platform.client.session() as session:
        key = await make.participant(session, alder.tenant, alder.ticket, alder.colleague, ParticipantKind.CC)
    async with talking(platform.other) as talk, talking(platform.url) as owner:
        await talk.begin(await platform.token("colleague@alder.example"))
        await talk.ask("a", TICKET, id=ticket)
        await talk.follow("b", SAID, id=ticket)
        await owner.begin(await platform.token("owner@alder.example"))
        await owner.follow("c", TICKET, id=ticket)
        removed = await done(await platform.client.as_(remover), REMOVE, id=ticket, ids=[encode("participant", key)])
        assert removed["userErrors"] == []
        async with asyncio.timeout(1):
            heard = [await talk.heard() for _ in range(2)]
        assert sorted(heard, key=lambda frame: frame["id"]) == [
            {"id": "a", "type": "complete"},
            {"id": "b", "type": "complete"},
        ]
        assert (await owner.news("c"))["ticketUpdated"]["number"]
