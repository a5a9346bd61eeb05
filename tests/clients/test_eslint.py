"""@graphql-eslint finds nothing in the schema, by its recommended rules for schemas and by Relay's."""

import pytest

from tests.clients.programs import ROOT, package

pytestmark = pytest.mark.thorough


def test_eslint_finds_nothing_in_the_schema() -> None:
    config = ROOT / "tests" / "clients" / "eslint.config.mjs"
    package("eslint/bin/eslint.js", "--config", config, "schema/schema.graphql", folder=ROOT)
