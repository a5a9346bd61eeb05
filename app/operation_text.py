"""An operation as it stands in a file, and the values of its variables: what is wrong is told with its place."""

from pathlib import Path
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    get_operation_ast,
    get_variable_values,
    parse,
)
from graphql.execution.values import VariableValues
from graphql.validation import validate

from app.errors import SetupError
from execution.operation import Operation


def read(file: Path) -> Source:
    """The text of a file, which knows its name; raises `SetupError` where it cannot be read."""
    try:
        return Source(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise SetupError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{file} is not text in UTF-8: see byte {error.start}") from error


def operation_of(schema: GraphQLSchema, source: Source, name: str | None, variables: str) -> Operation:
    """The operation of a document; raises `SetupError` for what is none."""
    document = _document(schema, source)
    definition = get_operation_ast(document, name)
    if definition is None:
        raise SetupError(f"{source.name}: there is no such operation: name one with --operation")
    given = _given(variables)
    values = _values(schema, definition, given)
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    return Operation(("plan", source.body, name), definition, fragments, values, given)


def _document(schema: GraphQLSchema, source: Source) -> DocumentNode:
    try:
        document = parse(source)
    except GraphQLSyntaxError as error:
        raise SetupError(_placed(source, error)) from error
    if errors := validate(schema, document):
        raise SetupError("\n".join(_placed(source, error) for error in errors))
    return document


def _placed(source: Source, error: GraphQLError) -> str:
    """What is wrong, behind file, line and column."""
    place = "".join(f":{location.line}:{location.column}" for location in (error.locations or ())[:1])
    return f"{source.name}{place}: {error.message}"


def _given(variables: str) -> dict[str, Any]:
    try:
        given = orjson.loads(variables)
    except orjson.JSONDecodeError as error:
        raise SetupError(f"--variables:{error.lineno}:{error.colno}: {error.msg}") from error
    if not isinstance(given, dict):
        raise SetupError("--variables: an object is needed, with the values by the variables' names")
    return given


def _values(schema: GraphQLSchema, definition: OperationDefinitionNode, given: dict[str, Any]) -> VariableValues:
    values = get_variable_values(schema, definition.variable_definitions or (), given)
    if isinstance(values, list):
        raise SetupError("\n".join(f"--variables: {error.message}" for error in values))
    return values
