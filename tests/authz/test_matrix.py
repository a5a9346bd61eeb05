"""K2 The role matrix: for every role and every root field the answer that `matrix.csv` has (spec 5.3).

Every field acts on Alder & Finch, which Meridian IT manages. A refused mutation is proven to have changed nothing.
"""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.authz.ground import Ground, laid
from tests.support.app import Answer, Client, Running
from tests.support.schema import SCHEMA
from tests.support.world import World

HERE = Path(__file__).parent
DOCUMENTS = {path.stem: path.read_text() for path in sorted((HERE / "operations").glob("*.graphql"))}
ALLOWED = ("yes", "none")

Enter = Callable[[Running, World, Ground], Awaitable[Client]]


def account(email: str) -> Enter:
    """Somebody with an account."""

    async def enter(client: Running, _world: World, _ground: Ground) -> Client:
        return await client.as_(email)

    return enter


async def nobody(client: Running, _world: World, _ground: Ground) -> Client:
    return client.nobody


async def temporary_support(client: Running, world: World, ground: Ground) -> Client:
    return await client.as_temporary(ground.temporary_account, world.platform.agent)


async def machine(client: Running, _world: World, ground: Ground) -> Client:
    """A service principal of Alder & Finch: its role may everything, its token only read tickets and services."""
    return client.with_token(ground.machine_token)


async def tool(client: Running, _world: World, ground: Ground) -> Client:
    """An internal tool of the platform (K6): a lead's role, its token for tickets and balances."""
    return client.with_token(ground.tool_token)


ROLES: dict[str, Enter] = {
    "anonymous": nobody,
    "tenant_owner": account("owner@alder.example"),
    "service_administrator": account("service@alder.example"),
    "customized_administrator": account("custom@alder.example"),
    "application_administrator": account("apps@alder.example"),
    "standard_user": account("user@alder.example"),
    "colleague": account("colleague@alder.example"),
    "partner_admin": account("admin@meridian.example"),
    "partner_user": account("staff@meridian.example"),
    "other_partner": account("admin@left.example"),
    "other_customer": account("owner@lonepine.example"),
    "agent": account("agent@northstar.example"),
    "agent_lead": account("lead@northstar.example"),
    "operator": account("operator@northstar.example"),
    "participant": account("consultant@elsewhere.example"),
    "temporary_support": temporary_support,
    "service_principal": machine,
    "internal_tool": tool,
}


def matrix() -> dict[str, dict[str, str]]:
    """Field → role → answer."""
    with (HERE / "matrix.csv").open(newline="") as file:
        return {row.pop("field"): row for row in csv.DictReader(file)}


QUERIES = set(SCHEMA.query_type.fields) if SCHEMA.query_type else set()
MUTATIONS = set(SCHEMA.mutation_type.fields) if SCHEMA.mutation_type else set()
SUBSCRIPTIONS = set(SCHEMA.subscription_type.fields) if SCHEMA.subscription_type else set()
ROWS = matrix()
MATRIX = {field: row for field, row in ROWS.items() if field not in SUBSCRIPTIONS}
"""What is asked once; `test_subscriptions` follows the others."""


def outcome(answer: Answer, field: str) -> str:
    """`yes`, `none` (an empty list or null), or the code of the refusal."""
    if answer.codes:
        return str(answer.codes[0])
    value: Any = answer.data[field]
    if isinstance(value, dict) and value.get("userErrors"):
        return str(value["userErrors"][0]["code"])
    if isinstance(value, dict) and "nodes" in value:
        return "yes" if value["nodes"] else "none"
    if isinstance(value, list):
        return "yes" if value else "none"
    return "none" if value is None else "yes"


def test_K2_every_root_field_has_a_row_and_a_document() -> None:
    assert set(ROWS) == QUERIES | MUTATIONS | SUBSCRIPTIONS
    assert set(DOCUMENTS) == QUERIES | MUTATIONS | SUBSCRIPTIONS


def test_K2_every_role_has_a_column() -> None:
    assert {tuple(row) for row in ROWS.values()} == {tuple(ROLES)}


@pytest.mark.parametrize("field", sorted(MATRIX))
async def test_K2_the_answers_are_those_of_the_matrix(client: Running, field: str) -> None:
    """Whoever is refused leaves everything as it was, so that the next role finds the same ground."""
    answers: dict[str, str] = {}
    traces: list[str] = []
    world, ground = await laid(client)
    before = await ground.fingerprint(client)
    for role, enter in ROLES.items():
        asker = await enter(client, world, ground)
        answer = await asker.query(DOCUMENTS[field], **ground.values_for(DOCUMENTS[field]))
        answers[role] = outcome(answer, field)
        if field in MUTATIONS and answers[role] in ALLOWED:
            await laid(client)
        elif await ground.fingerprint(client) != before:
            traces.append(role)
    assert answers == MATRIX[field]
    assert traces == []
