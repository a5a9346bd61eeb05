"""What every client does: read three pages of three customers, pin one, and be refused in three ways."""

from typing import Any

from tests.clients.conftest import Signed


def assert_mutations(seen: dict[str, Any], staff: Signed, client: str) -> None:
    """One pin that was done, and one of a customer that nobody can see, which was refused in its payload."""
    assert seen["pinned"]["clientMutationId"] == client
    assert seen["pinned"]["customer"]["id"] == staff.ids[0]
    assert seen["pinned"]["userErrors"] == []
    assert seen["unseen"]["clientMutationId"] == client
    assert seen["unseen"]["customer"] is None
    assert seen["unseen"]["userErrors"] == [
        {"__typename": "AccessError", "code": "NOT_FOUND", "field": ["customerId"]},
    ]
