"""urql 6 (its core)."""

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import run
from tests.clients.story import assert_mutations

pytestmark = pytest.mark.thorough


def test_urql_reads_by_get_and_post_writes_and_is_refused(staff: Signed) -> None:
    seen = run("urql.mjs", staff)
    assert seen["methods"] == ["GET", "POST"]
    assert seen["namesByGet"] == staff.names
    assert seen["names"] == staff.names
    assert_mutations(seen, staff, "urql")
    assert seen["invalid"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert seen["forged"] == ["UNAUTHENTICATED"]
