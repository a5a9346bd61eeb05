"""Operations as real clients send them: their answers, and the statements that answer them, in files beside them.

`NAME.graphql` begins with who asks and with the variables, `NAME.json` is the answer, and `NAME.sql` has the
statements in the order in which they run, with the parameters as `$1` ….

`REGENERATE=1 pytest tests/operations` writes `NAME.json` and `NAME.sql` anew. Review what has changed as you would
review code. An answer changes only where the demo or the rules have changed. Statements may change whenever a query
function does: look whether there is one more than before (a relation asked twice), whether the columns are still those
that the operation selects, and above all whether a predicate of `visible_to` has gone.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from execution.running.completion import Completion
from tests.differential.compare import difference
from tests.support.app import Running
from tests.support.oracle import Sides
from tests.support.sent import read

HERE: Final = Path(__file__).parent
NAMES: Final = sorted(path.stem for path in HERE.glob("*.graphql"))
REGENERATES: Final = os.environ.get("REGENERATE") == "1"
SAID: Final = re.compile(r"^# (as|variables) (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation, who sends it, and with what variables."""

    document: str
    email: str
    variables: dict[str, Any]


def asked_in(name: str) -> Asked:
    """What a file says."""
    document = (HERE / f"{name}.graphql").read_text()
    said = dict(SAID.findall(document))
    return Asked(document, said["as"], json.loads(said.get("variables", "{}")))


def printed(statement: str) -> str:
    """SQL as a file has it."""
    return "".join(f"{line.strip()}\n" for line in statement.splitlines())


def held(name: str, suffix: str, text: str) -> None:
    """Hold a text against the golden file, or write that."""
    file = HERE / f"{name}.{suffix}"
    if REGENERATES:
        file.write_text(text)
    assert file.read_text() == text


def test_there_are_operations() -> None:
    assert len(NAMES) == 20


@pytest.mark.parametrize("name", NAMES)
async def test_an_operation_has_its_answer_by_its_statements(asked: Running, name: str) -> None:
    operation = asked_in(name)
    client = await asked.as_(operation.email)
    with read() as sent:
        answer = await client.query(operation.document, **operation.variables)
    held(name, "json", json.dumps(answer.body, indent=2, ensure_ascii=False) + "\n")
    held(name, "sql", "\n".join(f"-- {number}\n{printed(text)}" for number, text in enumerate(sent, 1)))


@pytest.mark.parametrize("name", NAMES)
async def test_the_oracle_gives_the_same_answer(asked: Running, sides: Sides, name: str) -> None:
    operation = asked_in(name)
    entered = await asked.as_(operation.email)
    assert entered.token is not None
    actor = await asked.sign_in.authentication.actor(entered.token)
    request = (operation.document, operation.variables, None, actor)
    assert difference(await sides.oracle(*request), await sides.planned(*request)) is None


@pytest.mark.parametrize("name", NAMES)
async def test_an_answer_without_errors_is_made_by_generated_code(
    asked: Running, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The careful way would give the same, and take several times as long: nothing else would show that it is taken."""
    carefully: list[str] = []

    def noting(*_arguments: Any) -> dict[str, Any]:
        carefully.append(name)
        return {}

    monkeypatch.setattr(Completion, "object", noting)
    operation = asked_in(name)
    client = await asked.as_(operation.email)
    answer = await client.query(operation.document, **operation.variables)
    expected = json.loads((HERE / f"{name}.json").read_text())
    assert bool(carefully) == ("errors" in expected)
    assert carefully or answer.body == expected


def test_every_golden_file_has_its_operation() -> None:
    assert {path.stem for suffix in ("json", "sql") for path in HERE.glob(f"*.{suffix}")} == set(NAMES)
