"""Whatever is put off, the parts are those of the reference: generated queries, the same ones at every run."""

import os
from typing import Any, Final

import pytest

from tests.differential.putting_off import put_off
from tests.differential.queries import query
from tests.differential.roles import Roles
from tests.support.app import Running
from tests.support.increments import joined
from tests.support.parts import Asked, InParts, assert_announced, content, place, plain

pytestmark = pytest.mark.thorough

QUERIES: Final = int(os.environ.get("DIFFERENTIAL_PARTS", "120"))
ROLES: Final = ("partner_admin", "tenant_owner", "agent", "standard_user")


@pytest.mark.parametrize("role", ROLES)
async def test_generated_queries_in_parts(asked: Running, roles: Roles, role: str) -> None:
    in_parts, asker = InParts(asked), await roles(role)
    compared = parts = 0
    for number in range(QUERIES // len(ROLES)):
        seed = f"parts:{role}:{number}"
        made = query(seed, asker.pool)
        document = put_off(made.document, made.operation_name, seed)
        answer = await in_parts.ask(asker.actor, document, **made.variables)
        assert_announced(answer)
        if not answer.errors:
            await compare(in_parts, asker.actor, document, made.variables, answer)
            compared += 1
            parts += len(answer.parts)
    assert compared > 0.3 * QUERIES / len(ROLES)
    assert parts > 2 * compared


async def compare(in_parts: InParts, actor: Any, document: str, variables: dict[str, Any], answer: Asked) -> None:
    """Without errors all is as the reference has it; it announces again what another part has announced already."""
    cut = await in_parts.cut(actor, document, **variables)
    told = f"{document}\n{variables}"
    assert plain(answer.initial.data) == cut.data, told
    assert [place(each) for each in answer.pending] == [place(each) for each in cut.pending], told
    mine, expected = ({place(each.pending): content(each) for each in of.parts} for of in (answer, cut))
    for each in (*mine.values(), *expected.values()):
        del each["announced"]
    assert mine == expected, told
    assert plain(joined(answer.initial.data, answer.parts)) == await in_parts.whole(actor, document, **variables), told
