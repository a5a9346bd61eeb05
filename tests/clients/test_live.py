"""graphql-ws and graphql-sse, the reference clients of their protocols, and urql's subscriptions by HTTP."""

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import run

pytestmark = pytest.mark.thorough


def test_clients_follow_a_ticket_and_are_refused(staff: Signed) -> None:
    assert run("live.mjs", staff) == {
        "socket": True,
        "socketRefusal": ["GRAPHQL_VALIDATION_FAILED"],
        "forged": 4403,
        "events": True,
        "eventsRefusal": ["GRAPHQL_VALIDATION_FAILED"],
        "urql": True,
    }
