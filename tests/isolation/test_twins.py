"""K1 Isolation: twins have the same and share nothing; on no way that there is does one reach a row of the other."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest

from authz.actor import Actor
from authz.errors import ForbiddenError
from execution.ids import decode
from execution.paging import PageRequest
from execution.relation import KEYS, Cardinality, Relation, related, related_counts, related_pages
from resolvers.context import Context
from tests.isolation.declared import lists, relations
from tests.isolation.owners import keys_inside, keys_outside
from tests.support.app import Running
from tests.support.world import Twin, World

Twins = tuple[Twin, Twin]
RELATIONS = relations()
LISTS = lists()
WHO = ("partner admin", "partner user", "customer owner")


def somebody(who: str, twin: Twin) -> tuple[str, set[UUID]]:
    """An account of the twin, and the tenants whose rows it may reach."""
    tenants = {twin.partner.tenant, *(one.customer.tenant for one in twin.customers)}
    return {
        "partner admin": ("admin@left.example", tenants),
        "partner user": ("staff@left.example", tenants),
        "customer owner": ("owner@leftone.example", {twin.customers[0].customer.tenant}),
    }[who]


async def actor_of(client: Running, email: str) -> Actor:
    signed_in = await client.as_(email)
    assert signed_in.token is not None
    return await client.sign_in.authentication.actor(signed_in.token)


async def reached(client: Running, actor: Actor, relation: Relation, keys: Collection[UUID]) -> list[dict[str, Any]]:
    """The rows that a relation leads to from these keys, or the counts above zero; none where it is forbidden."""
    context = Context(client.database, actor, client.facilities)
    try:
        statements = _statements(context, relation)
    except ForbiddenError:
        return []
    rows = [row for statement in statements for row in await context.rows(statement, **{KEYS: list(keys)})]
    await context.close()
    return [row for row in rows if row.get("count", 1)]


def _statements(context: Context, relation: Relation) -> list[Any]:
    if relation.cardinality is not Cardinality.PAGE:
        return [related(relation, context.gate, {})]
    page, _ = related_pages(relation, context.gate, {}, PageRequest(100).shape)
    return [page, related_counts(relation, context.gate, {})]


PLATFORMS_OWN = {
    "node:maildelivery",
    "node:inboundmail",
    "node:bulk",
    "node:bulkitem",
    "BulkOperation.change",
    "BulkOperation.items",
    "TicketBulkUpdatePayload.bulkOperation",
    "BulkOperationCancelPayload.bulkOperation",
}
"""What no customer or partner sees: tests/mail/test_log.py and tests/schema/test_bulk_operations.py have who does."""


@pytest.mark.parametrize("who", WHO)
async def test_K1_no_relation_leads_to_rows_of_others(client: Running, twins: Twins, who: str) -> None:
    email, mine = somebody(who, twins[0])
    actor = await actor_of(client, email)
    async with client.session() as session:
        outside = await keys_outside(session, mine)
    leaks = {name: len(await reached(client, actor, relation, outside)) for name, relation in RELATIONS.items()}
    assert {name: count for name, count in leaks.items() if count} == {}


async def test_K1_every_relation_leads_to_rows_of_ones_own(client: Running, twins: Twins) -> None:
    """What never finds anything proves nothing about isolation."""
    found = dict.fromkeys(RELATIONS, 0)
    for who in WHO:
        email, mine = somebody(who, twins[0])
        actor = await actor_of(client, email)
        async with client.session() as session:
            inside = await keys_inside(session, mine)
        for name, relation in RELATIONS.items():
            found[name] += len(await reached(client, actor, relation, inside))
    assert [name for name, count in found.items() if not count and name not in PLATFORMS_OWN] == []


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", WHO)
async def test_K1_no_list_or_count_holds_rows_of_others(client: Running, twins: Twins, who: str, name: str) -> None:
    email, mine = somebody(who, twins[0])
    async with client.session() as session:
        outside = set(await keys_outside(session, mine))
    query = f"{{ {name}(first: 100) {{ totalCount nodes {{ id }} }} }}"
    answer = await (await client.as_(email)).query(query)
    if answer.codes == ["FORBIDDEN"]:
        return
    page = answer.data[name]
    keys = {decode(node["id"])[1] for node in page["nodes"]}
    assert (keys & outside, page["totalCount"]) == (set(), len(keys))


@pytest.mark.parametrize("who", WHO)
async def test_K1_no_node_of_others_is_found(client: Running, twins: Twins, who: str) -> None:
    email, mine = somebody(who, twins[0])
    async with client.session() as session:
        outside = await keys_outside(session, mine)
    somebodys = await client.as_(email)
    for prefix in sorted({name.removeprefix("node:") for name in RELATIONS if name.startswith("node:")}):
        ids = [f"{prefix}_{key.hex}" for key in outside[:100]]
        answer = await somebodys.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
        assert answer.body["data"]["nodes"] == [None] * len(ids)


async def test_K1_platform_rows_are_nobody_elses(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    answer = await owner.query("query ($id: ID!) { tenant(id: $id) { id } }", id=f"tenant_{world.platform.tenant.hex}")
    assert answer.codes == ["NOT_FOUND"]
