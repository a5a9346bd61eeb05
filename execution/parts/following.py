"""Runs plans of answers in parts: the rows of a streamed list are read at once, and followed in two steps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from graphql import GraphQLSchema

from execution.operation import Operation
from execution.parts.later import Deferred
from execution.planning.plan import FieldPlan, Nested
from execution.running.children import Children
from execution.running.levels import AnyLevel, Level, Reference
from execution.running.pages import Pages
from execution.running.places import tried
from execution.running.roots import Roots
from execution.running.run import Run


class Held:
    """The rows of a streamed list, for each of which it is said later what its plan leads to."""

    objects: list[dict[str, Any]] | None = None

    def __init__(self, plan: Nested, rows: Sequence[Any], layout: Any, pages: Pages | None) -> None:
        self.plan = plan
        self._rows = rows
        self._layout = layout
        self._pages = pages
        self._followed: dict[int, Reference | Exception] = {}

    def reference(self, position: int) -> Any:
        """Where a row is."""
        return self, position

    def followed(self, position: int) -> Reference:
        """Where a row is with what its plan leads to; raises what came of it instead."""
        found = self._followed[position]
        if isinstance(found, Exception):
            raise found
        return found

    async def follow(self, run: "FollowingRun", plan: Nested, positions: Iterable[int]) -> None:
        """Read what a plan leads to from some of the rows."""
        wanted = list(positions)
        try:
            level = await run.follow(plan, [self._rows[each] for each in wanted], self._layout, self._pages)
        except Exception as error:
            self._followed |= dict.fromkeys(wanted, error)
        else:
            self._followed |= {each: level.reference(place) for place, each in enumerate(wanted)}


class FollowingRun(Run):
    """One operation while it runs, of which something is put off."""

    async def level(self, plan: Nested, rows: Sequence[Any], layout: Any, pages: Pages | None = None) -> AnyLevel:
        """The rows, with all that their plan leads to; those of a streamed list are held."""
        if plan.rest is not None:
            return Held(plan, rows, layout, pages)
        return await self.follow(plan, rows, layout, pages)

    async def follow(self, plan: Nested, rows: Sequence[Any], layout: Any, pages: Pages | None) -> AnyLevel:
        """The rows, with all that their plan leads to."""
        return await super().level(plan, rows, layout, pages)

    async def begin(self, field: FieldPlan, children: Children, parents: int) -> Children:
        """Follow the first items of each list where the field is streamed."""
        if field.stream is not None:
            lists = (tried(children.value, position) for position in range(parents))
            await self.first([each[: field.stream.count] for each in lists if isinstance(each, list)])
        return children

    async def first(self, items: Any) -> None:
        """Follow what the initial part has of streamed lists."""
        for held, positions in _held(items):
            await held.follow(self, held.plan, positions)

    async def rest(self, items: Any) -> None:
        """Follow what comes later of them."""
        for held, positions in _held(items):
            await held.follow(self, held.plan.rest or held.plan, positions)

    async def _children(self, field: FieldPlan, level: Level) -> Children:
        return await self.begin(field, await super()._children(field, level), len(level.rows))


class FollowingRoots(Roots):
    """The root fields of such an operation."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, run: FollowingRun, root: Any) -> None:
        super().__init__(schema, operation, run, root)
        self._following = run

    async def deferred(self, fragment: Deferred, level: Level) -> Level:
        """What a deferred fragment selects of the rows of a level."""
        if fragment.root:
            return await self.level(fragment.plan)
        made = await self._following.level(fragment.plan, level.rows, level.layout, level.pages)
        return cast("Level", made)

    async def _children(self, field: FieldPlan) -> Children:
        return await self._following.begin(field, await super()._children(field), 1)


def _held(items: Any) -> Iterable[tuple[Held, Iterable[int]]]:
    """The rows among these items, by whom they are held."""
    found: dict[Held, dict[int, None]] = {}
    for held, position in _references(items):
        found.setdefault(held, {})[position] = None
    return found.items()


def _references(items: Any) -> Iterator[tuple[Held, int]]:
    if isinstance(items, list):
        for each in items:
            yield from _references(each)
    elif isinstance(items, tuple):
        yield items
