"""GraphQL Code Generator: its client preset, with a type for every scalar, gives a client that TypeScript accepts."""

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import HERE, emptied, package, run
from tests.clients.story import assert_mutations

pytestmark = pytest.mark.thorough


def test_a_generated_typescript_client_type_checks_reads_writes_and_is_refused(staff: Signed) -> None:
    emptied(HERE / "codegen" / "generated")
    package("@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.mjs", folder=HERE / "codegen")
    package("typescript/bin/tsc", "--project", ".", folder=HERE / "codegen")
    seen = run("codegen/run.ts", staff)
    assert seen["names"] == staff.names
    assert_mutations(seen, staff, "codegen")
    assert seen["forged"] == ["UNAUTHENTICATED"]
