"""Delivers an answer in parts: what is announced with a part is read when it is its turn, in the same snapshot."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from itertools import count
from typing import Final

from graphql import ExecutionResult, GraphQLError

from execution.parts.following import FollowingRoots, FollowingRun
from execution.parts.incremental import DeferredPart, Incremental, Part, Path, Pending, StreamedPart
from execution.parts.putting_off import Completing, Fragment, Late, Rest
from execution.planning.plan import ObjectPlan
from execution.running.levels import Level

Wave = list[tuple[Pending, Late]]

TURN: Final = 100
"""So many parts are made in a row: then others have their turn, and whoever stops them is heard."""


class Delivery:
    """One answer. What one directive puts off at the same level is a wave: it is read at once, and comes together."""

    def __init__(self, run: FollowingRun, roots: FollowingRoots) -> None:
        self._run = run
        self._roots = roots
        self._ids = count()
        self._seen: set[tuple[int, Path]] = set()
        self._waves: dict[object, Wave] = {}

    async def begin(self, plan: ObjectPlan) -> ExecutionResult | Incremental:
        """The initial part, and where there is more to come the parts, for which nothing was read yet."""
        completing = Completing(self._run.information)
        level = await self._roots.level(plan)
        try:
            data = completing.object(level, 0, None)
        except GraphQLError as error:
            return ExecutionResult(None, [*completing.errors, error])
        result = ExecutionResult(data, completing.errors or None)
        pending = self._announced(completing.late)
        return Incremental(result, pending, self._parts()) if pending else result

    async def _parts(self) -> AsyncGenerator[Part, None]:
        """The waves in the order in which they were announced."""
        turns = count(1)
        while self._waves:
            wave = self._waves.pop(next(iter(self._waves)))
            for part in await self._made(wave):
                yield part
                if next(turns) % TURN == 0:
                    await asyncio.sleep(0)

    async def _made(self, wave: Wave) -> Iterator[Part]:
        late = wave[0][1]
        if isinstance(late, Fragment):
            level = await self._roots.deferred(late.deferred, late.level)
            return (self._fragment(pending, each, level) for pending, each in wave if isinstance(each, Fragment))
        rests = [(pending, each) for pending, each in wave if isinstance(each, Rest)]
        await self._run.rest([each.items for _, each in rests])
        return (self._rest(pending, each) for pending, each in rests)

    def _fragment(self, pending: Pending, fragment: Fragment, level: Level) -> DeferredPart:
        completing = Completing(self._run.information)
        try:
            data = completing.object(level, fragment.position, fragment.path)
        except GraphQLError as error:
            return DeferredPart(pending=pending, data=None, errors=(*completing.errors, error))
        announced = self._announced(completing.late)
        return DeferredPart(pending=pending, data=data, errors=tuple(completing.errors), announced=announced)

    def _rest(self, pending: Pending, rest: Rest) -> StreamedPart:
        completing = Completing(self._run.information)
        index = rest.index
        try:
            items = completing.items(rest)
        except GraphQLError as error:
            errors = (*completing.errors, error)
            return StreamedPart(pending=pending, index=index, items=None, completed=True, errors=errors)
        announced = self._announced(completing.late)
        errors = tuple(completing.errors)
        return StreamedPart(
            pending=pending, index=index, items=items, completed=True, errors=errors, announced=announced
        )

    def _announced(self, found: Iterable[Late]) -> tuple[Pending, ...]:
        """Announce what has not been announced yet: one directive at one object or list counts once."""
        made = []
        for late in found:
            path = tuple(late.path.as_list()) if late.path else ()
            if (late.directive, path) not in self._seen:
                self._seen.add((late.directive, path))
                pending = Pending(str(next(self._ids)), path, late.label)
                self._waves.setdefault(late.wave, []).append((pending, late))
                made.append(pending)
        return tuple(made)
