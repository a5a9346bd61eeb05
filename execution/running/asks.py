"""Reads what resolvers at the root ask for."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from execution.ask import Ask
from execution.paging import PageRequest, cursor_values
from execution.planning.plan import AbstractPlan, FieldPlan, Nested, ObjectPlan
from execution.relation import KEY, KEYS, Cardinality, Relation
from execution.running.ahead import NOTHING
from execution.running.nested import Found
from execution.running.pages import Pages
from execution.running.relations import page_shape
from execution.running.run import Run
from execution.sql.columns import NAMED
from execution.sql.statements import Question, Statement


class Asks:
    """The asks of one operation that runs."""

    def __init__(self, run: Run) -> None:
        self._run = run

    async def found(self, field: FieldPlan, value: Any) -> Found:
        """What one ask, or each of a list, comes to."""
        if isinstance(value, Ask):
            return Found(await self._one(field, value), field.type)
        return Found(await self._each(field, value), field.type)

    async def _one(self, field: FieldPlan, ask: Ask) -> Any:
        if ask.key is not None:
            return (await self._keyed(field, [ask]))[0]
        if ask.page is not None:
            return await self._page(field, ask, ask.page)
        statement = self._run.statements.asked(self._run.asker, ask, field.selected.columns)
        rows, statement = await self._run.ahead.read(field.selected, statement, NOTHING)
        if ask.cardinality is Cardinality.ONE and not rows:
            return ask.missing
        level = await self._run.level(field.selected, rows, statement.layout)
        references = [level.reference(place) for place in range(len(rows))]
        return references[0] if ask.cardinality is Cardinality.ONE else references

    async def _each(self, field: FieldPlan, values: Sequence[Any]) -> list[Any]:
        """Several at once: those of one type are one statement."""
        found = list(values)
        groups: dict[Any, list[int]] = {}
        for place, value in enumerate(values):
            if isinstance(value, Ask):
                groups.setdefault((value.batch, value.typename), []).append(place)
        for places in groups.values():
            references = await self._tried(field, [values[place] for place in places])
            for place, reference in zip(places, references, strict=True):
                found[place] = reference
        return found

    async def _tried(self, field: FieldPlan, asks: Sequence[Ask]) -> list[Any]:
        """The rows, or in the place of each the error that is all that came of asking for them."""
        try:
            return await self._keyed(field, asks)
        except Exception as error:
            return [error for _ in asks]

    async def _keyed(self, field: FieldPlan, asks: Sequence[Ask]) -> list[Any]:
        """The rows of asks for the same relation by their keys."""
        first = asks[0]
        plan = _of_type(field.selected, first.typename)
        relation = Relation(first.batch, "key", Cardinality.ONE)
        question = Question(tuple(first.arguments.items()), first.arguments)
        keys = [ask.key.hex for ask in asks]
        statement = self._run.statements.related(self._run.asker, relation, question, plan.columns)
        rows, statement = await self._run.ahead.read(plan, statement, {KEYS: keys})
        level = await self._run.level(plan, rows, statement.layout)
        key = statement.layout.positions[KEY]
        places = {row[key]: place for place, row in enumerate(rows)}
        return [
            level.reference(places[key]) if key in places else ask.missing for ask, key in zip(asks, keys, strict=True)
        ]

    async def _page(self, field: FieldPlan, ask: Ask, request: PageRequest) -> Any:
        plan, run = field.connection, self._run
        shape = page_shape(request, plan)
        statement = run.statements.asked(run.asker, ask, plan.page_columns, shape)
        own = cursor_values(statement.order, request)
        count = run.statements.count(run.asker, ask)
        rows: list[Any] = []
        if plan.reads_pages:
            rows, statement = await run.ahead.read(plan, statement, own, count if plan.tells_length else None)
        pages = Pages([rows], statement, request, partial(self._count, plan, count))
        level = await run.level(plan, [ask.extra], NAMED, pages)
        return level.reference(0)

    async def _count(self, plan: ObjectPlan, statement: Statement) -> list[int]:
        asker = self._run.asker
        found = self._run.ahead.taken(plan)
        rows, statement = found or (await asker.fetch(statement, statement.values(asker.parameters)), statement)
        return [rows[0][statement.layout.positions["count"]]]


def _of_type(plan: Nested, typename: str | None) -> Nested:
    """The plan for rows of this type."""
    return plan.plans[typename] if isinstance(plan, AbstractPlan) and typename is not None else plan
