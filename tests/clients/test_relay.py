"""Relay 21: its compiler takes the schema, and what it compiled runs."""

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import HERE, emptied, package, run
from tests.clients.story import assert_mutations

pytestmark = pytest.mark.thorough


def test_relay_compiles_reads_refetches_writes_and_is_refused(staff: Signed) -> None:
    emptied(HERE / "relay" / "generated")
    package("relay-compiler/cli.js", "relay.config.json", folder=HERE / "relay")
    seen = run("relay/run.mjs", staff)
    assert seen["names"] == staff.names
    assert seen["refetched"] == staff.names[0]
    assert_mutations(seen, staff, "relay")
    assert seen["tooMany"] == ["OUT_OF_RANGE"]
    assert seen["forged"] == ["UNAUTHENTICATED"]
