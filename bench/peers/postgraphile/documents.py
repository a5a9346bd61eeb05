"""The workloads in PostGraphile's own words, and its answers in ours."""

from typing import Any
from uuid import UUID

from execution.ids import decode_as, encode

CUSTOMERS = """query ($first: Int!) { allCustomers(first: $first, orderBy: [SEARCH_NAME_ASC, ROW_ID_ASC]) { nodes {
  organizationName
  managedTenantId
  services(first: 10, orderBy: [VALID_FROM_ASC, ROW_ID_ASC]) { nodes { service { name } } }
  openTickets(first: 5, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes { number summary status severity } }
  entitlements(first: 10, orderBy: [ROW_ID_ASC]) { nodes { unit available total } }
} } }"""
CUSTOMER = """query ($id: UUID!) { customerByRowId(rowId: $id) {
  organizationName
  managedTenantId
  tickets(first: 10, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes { number
    participants(first: 10, orderBy: [ADDED_AT_ASC, ROW_ID_ASC]) { nodes { email } }
    conversation(first: 10, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) { nodes { body } }
  } }
} }"""
VIEWER = "{ viewerId }"
FILTERED = """query ($first: Int!, $after: Cursor, $tags: [String!]!) {
  allCustomers(first: $first, after: $after, orderBy: [SEARCH_NAME_ASC, ROW_ID_ASC],
    filter: {tags: {overlaps: $tags}, openTicketsExist: true}) {
    nodes { organizationName } pageInfo { hasNextPage endCursor }
  }
}"""


def customers(data: Any) -> Any:
    """The answer to `CUSTOMERS` as the platform gives it."""
    return {"customers": {"nodes": [_managed(node, "openTickets") for node in data["allCustomers"]["nodes"]]}}


def customer(data: Any) -> Any:
    """The answer to `CUSTOMER`."""
    found = data["customerByRowId"]
    return {"customer": None if found is None else _managed(found, "tickets")}


def customer_id(given: str) -> str:
    """The variable of `CUSTOMER` for one of the platform's ids."""
    return str(decode_as("customer", given))


def viewer(data: Any) -> Any:
    """The answer to `VIEWER`."""
    return {"viewer": {"id": encode("viewer", UUID(data["viewerId"]))}}


def filtered(data: Any) -> Any:
    """The answer to `FILTERED`; cursors are each one's own."""
    page = data["allCustomers"]
    return {"customers": {"nodes": page["nodes"], "pageInfo": {"hasNextPage": page["pageInfo"]["hasNextPage"]}}}


def _managed(node: dict[str, Any], tickets: str) -> dict[str, Any]:
    """A relation is never null there: where the platform says so, the tenant is not managed."""
    managed, found = node.pop("managedTenantId"), node.pop(tickets)
    return node | {"tickets": found if managed else None}
