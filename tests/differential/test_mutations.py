"""Mutations do the same and tell it in the same words, whoever executes what is selected of their payloads.

Each runs twice over the same rows, once for the oracle and once for production. What it creates has other ids each
time, so created ids are compared by the order in which they appear.
"""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from authz.actor import Actor
from execution.errors import PublicError
from execution.ids import decode
from tests.authz.test_matrix import ALLOWED, DOCUMENTS, MATRIX, MUTATIONS
from tests.bad_input.scene import Scene, staged
from tests.differential.compare import difference, error_codes
from tests.differential.created import Names
from tests.differential.pool import Pool
from tests.differential.queries import Query, mutation
from tests.support.app import Running
from tests.support.oracle import Sides

ASKED: Final = 2
"""How many roles of those that may, and of those that may not."""
SELECTIONS: Final = 2
"""How many selections of the payload for each of them."""


@pytest.fixture
async def scene(client: Running) -> Scene:
    """Alder & Finch with everything in it, and strangers beside it."""
    return await staged(client)


@pytest.fixture(scope="module")
def sides(served: Running, tmp_path_factory: pytest.TempPathFactory) -> Sides:
    """Both ways, over the scene."""
    return Sides(served, tmp_path_factory.mktemp("objects").as_uri())


@pytest.mark.parametrize("field", sorted(MUTATIONS))
async def test_payloads(scene: Scene, sides: Sides, field: str) -> None:
    outcomes: set[bool] = set()
    values = scene.ground.values_for(DOCUMENTS[field])
    for role in chosen(field):
        for number in range(SELECTIONS):
            asked = mutation(f"{field}:{role}:{number}", known(scene), DOCUMENTS[field], values)
            expected, actual = await both(scene, sides, role, asked)
            assert difference(expected, actual) is None, (role, asked)
            assert {"INTERNAL", "GRAPHQL_VALIDATION_FAILED"}.isdisjoint(error_codes(expected)), (role, asked)
            payload = (expected.get("data") or {}).get(field)
            outcomes.add(bool(payload and not payload["errors"]))
    assert outcomes == {answer in ALLOWED for answer in MATRIX[field].values()}


async def test_mutations_run_one_after_another_and_fail_alone(scene: Scene, sides: Sides) -> None:
    asked = Query(
        """mutation Several($id: ID!, $none: ID!) {
          first: customerPin(customerId: $id, input: {clientMutationId: "1"}) { clientMutationId ...Told }
          none: customerPin(customerId: $none, input: {}) { ...Refused }
          last: customerUnpin(customerId: $id, input: {}) { clientMutationId customer { pinned viewerCan { pin } } }
        }
        fragment Told on CustomerPinPayload { customer { pinned tickets(first: 0) { totalCount } } }
        fragment Refused on MutationPayload { userErrors { __typename code ... on AccessError { field } } }
        """,
        {"id": scene.ground.values["customerId"], "none": "customer_" + "0" * 32},
        "Several",
    )
    expected, actual = await both(scene, sides, "partner_admin", asked)
    assert difference(expected, actual) is None
    assert expected["data"]["first"]["customer"] == {"pinned": True, "tickets": None}
    assert expected["data"]["none"]["userErrors"] == [
        {"__typename": "AccessError", "code": "NOT_FOUND", "field": ["customerId"]}
    ]
    assert expected["data"]["last"]["customer"]["pinned"] is False
    assert error_codes(expected) == ["OUT_OF_RANGE"]


def chosen(field: str) -> list[str]:
    """Some roles that may, and some that are refused."""
    may = [role for role, answer in MATRIX[field].items() if answer in ALLOWED]
    refused = [role for role, answer in MATRIX[field].items() if answer not in ALLOWED]
    return may[:ASKED] + refused[:ASKED]


def known(scene: Scene) -> Pool:
    """The ids on the ground."""
    pool = Pool()
    for value in scene.ground.values.values():
        if not isinstance(value, str):
            continue
        try:
            pool.seen.setdefault(decode(value)[0], []).append(value)
        except PublicError:
            continue
    return pool


async def both(scene: Scene, sides: Sides, role: str, asked: Query) -> tuple[dict[str, Any], dict[str, Any]]:
    """What each side answers, over the same rows; created things by their names."""
    answers = []
    for side in (sides.oracle, sides.planned):
        await scene.restored()
        await scene.client.snapshots._execute("SELECT setval('ticket_number', 70000)")
        actor = await _actor(scene, role)
        since = datetime.now(UTC)
        answer = await side(asked.document, asked.variables, asked.operation_name, actor)
        answers.append(Names(since).of(answer))
    return answers[0], answers[1]


async def _actor(scene: Scene, role: str) -> Actor | None:
    entered = await scene.enter(role)
    return await scene.client.sign_in.authentication.actor(entered.token) if entered.token else None
