"""Values as they stand in documents, and the variables that stand in their place."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
)

LIFTED: Final = 0.3
"""How often a value is a variable."""
LIFTED_INSIDE: Final = 0.08
"""How often a value inside an input object is one."""


@dataclass(slots=True)
class Variables:
    """The variables of one operation: what is declared, and what is sent."""

    rng: Random
    declared: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)

    def written(self, value: Any, kind: GraphQLInputType, *, optional: bool) -> str:
        """A value in the place of an argument: a literal, or a variable; `optional`: the place has a default."""
        if self.rng.random() < LIFTED:
            return self._variable(value, kind, optional=optional)
        return self.literal(value, kind)

    def literal(self, value: Any, kind: GraphQLInputType, *, constant: bool = False) -> str:
        """A literal, with variables inside it here and there unless it must be `constant`."""
        if value is None:
            return "null"
        nullable: Any = get_nullable_type(kind)
        if isinstance(nullable, GraphQLList):
            return self._list(value, nullable, constant=constant)
        if isinstance(nullable, GraphQLInputObjectType):
            return self._object(value, nullable, constant=constant)
        return str(value) if isinstance(nullable, GraphQLEnumType) else json.dumps(value, ensure_ascii=False)

    def unset(self, kind: GraphQLInputType) -> str:
        """A variable that is declared and never sent."""
        return self._declare(str(get_nullable_type(kind)))

    def condition(self, value: bool) -> str:
        """The condition of a directive."""
        way = self.rng.random()
        if way < 0.4:
            return "true" if value else "false"
        if way < 0.6:
            return self._declare(f"Boolean! = {str(value).lower()}")
        default = self.rng.choice(["", " = true", " = false"])
        name = self._declare("Boolean!" + default)
        self.sent[name[1:]] = value
        return name

    def _variable(self, value: Any, kind: GraphQLInputType, *, optional: bool) -> str:
        nullable = str(get_nullable_type(kind))
        way = self.rng.random()
        if way < 0.25 and value is not None:
            return self._declare(f"{nullable} = {self.literal(value, kind, constant=True)}")
        if way < 0.4 and value is not None:
            name = self._declare(f"{nullable} = {self.literal(value, kind, constant=True)}")
            self.sent[name[1:]] = None if self.rng.random() < 0.2 else value
            return name
        required = isinstance(kind, GraphQLNonNull) and not optional
        name = self._declare(f"{nullable}!" if required or (value is not None and way < 0.7) else nullable)
        self.sent[name[1:]] = value
        return name

    def _declare(self, kind: str) -> str:
        name = f"v{len(self.declared)}"
        self.declared[name] = kind
        return f"${name}"

    def _list(self, value: Any, kind: GraphQLList[Any], *, constant: bool) -> str:
        if not isinstance(value, list):
            return self.literal(value, kind.of_type, constant=constant)
        if len(value) == 1 and value[0] is not None and self.rng.random() < 0.2:
            return self.literal(value[0], kind.of_type, constant=constant)  # one value is a list of one
        return "[" + ", ".join(self.literal(each, kind.of_type, constant=constant) for each in value) + "]"

    def _object(self, value: dict[str, Any], kind: GraphQLInputObjectType, *, constant: bool) -> str:
        parts = []
        for name, inner in value.items():
            declared = kind.fields[name]
            lifted = not constant and self.rng.random() < LIFTED_INSIDE
            optional = declared.default_value is not Undefined
            written = (
                self._variable(inner, declared.type, optional=optional)
                if lifted
                else self.literal(inner, declared.type, constant=constant)
            )
            parts.append(f"{name}: {written}")
        return "{" + ", ".join(parts) + "}"
