"""Reads what resolvers at the root ask for."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from execution.ask import Ask
from execution.columns import NAMED
from execution.levels import Found
from execution.pages import Pages
from execution.paging import PageRequest, cursor_values
from execution.plan import AbstractPlan, FieldPlan, Nested
from execution.relation import KEY, Cardinality, Relation
from execution.relations import page_shape
from execution.run import Run
from execution.statements import Question, Statement


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
        rows, statement = await self._rows(ask, field.selected)
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
        rows, statement = await self._run.relations.rows(relation, question, keys, plan.columns)
        level = await self._run.level(plan, rows, statement.layout)
        places = {row[KEY]: place for place, row in enumerate(rows)}
        return [
            level.reference(places[key]) if key in places else ask.missing for ask, key in zip(asks, keys, strict=True)
        ]

    async def _page(self, field: FieldPlan, ask: Ask, request: PageRequest) -> Any:
        plan = field.connection
        shape = page_shape(request, plan)
        statement = self._run.statements.asked(self._run.asker, ask, plan.page_columns, shape)
        cursor = cursor_values(statement.order, request)
        rows = await self._fetch(statement, cursor) if plan.reads_pages else []
        pages = Pages([rows], statement, request, partial(self._count, ask))
        level = await self._run.level(plan, [ask.extra], NAMED, pages)
        return level.reference(0)

    async def _count(self, ask: Ask) -> list[int]:
        statement = self._run.statements.count(self._run.asker, ask)
        return [(await self._fetch(statement, {}))[0]["count"]]

    async def _rows(self, ask: Ask, plan: Nested) -> tuple[list[Any], Statement]:
        statement = self._run.statements.asked(self._run.asker, ask, plan.columns)
        return await self._fetch(statement, {}), statement

    async def _fetch(self, statement: Statement, named: Mapping[str, Any]) -> list[Any]:
        asker = self._run.asker
        return await asker.fetch(statement, statement.values({**asker.parameters, **named}))


def _of_type(plan: Nested, typename: str | None) -> Nested:
    """The plan for rows of this type."""
    return plan.plans[typename] if isinstance(plan, AbstractPlan) and typename is not None else plan
