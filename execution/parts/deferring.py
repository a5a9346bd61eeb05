"""Makes plans of answers in parts: what is deferred and streamed is planned apart, to be run later."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from graphql import GraphQLObjectType, GraphQLStreamDirective, SelectionSetNode, get_directive_values
from graphql.execution.collect_fields import FieldDetailsList

from execution.errors import PublicError
from execution.parts.collecting import Collector, Spread
from execution.parts.later import Deferred, Stream
from execution.planning.plan import AbstractPlan, FieldPlan, ObjectPlan
from execution.planning.planner import Planner


class InitialCountError(PublicError):
    """`initialCount` of `@stream` is a number, and not less than 0."""

    code = "BAD_USER_INPUT"


class DeferringPlanner(Planner):
    """Plans one operation whose answer may come in parts.

    A deferred fragment is planned as if it stood alone. Lists are streamed in the initial part alone: what lies
    within another part is there already when that part is sent.
    """

    _streams = True
    _puts_off = False

    def plan(self) -> ObjectPlan:
        """The plan of the operation's root, which knows whether anything is put off."""
        kind = cast("GraphQLObjectType", self._schema.get_root_type(self._operation.operation))
        plan = self._selection(kind, [self._operation.selection_set], root=True)
        plan.puts_off = self._puts_off
        return plan

    def _object(self, kind: GraphQLObjectType, selected: FieldDetailsList) -> ObjectPlan:
        return self._selection(kind, [each.node.selection_set for each in selected if each.node.selection_set])

    def _selection(
        self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode], *, root: bool = False
    ) -> ObjectPlan:
        selected = Collector(self._schema, self._fragments, self._variables, kind).collect(sets)
        fields = [self._field(kind, key, details, root=root) for key, details in selected.fields.items()]
        deferred = [self._deferred(kind, *each, root=root) for each in selected.deferred.values()]
        return ObjectPlan(kind, fields, deferred)

    def _deferred(
        self, kind: GraphQLObjectType, node: Spread, label: str | None, fragment: SelectionSetNode, *, root: bool
    ) -> Deferred:
        self._puts_off = True
        with self._without_streams():
            return Deferred(node, label, self._selection(kind, [fragment], root=root), root)

    def _field(
        self, parent: GraphQLObjectType, key: str, details: FieldDetailsList, *, root: bool = False
    ) -> FieldPlan:
        field = super()._field(parent, key, details, root=root)
        stream = self._stream(field)
        if stream is not None and self._streams:
            self._puts_off = True
            field.stream = stream
            self._divide(field, details)
        return field

    def _divide(self, field: FieldPlan, details: FieldDetailsList) -> None:
        """Plan the rest of a list, where it is one of objects."""
        with self._without_streams():
            rest = self._nested(field.definition, details)
        if field.nested is not None:
            field.nested.rest = rest
        if isinstance(field.nested, AbstractPlan) and isinstance(rest, AbstractPlan):
            for name, plan in field.nested.plans.items():
                plan.rest = rest.plans[name]

    def _stream(self, field: FieldPlan) -> Stream | None:
        """What an active `@stream` says; raises `InitialCountError`."""
        given: Any = get_directive_values(GraphQLStreamDirective, field.nodes[0], self._variables)
        if given is None or not given["if"]:
            return None
        count = given["initialCount"]
        if count is None or count < 0:
            raise InitialCountError("`initialCount` must not be less than 0.", argument="initialCount")
        return Stream(given.get("label"), count)

    @contextmanager
    def _without_streams(self) -> Iterator[None]:
        before, self._streams = self._streams, False
        yield
        self._streams = before
