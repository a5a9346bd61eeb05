"""Makes answers in parts field by field, and notes what they put off, with its place in the answer."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLList, GraphQLOutputType
from graphql.pyutils import Path

from execution.parts.following import Held
from execution.parts.later import Deferred, Stream
from execution.planning.plan import FieldPlan
from execution.running.completion import Completion
from execution.running.levels import Level


@dataclass(frozen=True, slots=True)
class Fragment:
    """A deferred fragment at one object: that of a row of the level."""

    path: Path | None
    deferred: Deferred
    level: Level
    position: int

    @property
    def label(self) -> str | None:
        """The directive's label."""
        return self.deferred.label

    @property
    def directive(self) -> int:
        """Tells where the document says so."""
        return id(self.deferred.node)

    @property
    def wave(self) -> Hashable:
        """Equal for what is read at once."""
        return self.deferred, self.level


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of a streamed list: the items from the position `index` on."""

    path: Path
    field: FieldPlan
    stream: Stream
    kind: GraphQLOutputType
    items: Sequence[Any]

    @property
    def index(self) -> int:
        """The position of the first item."""
        return self.stream.count

    @property
    def label(self) -> str | None:
        """The directive's label."""
        return self.stream.label

    @property
    def directive(self) -> int:
        """Tells where the document says so."""
        return id(self.field.nodes[0])

    @property
    def wave(self) -> Hashable:
        """Equal for what is read at once."""
        return self.field


Late: TypeAlias = Fragment | Rest


class Completing(Completion):
    """One part of an answer; `late` is what it puts off, what a selection does itself after what its fields do."""

    def __init__(self, information: Any) -> None:
        super().__init__(information)
        self.late: list[Late] = []

    def object(self, level: Level | Held, position: int, path: Path | None) -> dict[str, Any]:
        """The object of a row."""
        if isinstance(level, Held):
            level, position = level.followed(position)
        made = super().object(level, position, path)
        self.late += [Fragment(path, each, level, position) for each in level.plan.deferred]
        return made

    def field(self, field: FieldPlan, level: Level, position: int, path: Path | None) -> Any:
        """The value of a field; where it is null, nothing of it comes later."""
        before = len(self.late)
        value = super().field(field, level, position, path)
        if value is None:
            del self.late[before:]
        return value

    def items(self, rest: Rest) -> list[Any]:
        """The rest of a list; raises where the list would have to be null."""
        places = enumerate(rest.items, rest.index)
        return [self._item(rest.field, rest.kind, each, Path(rest.path, place, None)) for place, each in places]

    def _complete(self, field: FieldPlan, kind: GraphQLOutputType, value: Any, path: Path) -> Any:
        """The value, and of a streamed list what comes first; only the outermost list of a field is streamed."""
        stream = field.stream
        if stream is None or not isinstance(kind, GraphQLList) or not isinstance(value, list) or path.key != field.key:
            return super()._complete(field, kind, value, path)
        first, items = value[: stream.count], value[stream.count :]
        completed = super()._complete(field, kind, first, path)
        if items:
            self.late.append(Rest(path, field, stream, kind.of_type, items))
        return completed

    def _item(self, field: FieldPlan, kind: GraphQLOutputType, value: Any, path: Path) -> Any:
        before = len(self.late)
        item = super()._item(field, kind, value, path)
        if item is None:
            del self.late[before:]
        return item
