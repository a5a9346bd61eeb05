"""What no type checker holds: there is one way to rows, and it leads through a grant."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import Base
from domain.tables import METADATA

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "schema", "resolvers", "domain", "authz", "tenancy", "execution")

# Who may run statements without a grant, and why.
WITHOUT_GRANT = {
    "authz/grant.py": "the grant itself",
    "execution/reader.py": "runs what grants have made for queries",
    "tenancy/migrations/env.py": "migrations run as the owner of the tables",
    "domain/records/commands.py": "audit rows of sign-ins and reads, behind which no permission stands",
    "domain/bulk/running.py": "jobs that find what waits, and note what became of it, whoever may still act",
    "domain/exports/running.py": "jobs that find what waits; what they read for its owner is asked of a grant",
    "domain/exports/expiry.py": "jobs that delete files of every tenant, in the worker's scope",
    "domain/notifications/push.py": "jobs that find the device which is to ring; who may hear is asked of a grant",
    "domain/tickets/uploads.py": "jobs that look after the files of every tenant, in the worker's scope",
    "domain/tickets/temporary_access.py": "finds out who a temporary support account is",
    "domain/records/idempotency.py": "a key is claimed before the command that it is for is allowed or refused",
}
BEFORE_THE_ACTOR = ("domain/tenants/", "domain/support/reference.py", "app/")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(name: str) -> set[str]:
    """The modules that call something of this name."""
    return {
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", None), getattr(node.func, "attr", None))
    }


def test_only_the_gate_makes_grants() -> None:
    assert calls("Grant") == {"authz/gate.py"}


def test_only_named_modules_run_statements_without_a_grant() -> None:
    unexpected = {
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "scalar", "scalars", "stream")
        and ast.unparse(node.func.value).endswith("session")
        and module not in WITHOUT_GRANT
        and not module.startswith(BEFORE_THE_ACTOR)
    }
    assert unexpected == set()


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_every_table_says_who_sees_its_rows(table: str) -> None:
    model = next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is METADATA.tables[table])
    assert any("visible_to" in vars(cls) for cls in model.__mro__ if cls is not Base)


def test_no_module_of_logic_is_called_service() -> None:
    """A service is a noun of this business."""
    assert [module for module, _ in modules() if Path(module).stem == "service"] == []
