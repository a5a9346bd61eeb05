"""Makes plans: which objects an operation selects, of which fields, merged as GraphQL says (CollectFields())."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from execution.errors import PlanError, PublicError
from execution.fields import Source, source_of
from execution.planning.checks import check
from execution.planning.plan import INTROSPECTION, RESOLVED, TYPENAME, AbstractPlan, FieldPlan, Meta, Nested, ObjectPlan

META: Final[Mapping[str, tuple[GraphQLField, Meta]]] = {
    "__typename": (TypeNameMetaFieldDef, TYPENAME),
    "__schema": (SchemaMetaFieldDef, INTROSPECTION),
    "__type": (TypeMetaFieldDef, INTROSPECTION),
}


class Planner:
    """Plans one operation. Of `variables`, those count that `@skip` and `@include` name."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {name: FragmentDetails(definition) for name, definition in fragments.items()}
        self._variables = variables
        self._path: list[str] = []

    def plan(self) -> ObjectPlan:
        """The plan of the operation's root, whose fields have resolvers."""
        kind = cast("GraphQLObjectType", self._schema.get_root_type(self._operation.operation))
        collected = collect_fields(self._schema, self._fragments, self._variables, kind, self._operation)
        fields = [self._field(kind, key, details, root=True) for key, details in collected.grouped_field_set.items()]
        return ObjectPlan(kind, fields)

    def _object(self, kind: GraphQLObjectType, selected: FieldDetailsList) -> ObjectPlan:
        collected = collect_subfields(self._schema, self._fragments, self._variables, self._operation, kind, selected)
        fields = [self._field(kind, key, details) for key, details in collected.grouped_field_set.items()]
        return ObjectPlan(kind, fields)

    def _field(
        self, parent: GraphQLObjectType, key: str, details: FieldDetailsList, *, root: bool = False
    ) -> FieldPlan:
        nodes = [each.node for each in details]
        name = nodes[0].name.value
        definition, source = self._declared(parent, name, root=root)
        with self._within(key) as path:
            nested = None if isinstance(source, Meta) and source is not RESOLVED else self._nested(definition, details)
            field = FieldPlan(key, nodes, parent, definition, source, nested)
            check(field, path)
        return field

    @contextmanager
    def _within(self, key: str) -> Iterator[str]:
        """Plan what a field leads to, whose path is given; raises `PlanError` for what goes wrong by our fault."""
        self._path.append(key)
        path = ".".join(self._path)
        try:
            yield path
        except (GraphQLError, PublicError, PlanError):
            raise
        except Exception as error:
            raise PlanError(path, repr(error)) from error
        finally:
            self._path.pop()

    @staticmethod
    def _declared(parent: GraphQLObjectType, name: str, *, root: bool) -> tuple[GraphQLField, Source | Meta]:
        if name in META:
            return META[name]
        definition = parent.fields[name]
        return definition, RESOLVED if root else source_of(name, definition)

    def _nested(self, definition: GraphQLField, selected: FieldDetailsList) -> Nested | None:
        kind: GraphQLNamedType = get_named_type(definition.type)
        if is_object_type(kind):
            return self._object(kind, selected)
        if is_abstract_type(kind):
            possible: Any = self._schema.get_possible_types(kind)
            return AbstractPlan({each.name: self._object(each, selected) for each in possible})
        return None
