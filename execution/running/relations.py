"""Relations while a plan runs: the statement for all keys of a level, and whose each of its rows is."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from execution.fields import Counted, Related
from execution.paging import PageRequest, PageShape, cursor_values
from execution.planning.plan import FieldPlan, ObjectPlan
from execution.relation import KEY, KEYS, Cardinality
from execution.running.ahead import NOTHING, For, Found
from execution.running.children import Children, Failed, Lists, Scalars, Singles
from execution.running.levels import Level
from execution.running.pages import Pages
from execution.sql.columns import NAMED
from execution.sql.statements import Question, Statement

if TYPE_CHECKING:
    from execution.running.run import Run


class Relations:
    """The relations of one operation."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    async def related(self, field: FieldPlan, level: Level) -> Children:
        """The rows that a relation leads to from a level's rows."""
        source: Any = field.source
        field.question(source, self._run.variables)  # wrong arguments are an error even where there is no key
        keys = level.keys(source.relation.key)
        try:
            return await self._of_keys(field, source, keys)
        except Exception as error:
            self._run.careful = True
            return Failed(error, keys)

    async def counted(self, field: FieldPlan, level: Level) -> Children:
        """How many rows a relation leads to."""
        source: Any = field.source
        keys = level.keys(source.relation.key)
        try:
            counts = await self._counts(field, self.counting(source), _present(keys))
        except Exception as error:
            self._run.careful = True
            return Failed(error, keys)
        return Scalars([counts.get(key) for key in keys], required=field.required)

    def asked(self, field: FieldPlan, source: Related) -> tuple[Statement, Mapping[str, Any]]:
        """A field's statement, and the values in it that are its own; raises what speaks against its arguments."""
        run, relation = self._run, source.relation
        question = field.question(source, run.variables)
        if question.page is None:
            columns = field.selected.columns
            return field.statement(lambda: run.statements.related(run.asker, relation, question, columns)), NOTHING
        shape, columns = page_shape(question.page, field.connection), field.connection.page_columns
        statement = field.statement(lambda: run.statements.pages(run.asker, relation, question, columns, shape))
        return statement, cursor_values(statement.order, question.page)

    def measuring(self, field: FieldPlan, source: Related) -> Statement:
        """The statement of the lengths of a connection's lists."""
        question = field.question(source, self._run.variables)
        return self._run.statements.counts(self._run.asker, source.relation, question)

    def counting(self, source: Counted) -> Statement:
        """The statement of a field that is a count."""
        question = Question(tuple(source.arguments.items()), source.arguments)
        return self._run.statements.counts(self._run.asker, source.relation, question)

    async def _of_keys(self, field: FieldPlan, source: Related, keys: Sequence[Any]) -> Singles | Lists:
        """The rows that a relation leads to from these keys, of which some may be null."""
        wanted = _present(keys)
        if source.relation.paged:
            return await self._pages(field, source, keys, wanted)
        rows, statement = await self._read(field, source, wanted)
        place = statement.layout.positions[KEY]
        found = [row[place] for row in rows]
        level = await self._run.level(field.selected, rows, statement.layout)
        kind = Lists if source.relation.cardinality is Cardinality.MANY else Singles
        return kind(keys, found, level, required=field.required)

    async def _pages(self, field: FieldPlan, source: Related, keys: Sequence[Any], wanted: list[Any]) -> Singles:
        plan, request = field.connection, field.question(source, self._run.variables).page
        if request is None:
            raise TypeError("a connection is asked for pages")
        rows, statement = await self._read(field, source, wanted)
        groups: dict[Any, list[Any]] = {key: [] for key in wanted}
        place = statement.layout.positions[KEY]
        for row in rows:
            if row[place] in groups:  # read ahead, a page's row more, which tells that there is one, leads on, too
                groups[row[place]].append(row)
        counts = partial(self._lengths, field, source, wanted)
        pages = Pages(list(groups.values()), statement, request, counts)
        level = await self._run.level(plan, [{} for _ in wanted], NAMED, pages)
        return Singles(keys, wanted, level, required=field.required)

    async def _lengths(self, field: FieldPlan, source: Related, wanted: list[Any]) -> list[int]:
        counts = await self._counts(field.connection, self.measuring(field, source), wanted)
        return [counts[key] for key in wanted]

    async def _counts(self, reader: For, statement: Statement, wanted: list[Any]) -> dict[Any, int]:
        rows, statement = self._run.ahead.taken(reader) or (await self.fetch(statement, wanted), statement)
        key, count = statement.layout.positions[KEY], statement.layout.positions["count"]
        return {row[key]: row[count] for row in rows}

    async def _read(self, field: FieldPlan, source: Related, wanted: list[Any]) -> Found:
        found = self._run.ahead.taken(field)
        if found is not None:
            return found
        statement, own = self.asked(field, source)
        reads = not source.relation.paged or field.connection.reads_pages
        return await self.fetch(statement, wanted, own) if reads else [], statement

    async def fetch(self, statement: Statement, keys: list[Any], own: Mapping[str, Any] = NOTHING) -> list[Any]:
        """The rows for these keys; none without asking where there is no key. `own` are the statement's own values."""
        if not keys:
            return []
        asker = self._run.asker
        return await asker.fetch(statement, statement.values({**asker.parameters, KEYS: keys, **own}))


def _present(keys: Sequence[Any]) -> list[Any]:
    """The keys that are not null, each once."""
    found = dict.fromkeys(keys)
    found.pop(None, None)
    return list(found)


def page_shape(request: PageRequest, plan: ObjectPlan) -> PageShape:
    """The shape of a page: one row more, and what cursors are made of, only where somebody wants to know."""
    continued = request.cursor is not None
    return PageShape(request.size, request.backward, continued, plan.tells_more, plan.tells_cursors)
