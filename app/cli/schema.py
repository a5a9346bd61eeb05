"""`bailiwick schema`."""

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer(help="The GraphQL schema, as text.", no_args_is_help=True)


@cli.command("print")
def print_(
    write: Annotated[
        bool,
        typer.Option("--write", help="Write it to schema/schema.graphql; refused where clients would break."),
    ] = False,
    allow_breaking: Annotated[bool, typer.Option("--allow-breaking", help="Write it all the same.")] = False,
) -> None:
    """Print the schema in GraphQL's own language, descriptions included."""
    current = _current()
    if not write:
        sys.stdout.write(current)
        return
    path = _file()
    if path.exists() and not allow_breaking:
        _refuse(_breaking(path.read_text(), current))
    path.write_text(current)


@cli.command()
def check() -> None:
    """Fail where the schema differs from schema/schema.graphql, naming first what would break clients."""
    from app.errors import SetupError

    path, current = _file(), _current()
    if not path.exists():
        raise SetupError("there is no schema/schema.graphql: `bailiwick schema print --write` makes it")
    kept = path.read_text()
    _refuse(_breaking(kept, current))
    if kept != current:
        difference = difflib.unified_diff(
            kept.splitlines(keepends=True), current.splitlines(keepends=True), "schema.graphql", "the code"
        )
        sys.stdout.writelines(difference)
        raise SetupError("schema/schema.graphql is not what the code says: run `bailiwick schema print --write`")


def _current() -> str:
    from schema.build import build

    return build().as_str().rstrip() + "\n"


def _file() -> Path:
    import schema

    return Path(next(iter(schema.__path__))) / "schema.graphql"


def _breaking(before: str, after: str) -> list[str]:
    from graphql import build_schema
    from graphql.utilities import find_breaking_changes

    changes = find_breaking_changes(build_schema(before), build_schema(after))
    return [f"{change.type.name}: {change.description}" for change in changes]


def _refuse(changes: list[str]) -> None:
    from app.errors import SetupError

    if changes:
        sys.stdout.write("".join(f"{change}\n" for change in changes))
        raise SetupError(
            "this would break clients: keep the old, or run `bailiwick schema print --write --allow-breaking`"
        )
