"""What `bailiwick plan` is given: whatever is wrong with it is told in a line, with its place."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, Source

from app.errors import SetupError
from app.operation_text import operation_of, read
from tests.support.processes import bailiwick, environment
from tests.support.schema import SCHEMA

PAGE = "query Q($n: Int!) {\n  customers(first: $n) { totalCount }\n}"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """What documents are written for."""
    return SCHEMA


def refusal(schema: GraphQLSchema, text: str, variables: str = '{"n": 2}', name: str | None = None) -> str:
    """What is said of an operation that cannot be asked."""
    with pytest.raises(SetupError) as refused:
        operation_of(schema, Source(text, "home.graphql"), name, variables)
    return str(refused.value)


def test_a_good_operation_has_its_variables(schema: GraphQLSchema) -> None:
    operation = operation_of(schema, Source(PAGE, "home.graphql"), "Q", '{"n": 2}')

    assert operation.variables.coerced == {"n": 2}
    assert operation.given == {"n": 2}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query Q {\n  viewer {", "home.graphql:2:11: Syntax Error: Expected Name, found <EOF>."),
        ("", "home.graphql:1:1: Syntax Error: Unexpected <EOF>."),
        ("{\n  shoeSize\n  hatSize\n}", "home.graphql:2:3: Cannot query field 'shoeSize' on type 'Query'."),
    ],
)
def test_a_document_that_is_wrong_is_told_with_line_and_column(schema: GraphQLSchema, text: str, told: str) -> None:
    assert refusal(schema, text).splitlines()[0] == told


def test_everything_that_does_not_fit_the_schema_is_told(schema: GraphQLSchema) -> None:
    lines = refusal(schema, "{\n  shoeSize\n  hatSize\n}").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["home.graphql:2:3:", "home.graphql:3:3:"]


def test_a_document_nested_without_end_is_refused(schema: GraphQLSchema) -> None:
    assert refusal(schema, "{a" * 5000).startswith("home.graphql:1:")


def test_an_operation_that_is_not_there_is_told(schema: GraphQLSchema) -> None:
    assert refusal(schema, PAGE, name="R") == "home.graphql: there is no such operation: name one with --operation"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ('{"n": 2', r"--variables:1:8: .+"),
        ('{\n"n" 2}', r"--variables:2:5: .+"),
        ("", r"--variables:1:1: .+"),
        ("[" * 5000, r"--variables:1:\d+: .+"),
        ("[2]", "--variables: an object is needed, with the values by the variables' names"),
        ("null", "--variables: an object is needed, with the values by the variables' names"),
        ("{}", r"--variables: Variable '\$n' has invalid value: .+"),
        ('{"n": "two"}', r"--variables: Variable '\$n' has invalid value: .+"),
    ],
)
def test_variables_that_are_wrong_are_told(schema: GraphQLSchema, variables: str, told: str) -> None:
    assert re.fullmatch(told, refusal(schema, PAGE, variables))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "home.graphql"
    file.write_bytes(b"{ viewer \xff }")

    with pytest.raises(SetupError, match=f"{file} is not text in UTF-8: see byte 9"):
        read(file)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=f"{tmp_path}: Is a directory"):
        read(tmp_path)


@pytest.mark.thorough
def test_the_command_tells_it_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "home.graphql"
    file.write_bytes(b"\xff")

    done = bailiwick("plan", str(file), "--as", "owner@alder.example", env=environment(tmp_path / "data"))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"bailiwick: {file} is not text in UTF-8: see byte 0\n"
