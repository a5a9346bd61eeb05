"""Relations while a plan runs: the statement for all keys of a level, and whose each of its rows is."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from execution.columns import NAMED
from execution.levels import Children, Failed, Leaves, Level, Lists, Singles
from execution.pages import Pages
from execution.paging import PageRequest, PageShape, cursor_values
from execution.plan import FieldPlan, ObjectPlan
from execution.relation import KEY, KEYS, Cardinality, Relation
from execution.statements import Columns, Question, Statement

if TYPE_CHECKING:
    from execution.run import Run


NO_CURSOR: Final[Mapping[str, Any]] = {}


class Relations:
    """The relations of one operation."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    async def related(self, field: FieldPlan, level: Level) -> Children:
        """The rows that a relation leads to from a level's rows."""
        source: Any = field.source
        relation: Relation = source.relation
        question = field.question(source, self._run.variables)
        keys = level.keys(relation.key)
        try:
            return await self.of_keys(field, relation, question, keys)
        except Exception as error:
            self._run.careful = True
            return Failed(error, keys)

    async def of_keys(
        self, field: FieldPlan, relation: Relation, question: Question, keys: Sequence[Any]
    ) -> Singles | Lists:
        """The rows that a relation leads to from these keys, of which some may be null."""
        wanted = _present(keys)
        if relation.paged:
            return await self._pages(field, relation, question, keys, wanted)
        run, columns = self._run, field.selected.columns
        statement = field.statement(lambda: run.statements.related(run.asker, relation, question, columns))
        rows = await self._fetch(statement, wanted)
        found = [row[KEY] for row in rows]
        level = await self._run.level(field.selected, rows, statement.layout)
        kind = Lists if relation.cardinality is Cardinality.MANY else Singles
        return kind(keys, found, level, required=field.required)

    async def rows(
        self, relation: Relation, question: Question, keys: list[Any], columns: Columns
    ) -> tuple[list[Any], Statement]:
        """The rows that a relation leads to from these keys, and the statement that gave them."""
        statement = self._run.statements.related(self._run.asker, relation, question, columns)
        return await self._fetch(statement, keys), statement

    async def counted(self, field: FieldPlan, level: Level) -> Children:
        """How many rows a relation leads to."""
        source: Any = field.source
        keys = level.keys(source.relation.key)
        question = Question(tuple(source.arguments.items()), source.arguments)
        try:
            counts = await self._counts(source.relation, question, _present(keys))
        except Exception as error:
            self._run.careful = True
            return Failed(error, keys)
        return Leaves([counts.get(key) for key in keys], required=field.required)

    async def _pages(
        self, field: FieldPlan, relation: Relation, question: Question, keys: Sequence[Any], wanted: list[Any]
    ) -> Singles:
        plan, request = field.connection, question.page
        if request is None:
            raise TypeError("a connection is asked for pages")
        shape, columns = page_shape(request, plan), plan.page_columns
        run = self._run
        statement = field.statement(lambda: run.statements.pages(run.asker, relation, question, columns, shape))
        groups: dict[Any, list[Any]] = {key: [] for key in wanted}
        cursor = cursor_values(statement.order, request)
        for row in await self._fetch(statement, wanted, cursor) if plan.reads_pages else ():
            groups[row[KEY]].append(row)
        counts = partial(self._counts_of, relation, question, wanted)
        pages = Pages(list(groups.values()), statement, request, counts)
        level = await self._run.level(plan, [{} for _ in wanted], NAMED, pages)
        return Singles(keys, wanted, level, required=field.required)

    async def _counts_of(self, relation: Relation, question: Question, wanted: list[Any]) -> list[int]:
        counts = await self._counts(relation, question, wanted)
        return [counts[key] for key in wanted]

    async def _counts(self, relation: Relation, question: Question, wanted: list[Any]) -> dict[Any, int]:
        statement = self._run.statements.counts(self._run.asker, relation, question)
        return {row[KEY]: row["count"] for row in await self._fetch(statement, wanted)}

    async def _fetch(self, statement: Statement, keys: list[Any], cursor: Mapping[str, Any] = NO_CURSOR) -> list[Any]:
        """The rows for these keys; none without asking where there is no key."""
        if not keys:
            return []
        asker = self._run.asker
        return await asker.fetch(statement, statement.values({**asker.parameters, KEYS: keys, **cursor}))


def _present(keys: Sequence[Any]) -> list[Any]:
    """The keys that are not null, each once."""
    found = dict.fromkeys(keys)
    found.pop(None, None)
    return list(found)


def page_shape(request: PageRequest, plan: ObjectPlan) -> PageShape:
    """The shape of a page: one row more, and what cursors are made of, only where somebody wants to know."""
    continued = request.cursor is not None
    return PageShape(request.size, request.backward, continued, plan.tells_more, plan.tells_cursors)
