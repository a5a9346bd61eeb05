"""A server of a few customers by the real schema; it answers in parts by the reference, tests/support/increments.py.

It shows what the clients make of the transport, whoever runs the operations.
"""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from graphql import ExecutionResult, build_schema, experimental_execute_incrementally
from graphql.execution import Executor
from starlette.applications import Starlette
from starlette.requests import Request

from app.http.app import create_app
from app.http.logs import configure_logs
from app.http.operation import Operation
from app.http.options import HttpOptions
from execution.incremental import Incremental
from tests.app.http.server import Someone
from tests.support.increments import Split, split, typed

SCHEMA = build_schema((Path(__file__).parents[2] / "schema" / "schema.graphql").read_text())
PAUSE_SECONDS = 0.05
"""Between parts, so that a client has to read them one by one."""


def _listed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    page = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
    edges = [{"node": row, "cursor": row["id"]} for row in rows]
    return {"nodes": rows, "edges": edges, "pageInfo": page, "totalCount": len(rows)}


def _customer(name: str) -> dict[str, Any]:
    services = [{"id": f"service_of-{name}-{each}"} for each in ("mail", "files")]
    return {
        "__typename": "Customer",
        "id": f"customer_{name}",
        "organizationName": name,
        "registeredAccount": f"office@{name}.example",
        "services": _listed(services),
    }


ROOT = {"customers": _listed([_customer(name) for name in ("alder", "birch", "cedar")])}


async def execute(operation: Operation, _caller: Someone) -> ExecutionResult | Incremental:
    """The answer, in parts for who takes them, where there are any."""
    document = typed(operation.document) if operation.increments else operation.document
    made: Any = experimental_execute_incrementally(
        SCHEMA, document, ROOT, variable_values=dict(operation.variables), executor_class=Executor
    )
    if not operation.increments or made.errors:
        return ExecutionResult(made.data, made.errors)
    cut = split(SCHEMA, operation.document, made.data, operation.operation_name, **operation.variables)
    if not cut.pending:
        return ExecutionResult(cut.data)
    parts = _given(cut)
    await anext(parts)
    return Incremental(ExecutionResult(cut.data), cut.pending, parts)


async def _given(cut: Split) -> AsyncGenerator[Any, None]:
    yield None  # it has begun
    for part in cut.parts:
        await asyncio.sleep(PAUSE_SECONDS)
        yield part


async def authenticate(_request: Request) -> Someone:
    """Everybody is somebody."""
    return Someone("staff", "user:staff")


def create() -> Starlette:
    """The application."""
    configure_logs()
    return create_app(schema=SCHEMA, execute=execute, authenticate=authenticate, options=HttpOptions(graphiql=False))
