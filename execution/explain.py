"""What a plan would do: its statements as a tree, with what each is made for, without reading a row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from execution.ask import Ask
from execution.fields import Counted, PagePart, Related
from execution.planning.plan import AbstractPlan, FieldPlan, Nested, ObjectPlan
from execution.relation import Cardinality, Relation
from execution.running.relations import page_shape
from execution.running.roots import Roots
from execution.running.run import Run
from execution.sql.statements import Question, Statement

Batch = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One field that leads to rows: `statement` reads them by the parents' `key`, or `refused` says why not."""

    path: str
    batch: Batch | None = None
    key: str | None = None
    statement: Statement | None = None
    refused: str | None = None
    steps: list["Step"] = field(default_factory=list)


class Explainer:
    """Explains one operation, for the one who asks and with the variables of its run."""

    def __init__(self, roots: Roots, run: Run) -> None:
        self._roots = roots
        self._asker = run.asker
        self._variables = run.variables
        self._statements = run.statements

    async def root(self, field: FieldPlan, *, calls: bool) -> Step:
        """A root field: `calls` tells whether to call its resolver, which says what it asks for."""
        try:
            value = await self._roots.resolved(field) if calls else None
        except Exception as error:
            return Step(field.key, refused=str(error))
        return self._of_root(field, value)

    def _of_root(self, field: FieldPlan, value: Any) -> Step:
        asks = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, Ask)]
        if not asks or field.nested is None:
            return Step(field.key, steps=[] if field.nested is None else self._below(field.nested, field.key))
        ask = asks[0]
        plan = field.nested
        if isinstance(plan, AbstractPlan) and ask.typename is not None:
            plan = plan.plans[ask.typename]
        key = None if ask.key is None else "id"
        further = [*self._counted_root(ask, plan, field.key), *self._below(plan, field.key)]
        if ask.page is not None and not field.connection.reads_pages:
            return Step(field.key, steps=further)
        return _with(self._made(field.key, ask.batch, key, lambda: self._asked(ask, plan)), further)

    def _asked(self, ask: Ask, plan: Nested) -> Statement:
        if ask.key is not None:
            relation = Relation(ask.batch, "key", Cardinality.ONE)
            question = Question(tuple(ask.arguments.items()), ask.arguments)
            return self._statements.related(self._asker, relation, question, plan.columns)
        if ask.page is not None and isinstance(plan, ObjectPlan):
            shape = page_shape(ask.page, plan)
            return self._statements.asked(self._asker, ask, plan.page_columns, shape)
        return self._statements.asked(self._asker, ask, plan.columns)

    def _counted_root(self, ask: Ask, plan: Nested, path: str) -> Iterator[Step]:
        for each in plan.fields if isinstance(plan, ObjectPlan) else ():
            if each.source is PagePart.TOTAL_COUNT:
                yield self._made(
                    f"{path}.{each.key}", ask.batch, None, lambda: self._statements.count(self._asker, ask)
                )

    def _below(self, plan: Nested, path: str) -> list[Step]:
        """What the rows of a plan lead to."""
        if isinstance(plan, AbstractPlan):
            return [step for each in plan.plans.values() for step in self._of_object(each, path)]
        return list(self._of_object(plan, path))

    def _of_object(self, plan: ObjectPlan, path: str) -> Iterator[Step]:
        for each in plan.branches:
            here = f"{path}.{each.key}"
            if isinstance(each.source, Related):
                yield self._related(each, each.source, here)
            elif isinstance(each.source, Counted):
                yield self._counted(each.source, here)
            elif each.nested is not None:
                yield from self._below(each.nested, here)

    def _related(self, field: FieldPlan, source: Related, path: str) -> Step:
        relation, plan = source.relation, field.selected

        def make() -> Statement:
            question = field.question(source, self._variables)
            if question.page is None:
                return self._statements.related(self._asker, relation, question, plan.columns)
            shape = page_shape(question.page, field.connection)
            return self._statements.pages(self._asker, relation, question, field.connection.page_columns, shape)

        further = [*self._counts(field, source, path), *self._below(plan, path)]
        if relation.paged and not field.connection.reads_pages:
            return Step(path, steps=further)
        return _with(self._made(path, relation.batch, relation.key, make), further)

    def _counts(self, field: FieldPlan, source: Related, path: str) -> Iterator[Step]:
        """The lengths of the lists, where a connection's plan asks for them."""
        relation = source.relation
        for each in field.connection.fields if relation.paged else ():
            if each.source is PagePart.TOTAL_COUNT:
                yield self._made(
                    f"{path}.{each.key}",
                    relation.batch,
                    relation.key,
                    lambda: self._statements.counts(self._asker, relation, field.question(source, self._variables)),
                )

    def _counted(self, source: Counted, path: str) -> Step:
        question = Question(tuple(source.arguments.items()), source.arguments)
        relation = source.relation
        return self._made(
            path, relation.batch, relation.key, lambda: self._statements.counts(self._asker, relation, question)
        )

    @staticmethod
    def _made(path: str, batch: Batch, key: str | None, make: Callable[[], Statement]) -> Step:
        try:
            return Step(path, batch, key, make())
        except Exception as error:
            return Step(path, batch, key, refused=str(error))


def _with(step: Step, steps: Sequence[Step]) -> Step:
    return Step(step.path, step.batch, step.key, step.statement, step.refused, list(steps))
