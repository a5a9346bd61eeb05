"""Apollo Client 4."""

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import run
from tests.clients.story import assert_mutations

pytestmark = pytest.mark.thorough


def test_apollo_client_reads_writes_and_is_refused(staff: Signed) -> None:
    seen = run("apollo.mjs", staff)
    assert seen["names"] == staff.names
    assert seen["namesByGet"] == staff.names
    assert_mutations(seen, staff, "apollo")
    assert seen["invalid"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert seen["forged"] == ["UNAUTHENTICATED"]
