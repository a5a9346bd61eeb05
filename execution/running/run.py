"""Runs a plan: level by level, one statement for all rows of a level that a relation starts from."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql.execution.values import VariableValues

from execution.fields import Column, Computed, Counted, PagePart, Related
from execution.planning.plan import FieldPlan, Nested, ObjectPlan
from execution.running.ahead import Ahead
from execution.running.children import Children, Failed, Same, Scalars, Spans
from execution.running.levels import AbstractLevel, AnyLevel, Level, partition
from execution.running.nested import Values
from execution.running.pages import Pages
from execution.running.places import placed, tried
from execution.running.relations import Relations
from execution.running.shaping import Leaves, maker
from execution.sql.columns import NAMED
from execution.sql.joint import Joints
from execution.sql.statements import Shaped, Statement, Statements


class Asker(Shaped, Protocol):
    """Who asks: what the one may do decides the statements, who it is their values."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Named values for the statements."""

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """All rows, in the operation's snapshot."""

    async def begins_again(self) -> bool:
        """Whether a query has to be run once more, in a new snapshot: statements failed that one before had spoiled."""


@dataclass(frozen=True, slots=True)
class Information:
    """What a contextual function of a row learns of the operation."""

    context: Any


class Run:
    """One operation while it runs. `careful` tells that what generated code made is not to be used.

    With `joints` a root field's statement and those of what it leads to travel as one.
    """

    def __init__(
        self,
        asker: Asker,
        variables: VariableValues,
        statements: Statements,
        leaves: Leaves,
        joints: Joints | None = None,
        *,
        careful: bool = False,
    ) -> None:
        self.asker = asker
        self.variables = variables
        self.statements = statements
        self.information = Information(asker)
        self.careful = careful
        self._leaves = leaves
        self.relations = Relations(self)
        self.ahead = Ahead(asker, self.relations, joints)
        self._branches: dict[Any, Callable[[FieldPlan, Level], Awaitable[Children]]] = {
            Related: self.relations.related,
            Counted: self.relations.counted,
            Column: self._column,
            Computed: self._computed,
            PagePart: self._part,
        }

    async def level(self, plan: Nested, rows: Sequence[Any], layout: Any, pages: Pages | None = None) -> AnyLevel:
        """The rows, with all that their plan leads to. `pages` are those of a connection or behind its edges."""
        if isinstance(plan, ObjectPlan):
            return await self._level(plan, rows, layout, pages)
        parts, where = partition(plan, rows, layout)
        levels = {name: await self._level(plan.plans[name], part, layout, pages) for name, part in parts.items()}
        return AbstractLevel(levels, where)

    async def values(self, field: FieldPlan, values: Sequence[Any]) -> Values:
        """Objects that are there already, in lists or alone, as the field's type says."""
        rows: list[Any] = []
        places = [placed(value, field.type, rows) for value in values]
        return Values(places, await self.level(field.selected, rows, NAMED), field.type)

    async def _level(self, plan: ObjectPlan, rows: Sequence[Any], layout: Any, pages: Pages | None) -> Level:
        level = Level(plan, rows, layout, pages)
        if not self.careful:
            self._trying(self._make, level)
        for field in plan.branches:
            children = level.children[field.key] = await self._children(field, level)
            if not self.careful:
                self._trying(children.assign, level.objects, field.key)
        return level

    def _make(self, level: Level) -> None:
        pages = level.pages if level.plan.gives_cursors else None
        make = maker(level.plan, level.layout, self._leaves, pages.order if pages else ())
        level.objects = make(level.rows, self.information, pages.encode if pages else None)

    def _trying(self, attempt: Callable[..., None], *arguments: Any) -> None:
        """Do it; where that fails, the answer is made carefully, and what is wrong is found and told there."""
        try:
            attempt(*arguments)
        except Exception:
            self.careful = True

    async def _children(self, field: FieldPlan, level: Level) -> Children:
        """What a field leads to; an error is the field's."""
        if not level.rows:
            return Scalars(())
        try:
            return await self._branches[type(field.source)](field, level)
        except Exception as error:
            self.careful = True
            return Failed(error)

    async def _column(self, field: FieldPlan, level: Level) -> Children:
        source: Any = field.source
        return await self.values(field, [tried(level.layout.value, row, source.name) for row in level.rows])

    async def _computed(self, field: FieldPlan, level: Level) -> Children:
        source: Any = field.source
        more = (self.information,) if source.contextual else ()
        rows = (level.layout.mapping(row, source.needs) for row in level.rows)
        return await self.values(field, [tried(source.function, row, *more) for row in rows])

    async def _part(self, field: FieldPlan, level: Level) -> Children:
        pages: Pages = level.pages
        match field.source:
            case PagePart.TOTAL_COUNT:
                return Scalars(await pages.count())
            case PagePart.PAGE_INFO:
                columns = field.selected.columns
                return await self.values(
                    field, [pages.information(place, columns) for place in range(len(pages.spans))]
                )
            case PagePart.NODE:
                return Same(await self.level(field.selected, level.rows, level.layout))
        of_edges = pages if field.source is PagePart.EDGES else None
        return Spans(pages.spans, await self.level(field.selected, pages.rows, pages.layout, of_edges))
