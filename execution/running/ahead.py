"""Reading ahead: what a root field leads to, all the way down, comes with its rows, in one statement.

Whoever then asks for the rows of a field finds them here. What could not be put into the one statement (what rows of
an interface's types lead to, or objects made in Python; a field whose arguments are wrong) is read when asked for.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from execution.fields import Counted, PagePart, Related
from execution.planning.plan import FieldPlan, Nested, ObjectPlan
from execution.sql.joint import Joint, Joints, Part
from execution.sql.statements import Statement

if TYPE_CHECKING:
    from execution.running.relations import Relations
    from execution.running.run import Asker

Found: TypeAlias = tuple[list[Any], Statement]
"""Rows, and the statement that says where their columns are."""
For: TypeAlias = FieldPlan | ObjectPlan
"""Whom rows are for: a field; or the plan of a connection, for the lengths of its lists."""
NOTHING: Final[Mapping[str, Any]] = {}
MOST_PARTS: Final = 16
"""In one statement: PostgreSQL sets all of them up, even those whose parents have no rows."""


class Ahead:
    """What one operation has read before it was asked for; without `joints` that is nothing."""

    def __init__(self, asker: "Asker", relations: "Relations", joints: Joints | None) -> None:
        self._asker = asker
        self._relations = relations
        self._joints = joints
        self._found: dict[For, Found] = {}

    def taken(self, reader: For) -> Found | None:
        """The rows for somebody, once; None where they are still to be read."""
        return self._found.pop(reader, None)

    async def read(
        self, plan: Nested, statement: Statement, own: Mapping[str, Any], count: Statement | None = None
    ) -> Found:
        """The rows of a root field with this plan; `own` are the values that its statement has alone.

        `count` tells the length of its list, where the plan is a connection's that asks for it.
        """
        asker, tree = self._asker, _Tree(self._relations, statement, own)
        joint = self._joint(tree, plan, count)
        if joint is None:
            return await asker.fetch(statement, statement.values({**asker.parameters, **own})), statement
        rows = await asker.fetch(joint.statement, joint.values(asker.parameters, tree.own))
        first, *others = zip(joint.split(rows), joint.parts, strict=True)
        self._found = dict(zip(tree.readers, others, strict=True))
        return first

    def _joint(self, tree: "_Tree", plan: Nested, count: Statement | None) -> Joint | None:
        if self._joints is None or not tree.parts[0].statement.layout.sql_types:
            return None
        if count is not None and isinstance(plan, ObjectPlan):
            tree.add(plan, Part(count))
        tree.follow(plan, 0)
        return self._joints.of(tuple(tree.parts), self._asker.parameters) if tree.readers else None


class _Tree:
    """The statements that become one: for whom each is, but the first, and the values that each has alone."""

    def __init__(self, relations: "Relations", first: Statement, own: Mapping[str, Any]) -> None:
        self._relations = relations
        self.parts = [Part(first)]
        self.own = [own]
        self.readers: list[For] = []

    def add(self, reader: For, part: Part, own: Mapping[str, Any] = NOTHING) -> int:
        """The number of a further part."""
        self.readers.append(reader)
        self.parts.append(part)
        self.own.append(own)
        return len(self.readers)

    def follow(self, plan: Nested, number: int) -> None:
        """Add what the rows of a part lead to, whose plan is `plan`."""
        for field in plan.branches if isinstance(plan, ObjectPlan) else ():
            if len(self.parts) >= MOST_PARTS:
                return
            if isinstance(field.source, Related | Counted):
                with suppress(Exception):  # the field tells of it when it is read
                    self._follow_field(field, field.source, number)
            elif isinstance(field.source, PagePart) and field.nested is not None:
                self.follow(field.nested, number)

    def _follow_field(self, field: FieldPlan, source: Related | Counted, number: int) -> None:
        relations, key = self._relations, source.relation.key
        if isinstance(source, Counted):
            self.add(field, Part(relations.counting(source), number, key))
            return
        statement, own = relations.asked(field, source)
        paged = source.relation.paged
        if paged and field.connection.tells_length:
            self.add(field.connection, Part(relations.measuring(field, source), number, key))
        if statement.layout.sql_types and (not paged or field.connection.reads_pages):
            self.follow(field.selected, self.add(field, Part(statement, number, key), own))
