"""Arguments as Python functions take them: how an input becomes its object is found out once, not for every value."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cache
from typing import Any

import strawberry
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

Make = Callable[[Any], Any]
Convert = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Inputs:
    """The inputs of one schema, whose values graphql-core has coerced already."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._names = schema.config.name_converter
        self._fields = cache(self._fields_of)

    def conversion(self, field: StrawberryField) -> Convert:
        """Makes the arguments of a field: by their Python names, inputs as the objects that they are."""
        known = {
            self._names.from_argument(each): (each.python_name, self._maker(each.type)) for each in field.arguments
        }

        def convert(given: Mapping[str, Any]) -> Mapping[str, Any]:
            return {known[name][0]: _made(known[name][1], value) for name, value in given.items()}

        return convert

    def _maker(self, kind: Any) -> Make | None:
        """Makes a value of this type, None excepted; None for scalars and enumerations, which are what they are."""
        if isinstance(kind, StrawberryMaybe):
            raise TypeError("what is not given is UNSET here, and Maybe is not known")
        if isinstance(kind, StrawberryOptional):
            return self._maker(kind.of_type)
        if isinstance(kind, LazyType):
            return self._maker(kind.resolve_type())
        if isinstance(kind, StrawberryList):
            return self._listed(self._maker(kind.of_type))
        return None if get_object_definition(kind) is None else lambda value: self._object(kind, value)

    def _listed(self, make: Make | None) -> Make:
        """A list of one's own: graphql-core gives the same default to all who give none."""
        if make is None:
            return list
        return lambda values: [None if value is None else make(value) for value in values]

    def _object(self, kind: Any, value: Any) -> Any:
        absent, fields = self._fields(kind)
        made = dict(absent)
        for name, python_name, make in fields:
            if name in value:
                made[python_name] = _made(make, value[name])
        return kind(**made)

    def _fields_of(self, kind: Any) -> tuple[dict[str, None], list[tuple[str, str, Make | None]]]:
        """What is None if it is not given, and the fields: their names in GraphQL and in Python, and their makers."""
        definition = get_object_definition(kind, strict=True)
        fields = [
            (
                self._names.from_field(field),
                field.python_name,
                self._maker(field.resolve_type(type_definition=definition)),
            )
            for field in definition.fields
        ]
        absent = (f for f in definition.fields if f.default_value is MISSING and f.default_factory is MISSING)
        return {field.python_name: None for field in absent}, fields


def _made(make: Make | None, value: Any) -> Any:
    return value if make is None or value is None else make(value)
