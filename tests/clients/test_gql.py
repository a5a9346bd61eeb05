"""Python's gql 4: it fetches the schema, checks operations against it, and runs them, one at a time or together."""

import asyncio
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport, HTTPXTransport
from graphql import GraphQLError

from tests.clients.conftest import Signed
from tests.clients.story import assert_mutations

pytestmark = pytest.mark.thorough

CUSTOMERS = """
    query Customers($first: Int!, $after: String) {
      customers(first: $first, after: $after) {
        nodes { id organizationName }
        pageInfo { endCursor }
      }
    }
"""
PIN = """
    mutation Pin($customerId: ID!, $input: CustomerPinInput!) {
      customerPin(customerId: $customerId, input: $input) {
        clientMutationId
        customer { id }
        userErrors { __typename code field }
      }
    }
"""


def transport(staff: Signed, token: str | None = None) -> HTTPXTransport:
    return HTTPXTransport(staff.url, headers={"Authorization": f"Bearer {token or staff.token}"})


def customers(after: str | None) -> GraphQLRequest:
    return GraphQLRequest(CUSTOMERS, variable_values={"first": 3, "after": after})


def pin(customer_id: str) -> GraphQLRequest:
    return GraphQLRequest(PIN, variable_values={"customerId": customer_id, "input": {"clientMutationId": "gql"}})


def test_gql_fetches_the_schema_reads_and_writes(staff: Signed) -> None:
    client = Client(transport=transport(staff), fetch_schema_from_transport=True)
    names: list[str] = []
    after = None
    with client as session:
        for _page in range(3):
            page = session.execute(customers(after))["customers"]
            names += [node["organizationName"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
        seen = {
            "pinned": session.execute(pin(staff.ids[0]))["customerPin"],
            "unseen": session.execute(pin("customer_of-nobody"))["customerPin"],
        }
        with pytest.raises(GraphQLError, match="noSuchField"):
            session.execute(gql("{ noSuchField }"))
    assert names == staff.names
    assert_mutations(seen, staff, "gql")


async def test_gql_asks_several_things_at_once(staff: Signed) -> None:
    headers = {"Authorization": f"Bearer {staff.token}"}
    async with Client(transport=HTTPXAsyncTransport(staff.url, headers=headers)) as session:
        pages: list[dict[str, Any]] = await asyncio.gather(*(session.execute(customers(None)) for _each in range(5)))
    assert [[node["organizationName"] for node in page["customers"]["nodes"]] for page in pages] == [
        staff.names[:3]
    ] * 5


@pytest.mark.parametrize(
    ("query", "token", "code"),
    [("{ noSuchField }", None, "GRAPHQL_VALIDATION_FAILED"), (CUSTOMERS, "forged", "UNAUTHENTICATED")],
)
def test_gql_raises_what_the_server_refuses(staff: Signed, query: str, token: str | None, code: str) -> None:
    request = GraphQLRequest(query, variable_values={"first": 3})
    with Client(transport=transport(staff, token)) as session, pytest.raises(TransportQueryError) as refused:
        session.execute(request)
    assert [error["extensions"]["code"] for error in refused.value.errors or []] == [code]
