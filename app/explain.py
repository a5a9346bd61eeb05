"""What an operation would do in the database, as text: to read, or to keep beside the operation."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.dialects import postgresql

from authz.powers import Powers
from domain.base import Base
from execution.explain import Step
from execution.sql.statements import Statement

TABLE = re.compile(r"\bFROM (\w+)")
PARAMETER = re.compile(r"%\((\w+)\)s(?:::(?:TIMESTAMP WITH TIME ZONE|\w+)(?:\[\])?)?")
CLAUSE = re.compile(r"\s+(?=(?:FROM|WHERE|ORDER BY|LIMIT) )")
Measured = Callable[[Statement], str]


def described(steps: list[Step], powers: Powers | None, measured: Measured = lambda _statement: "") -> Iterator[str]:
    """A tree of steps as comments and SQL; `measured` tells of each statement what running it took."""
    for step in steps:
        yield from _step(step, powers, measured)
        yield from described(step.steps, powers, measured)


def _step(step: Step, powers: Powers | None, measured: Measured) -> Iterator[str]:
    by = f" by {step.key}" if step.key else ""
    if step.batch is None:
        yield f"-- {step.path}: {f'refused: {step.refused}' if step.refused else 'made without a statement'}\n"
        return
    permission = getattr(step.batch, "permission", None)
    needs = f", needs {permission}" if permission else ""
    yield f"-- {step.path}: {step.batch.__module__}.{step.batch.__name__}{by}{needs}"
    if step.statement is None:
        yield f"-- refused: {step.refused}\n"
        return
    yield from _predicate(step.statement, powers)
    yield from _parameters(step.statement)
    if told := measured(step.statement):
        yield f"-- {told}"
    yield f"{CLAUSE.sub(chr(10), ' '.join(step.statement.text.split()))};\n"


def _predicate(statement: Statement, powers: Powers | None) -> Iterator[str]:
    """What the role of the one who asks may see of the statement's own table."""
    models = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # a table
    model = next((models[name] for name in TABLE.findall(statement.text) if name in models), None)
    if model is not None and powers is not None:
        seen = model.visible_to(powers).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        values = seen.params
        text = PARAMETER.sub(lambda found: _value(found[1], values.get(found[1])), " ".join(str(seen).split()))
        yield f"-- sees of {model.__tablename__}: {text}"


def _value(name: str, value: Any) -> str:
    return f":{name}" if value is None else repr(getattr(value, "value", value))


def _parameters(statement: Statement) -> Iterator[str]:
    """What `$1` … stand for."""
    told = (f"${number} {slot.name or repr(slot.constant)}" for number, slot in enumerate(statement.slots, start=1))
    if listed := ", ".join(told):
        yield f"-- {listed}"
