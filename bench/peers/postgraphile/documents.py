"""The questions in PostGraphile's own words, and its answers in the platform's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bench.contender import Asked, Variables
from execution.ids import decode_as, encode

CUSTOMERS = """query ($first: Int!) { allCustomers(first: $first, orderBy: [SEARCH_NAME_ASC, ROW_ID_ASC]) { nodes {
  organizationName registeredAccount country managedTenantId
  services(first: 10, orderBy: [VALID_FROM_ASC, ROW_ID_ASC]) { nodes { service { name family startable premium } } }
  openTickets(first: 5, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes {
    number summary status severity kind issueType createdAt
  } }
  entitlements(first: 10, orderBy: [ROW_ID_ASC]) { nodes { unit available total } }
} } }"""
CUSTOMER = """query ($id: UUID!) { customerByRowId(rowId: $id) {
  organizationName registeredAccount country managedTenantId
  tickets(first: 10, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes {
    number summary status
    participants(first: 10, orderBy: [ADDED_AT_ASC, ROW_ID_ASC]) { nodes { kind name email } }
    conversation(first: 10, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) { nodes { authorName body createdAt } }
  } }
} }"""
VIEWER = "{ viewerId }"
SEARCH = """query ($search: String!) { searchTickets(search: $search, first: 20) { nodes {
  number summary status severity createdAt
} } }"""
FILTERED = """query ($tags: [String!]!, $first: Int!, $after: Cursor) {
  allCustomers(filter: {openTicketsExist: true, tags: {overlaps: $tags}}, first: $first, after: $after,
    orderBy: [SEARCH_NAME_ASC, ROW_ID_ASC]) {
    nodes { organizationName registeredAccount country }
    pageInfo { hasNextPage endCursor }
  }
}"""
DOCUMENTS = {"customers": CUSTOMERS, "customer": CUSTOMER, "viewer": VIEWER, "search": SEARCH, "filtered": FILTERED}


def asks(question: str, variables: Variables) -> Asked | None:
    """Queries only: what a mutation does here is the platform's, and would be a function in its words."""
    document = DOCUMENTS.get(question)
    if document is None:
        return None
    given = dict(variables)
    if question == "customer":
        given["id"] = str(decode_as("customer", given["id"]))
    return "/graphql", {"query": document, "variables": given}


def normal(question: str, data: Any) -> Any:
    """The data of an answer as the platform gives it."""
    return NORMAL[question](data)


def cursor(data: Any) -> str | None:
    """Where the next page begins."""
    end: str | None = data["allCustomers"]["pageInfo"]["endCursor"]
    return end


def _customers(data: Any) -> Any:
    return {"customers": {"nodes": [_managed(node, "openTickets") for node in data["allCustomers"]["nodes"]]}}


def _customer(data: Any) -> Any:
    found = data["customerByRowId"]
    return {"customer": None if found is None else _managed(found, "tickets")}


def _viewer(data: Any) -> Any:
    return {"viewer": {"id": encode("viewer", UUID(data["viewerId"]))}}


def _filtered(data: Any) -> Any:
    return {"customers": data["allCustomers"]}


def _search(data: Any) -> Any:
    return {"tickets": data["searchTickets"]}


def _managed(node: dict[str, Any], tickets: str) -> dict[str, Any]:
    """A relation is never null there: where the platform says so, the tenant is not managed."""
    found = {name: value for name, value in node.items() if name not in ("managedTenantId", tickets)}
    return {**found, "tickets": node[tickets] if node["managedTenantId"] else None}


NORMAL: dict[str, Callable[[Any], Any]] = {
    "customers": _customers,
    "customer": _customer,
    "viewer": _viewer,
    "search": _search,
    "filtered": _filtered,
}
