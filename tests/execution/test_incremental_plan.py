"""Answers in parts as they are planned: those of the reference, in as few statements, of one snapshot."""

import pytest

from tests.support.app import Client
from tests.support.parts import InParts, assert_as_cut

STAFF = [
    '{ ...V @defer(label: "v") } fragment V on Query { viewer { name role } }',
    "{ customers(first: 2) { nodes { id ... @defer { organizationName } } } }",
    "{ customers(first: 2) { nodes @stream(initialCount: 1) { id services(first: 2) { nodes { id } } } } }",
]


@pytest.mark.parametrize("query", STAFF)
async def test_the_parts_of_a_partners_answer_are_those_of_the_reference(
    in_parts: InParts, staff: Client, query: str
) -> None:
    asked = await in_parts.ask(staff, query)
    assert asked.pending
    assert_as_cut(asked, await in_parts.cut(staff, query), await in_parts.whole(staff, query))
