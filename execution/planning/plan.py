"""What an operation's selection comes to: a tree of object plans, made once and run for all who may do the same."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_argument_values,
)
from graphql.execution.values import VariableValues

from execution.fields import SOURCE, Column, Computed, Counted, Identifier, PagePart, Related, Resolver, Source
from execution.paging import page_request
from execution.sql.statements import Question, Statement, frozen

if TYPE_CHECKING:
    from execution.parts.later import Deferred, Stream

PAGE_ARGUMENTS = ("first", "after", "last", "before")


class Meta:
    """The source of `__typename`, and of the fields of introspection at the root."""


TYPENAME, INTROSPECTION, RESOLVED = Meta(), Meta(), Meta()


@dataclass(eq=False)
class FieldPlan:
    """One field of an answer: `nodes` are its selections, merged; `nested` is the plan of the objects that it gives."""

    key: str
    nodes: list[FieldNode]
    parent: GraphQLObjectType
    definition: GraphQLField
    source: Source | Meta
    nested: "Nested | None" = None
    stream: "Stream | None" = None
    _fixed: Question | None = field(default=None, repr=False)
    _statement: Statement | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.nodes[0].name.value

    @property
    def type(self) -> GraphQLOutputType:
        """The field's type."""
        return self.definition.type

    @cached_property
    def varies(self) -> bool:
        """Whether the arguments have variables in them."""
        return any(_has_variable(argument.value) for argument in self.nodes[0].arguments or ())

    @cached_property
    def resolve(self) -> Callable[..., Any] | None:
        """What resolves the field, which is one of the root."""
        declared = (self.definition.extensions or {}).get(SOURCE)
        return declared.resolve if isinstance(declared, Resolver) else self.definition.resolve

    @cached_property
    def required(self) -> bool:
        """Whether the field is never null."""
        return isinstance(self.type, GraphQLNonNull)

    @property
    def selected(self) -> "Nested":
        """The plan of what the field gives, which is objects."""
        if self.nested is None:
            raise TypeError(f"{self.name} gives no objects")
        return self.nested

    @property
    def connection(self) -> "ObjectPlan":
        """The plan of the connection that the field gives."""
        if not isinstance(self.nested, ObjectPlan):
            raise TypeError(f"{self.name} gives no connection")
        return self.nested

    def arguments(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments by GraphQL's names; raises what GraphQL says of them."""
        return get_argument_values(self.definition, self.nodes[0], variables)

    def statement(self, make: Callable[[], Statement]) -> Statement:
        """The statement of the field's relation, which is always the same where its arguments are."""
        if self._statement is not None:
            return self._statement
        made = make()
        if not self.varies:
            self._statement = made
        return made

    def question(self, source: Related, variables: VariableValues) -> Question:
        """What is asked of the field's relation; raises what speaks against its arguments."""
        if self._fixed is not None:
            return self._fixed
        given = self.arguments(variables)
        page = None
        if source.relation.paged:
            page = page_request(*(given.pop(name, None) for name in PAGE_ARGUMENTS))
        question = Question(frozen(given), source.convert(given), page)
        if not self.varies:
            self._fixed = question
        return question


@dataclass(eq=False)
class ObjectPlan:
    """The fields of one object type, in the order of the answer.

    `deferred` come later, of the same rows; where a list is streamed this is the plan of its first objects, and
    `rest` that of the others. `puts_off` tells of the root whether anything comes later. `makers` are the generated
    functions that shape rows, by layout.
    """

    type: GraphQLObjectType
    fields: list[FieldPlan]
    deferred: "Sequence[Deferred]" = ()
    rest: "Nested | None" = None
    puts_off: bool = False
    makers: dict[Hashable, Callable[..., list[dict[str, Any]]]] = field(default_factory=dict, repr=False)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that the rows must have, each once."""
        later = (name for each in self.deferred for name in each.plan.columns)
        return tuple(dict.fromkeys((*(name for each in self.fields for name in _columns(each)), *later)))

    @cached_property
    def branches(self) -> list[FieldPlan]:
        """The fields that need more than the row: further rows, or plans of objects."""
        return [each for each in self.fields if each.nested is not None or _counts(each)]

    @cached_property
    def page_columns(self) -> tuple[str, ...]:
        """Where this is the plan of a connection: the columns that the rows of its pages must have."""
        nodes = [each.selected for each in self.fields if each.source in (PagePart.NODES, PagePart.EDGES)]
        later = (name for each in self.deferred for name in each.plan.page_columns)
        return tuple(dict.fromkeys((*(name for plan in nodes for name in plan.columns), *later)))

    @cached_property
    def reads_pages(self) -> bool:
        """Whether this is the plan of a connection that needs the rows of its pages, not only their number."""
        parts = (PagePart.NODES, PagePart.EDGES, PagePart.PAGE_INFO)
        return any(self._selects(part) for part in parts) or any(each.plan.reads_pages for each in self.deferred)

    @cached_property
    def tells_length(self) -> bool:
        """Whether this is the plan of a connection that tells how long its list is."""
        return self._selects(PagePart.TOTAL_COUNT)

    @cached_property
    def tells_more(self) -> bool:
        """Whether this is the plan of a connection that tells whether there are further rows."""
        return self._selects(PagePart.PAGE_INFO) or any(each.plan.tells_more for each in self.deferred)

    @cached_property
    def tells_cursors(self) -> bool:
        """Whether this is the plan of a connection of whose rows some tell their cursors."""
        told = (
            not {"start_cursor", "end_cursor"}.isdisjoint(each.selected.columns)
            if each.source is PagePart.PAGE_INFO
            else each.source is PagePart.EDGES and _gives_cursors(each.selected)
            for each in self.fields
        )
        return any(told) or any(each.plan.tells_cursors for each in self.deferred)

    @cached_property
    def gives_cursors(self) -> bool:
        """Whether this is the plan of an edge that tells its cursor."""
        return self._selects(PagePart.CURSOR)

    def _selects(self, part: PagePart) -> bool:
        return any(each.source is part for each in self.fields)


@dataclass(eq=False)
class AbstractPlan:
    """The plans of an interface's or a union's possible types, by name; rows tell theirs as `__typename`."""

    plans: dict[str, ObjectPlan]
    rest: "Nested | None" = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What the rows must have, whatever their type."""
        return tuple(dict.fromkeys(("__typename", *(name for plan in self.plans.values() for name in plan.columns))))


Nested: TypeAlias = ObjectPlan | AbstractPlan


def _gives_cursors(edge: Nested) -> bool:
    deferred = edge.deferred if isinstance(edge, ObjectPlan) else ()
    own = isinstance(edge, ObjectPlan) and edge.gives_cursors
    return own or any(_gives_cursors(each.plan) for each in deferred)


def _has_variable(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(_has_variable(each) for each in value.values)
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(each.value) for each in value.fields)
    return isinstance(value, VariableNode)


def _counts(field: FieldPlan) -> bool:
    return isinstance(field.source, Counted) or field.source is PagePart.TOTAL_COUNT


def _columns(field: FieldPlan) -> Iterator[str]:
    match field.source:
        case Column(name):
            yield name
        case Identifier(column=column):
            yield column
        case Computed(needs=needs):
            yield from needs
        case Related(relation=relation) | Counted(relation=relation):
            yield relation.key
        case PagePart.NODE:
            yield from field.selected.columns
        case _:
            pass
