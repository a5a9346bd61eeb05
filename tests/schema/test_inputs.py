"""Arguments become what resolvers take, as Strawberry itself would make it of them."""

from typing import Any

import pytest
import strawberry
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from schema.inputs import Inputs
from schema.sources import DEFINITION
from tests.support.schema import built

CONTACT = {"name": "Ada Finch", "email": "ada@alder.example"}
ISSUE = {"tenantId": "tenant_1", "serviceId": "service_1", "summary": "x", "details": "y", "severity": 3}
GIVEN: list[tuple[str, dict[str, Any]]] = [
    ("supportInviteNewIssue", {"input": {**ISSUE, "contact": CONTACT, "jobIds": ["1"], "attachmentIds": []}}),
    ("supportInviteNewIssue", {"input": {**ISSUE, "contact": CONTACT, "phone": None, "jobIds": None}}),
    ("supportInviteNewIssue", {"input": {**ISSUE, "contact": CONTACT, "phone": {"countryCode": "DE", "number": "1"}}}),
    ("customerUpdate", {"customerId": "c", "expectedVersion": 1, "input": {"displayName": None}}),
    ("customerUpdate", {"customerId": "c", "expectedVersion": 1, "input": {"notes": "n"}}),
    ("customers", {"first": 5, "filter": {"tags": ["a"], "hasOpenTickets": True}, "orderBy": None}),
    ("customers", {}),
]


@pytest.fixture(scope="module", name="schema")
def _schema() -> strawberry.Schema:
    return built()


def field_of(schema: strawberry.Schema, name: str) -> StrawberryField:
    core = schema._schema
    assert core.query_type is not None
    assert core.mutation_type is not None
    found: StrawberryField = (core.mutation_type.fields | core.query_type.fields)[name].extensions[DEFINITION]
    return found


@pytest.mark.parametrize(("name", "given"), GIVEN)
def test_arguments_are_those_that_strawberry_makes(schema: strawberry.Schema, name: str, given: dict[str, Any]) -> None:
    field = field_of(schema, name)
    registry = schema.schema_converter.scalar_registry
    expected = convert_arguments(given, field.arguments, scalar_registry=registry, config=schema.config)

    assert Inputs(schema).conversion(field)(given) == {name: expected[name] for name in expected}


def test_a_list_is_the_callers_own(schema: strawberry.Schema) -> None:
    tags = ["a"]
    made = Inputs(schema).conversion(field_of(schema, "customers"))({"filter": {"tags": tags}})

    made["filter"].tags.append("b")

    assert tags == ["a"]
