"""What comes after: follow-ups of tickets that are over, and what their requesters think (spec 4.2, AMB-26, AMB-31)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from domain.entitlements.model import Entitlement
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import AGENT, CLOSE, ERRORS, LEAD, RESOLVE, counted, done, form, key, made, of, problems
from tests.schema.test_ticket_closing import available, incident
from tests.schema.test_ticket_timeline import told
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.waiting import awaited
from tests.support.world import World

CREATE = f"""mutation Create($input: TicketCreateInput!) {{ ticketCreate(input: $input) {{
  ticket {{ id number followUpOf {{ id followUps(first: 5) {{ totalCount nodes {{ id }} }} }} }} {ERRORS}
}} }}"""
RATE = f"""mutation Rate($id: ID!, $score: Int!, $comment: String) {{
  ticketRatingSet(ticketId: $id, input: {{score: $score, comment: $comment}}) {{
    ticket {{ rating {{ score comment ratedAt changedAt }} }} {ERRORS}
  }}
}}"""
RATING = "query($id: ID!) { ticket(id: $id) { rating { score comment } viewerCan { rate } } }"
OWNER, USER, COLLEAGUE = "owner@alder.example", "user@alder.example", "colleague@alder.example"


def request(world: World, former: str, **changes: Any) -> dict[str, Any]:
    given = form(world, followUpOfId=former, **changes)
    del given["issueType"]
    return given


class TestFollowUps:
    """A closed ticket is over for good; what remains is a new one."""

    @pytest.mark.parametrize("over", [RESOLVE, CLOSE])
    async def test_4_2_what_is_over_is_followed_up(self, client: Running, world: World, over: str) -> None:
        agent, user = await client.as_(AGENT), await client.as_(USER)
        code = {"code": "DECREMENT"} if over is CLOSE else {}
        made(await done(agent, over, id=of(world), **code))
        ticket = made(await done(user, CREATE, input=request(world, of(world))))
        followed = {"id": of(world), "followUps": {"totalCount": 1, "nodes": [{"id": ticket["id"]}]}}
        assert ticket["followUpOf"] == followed
        assert (await told(user, of(world)))[-1] == ("FOLLOW_UP_RAISED", None, None)

    async def test_AMB26_a_follow_up_draws_for_itself(self, client: Running, world: World) -> None:
        owner = await client.as_(OWNER)
        first, balance = await incident(client, world)
        made(await done(await client.as_(AGENT), CLOSE, id=first, code="DECREMENT"))
        made(await done(owner, CREATE, input=request(world, first, **await self.paid(owner, world, first))))
        assert await available(client, balance) == 0

    async def paid(self, who: Client, world: World, former: str) -> dict[str, Any]:
        """What pays for an incident by the contract that paid for a former one."""
        contract = "query($id: ID!) { ticket(id: $id) { entitlementUse { contract { id } } } }"
        use = (await who.query(contract, id=former)).data["ticket"]["entitlementUse"]
        return {
            "kind": "INCIDENT",
            "serviceId": encode("service", world.catalogue.premium),
            "paymentOption": "EXISTING_CONTRACT",
            "supportContractId": use["contract"]["id"],
        }

    async def test_spec_6_the_former_ticket_is_locked_before_the_balance_as_closing_it_does(
        self, client: Running, world: World
    ) -> None:
        """In another order a follow-up and the credit of the former ticket would wait for each other."""
        owner = await client.as_(OWNER)
        first, balance = await incident(client, world)
        made(await done(await client.as_(AGENT), RESOLVE, id=first))
        given = request(world, first, **await self.paid(owner, world, first))
        async with asyncio.TaskGroup() as tasks, client.session() as session:
            await session.execute(select(Ticket.id).where(Ticket.id == key(first)).with_for_update())
            follow_up = tasks.create_task(done(owner, CREATE, input=given))
            await awaited(session)
            free = select(Entitlement.id).where(Entitlement.id == balance).with_for_update(skip_locked=True)
            assert (await session.execute(free)).scalar() == balance
        made(follow_up.result())

    async def test_AMB31_what_is_still_looked_after_is_replied_to(self, client: Running, world: World) -> None:
        before = await counted(client)
        refused = await done(await client.as_(USER), CREATE, input=request(world, of(world), summary=" "))
        assert problems(refused) == [("REQUIRED", "summary"), ("TICKET_OPEN", "followUpOfId")]
        assert await counted(client) == before

    async def test_a_ticket_that_one_does_not_see_is_not_followed_up(self, client: Running, world: World) -> None:
        async with client.session() as session:
            there = await make.ticket(session, world.lone_pine.tenant, world.lone_pine.owner)
        for former in (encode("ticket", there), "nothing"):
            refused = await done(await client.as_(USER), CREATE, input=request(world, former))
            assert problems(refused) == [("NOT_FOUND", "followUpOfId")]

    async def test_a_ticket_of_a_partners_other_customer_is_not_followed_up(
        self, client: Running, world: World
    ) -> None:
        async with client.session() as session:
            tenant = await make.tenant(session, "Quiet Harbour")
            await make.relationship(session, world.meridian.tenant, tenant)
            there = await make.ticket(session, tenant, None)
        refused = await done(
            await client.as_("admin@meridian.example"), CREATE, input=request(world, encode("ticket", there))
        )
        assert problems(refused) == [("NOT_FOUND", "followUpOfId")]


class TestRating:
    """One to five, by whoever asked, once it is over, and thought over once (spec 3, 31)."""

    @pytest.fixture(autouse=True)
    async def _over(self, client: Running, world: World) -> None:
        made(await done(await client.as_(AGENT), RESOLVE, id=of(world)))

    async def rated(self, who: Client, world: World, score: int = 4, comment: str | None = None) -> dict[str, Any]:
        return await done(who, RATE, id=of(world), score=score, comment=comment)

    async def test_its_requester_and_the_vendor_see_a_rating_and_nobody_else(
        self, client: Running, world: World
    ) -> None:
        user = await client.as_(USER)
        rating = made(await self.rated(user, world, 2, " Slow. "))["rating"]
        assert (rating["score"], rating["comment"], rating["changedAt"]) == (2, "Slow.", None)
        seen = {}
        for who in (USER, AGENT, LEAD, OWNER, COLLEAGUE, "admin@meridian.example"):
            seen[who] = (await (await client.as_(who)).query(RATING, id=of(world))).data["ticket"]["rating"]
        told_to = {"score": 2, "comment": "Slow."}
        assert seen == dict.fromkeys((USER, AGENT, LEAD), told_to) | dict.fromkeys(
            (OWNER, COLLEAGUE, "admin@meridian.example")
        )

    async def test_nobodys_timeline_but_the_vendors_knows_of_it(self, client: Running, world: World) -> None:
        owner, before = await client.as_(OWNER), await told(await client.as_(OWNER), of(world))
        made(await self.rated(await client.as_(USER), world))
        assert await told(owner, of(world)) == before
        assert (await told(await client.as_(AGENT), of(world)))[-1] == ("RATED", None, "4")

    async def test_it_is_changed_once_within_seven_days(self, client: Running, world: World) -> None:
        user = await client.as_(USER)
        first = made(await self.rated(user, world))["rating"]
        assert made(await self.rated(user, world))["rating"] == first
        client.clock.advance(days=6, hours=23)
        user = await client.as_(USER)
        changed = made(await self.rated(user, world, 5, "Better."))["rating"]
        assert (changed["score"], changed["ratedAt"]) == (5, first["ratedAt"])
        assert changed["changedAt"] is not None
        refused = await self.rated(user, world, 1)
        assert [error["code"] for error in refused["userErrors"]] == ["IRREVERSIBLE_TRANSITION"]

    async def test_after_seven_days_it_stands(self, client: Running, world: World) -> None:
        user = await client.as_(USER)
        made(await self.rated(user, world))
        client.clock.advance(days=7)
        refused = await self.rated(await client.as_(USER), world, 1)
        assert [error["code"] for error in refused["userErrors"]] == ["IRREVERSIBLE_TRANSITION"]

    @pytest.mark.parametrize("who", [OWNER, COLLEAGUE, "admin@meridian.example", AGENT])
    async def test_only_its_requester_rates_it(self, client: Running, world: World, who: str) -> None:
        asks = await client.as_(who)
        assert [error["code"] for error in (await self.rated(asks, world))["userErrors"]] == ["FORBIDDEN"]
        assert (await asks.query(RATING, id=of(world))).data["ticket"]["viewerCan"]["rate"] is False

    async def test_every_fault_is_told_at_once(self, client: Running, world: World) -> None:
        for score in (0, 6):
            refused = await self.rated(await client.as_(USER), world, score, "x" * 2001)
            assert problems(refused) == [("OUT_OF_RANGE", "score"), ("TOO_LONG", "comment")]

    async def test_what_is_still_looked_after_is_not_rated(self, client: Running, world: World) -> None:
        async with client.session() as session:
            key = await make.ticket(session, world.alder.tenant, world.alder.user)
        refused = await done(await client.as_(USER), RATE, id=encode("ticket", key), score=5)
        assert [error["code"] for error in refused["userErrors"]] == ["TICKET_OPEN"]
