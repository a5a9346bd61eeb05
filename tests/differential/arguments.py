"""The arguments of one field: which are given, with what values, and how they are written."""

from random import Random
from typing import Any, Final

from graphql import GraphQLArgument, GraphQLField, Undefined, get_named_type, is_required_argument

from tests.differential.literals import Variables
from tests.differential.pool import Pool
from tests.differential.values import Values

PAGING: Final = ("first", "after", "last", "before")
LARGEST_PAGE: Final = 4
MOST_ROWS: Final = 40
"""How many objects a list may lead to, all levels above it multiplied."""
SELDOM: Final = 0.2
OFTEN: Final = {"search": 0.3}
"""How often an argument is given that need not be: some fields have values only where something was searched for."""
REFUSED_PAGES: Final = 0.035
"""How often the four arguments of a connection ask for what no list gives."""


class Arguments:
    """Writes the arguments of one query's fields."""

    def __init__(self, rng: Random, pool: Pool, variables: Variables) -> None:
        self._rng = rng
        self._values = Values(rng, pool)
        self._variables = variables

    def written(self, owner: Any, name: str, made: GraphQLField, rows: int) -> tuple[dict[str, Any], str]:
        """The values of a field's arguments, and their text; `rows` objects ask for the field."""
        given: dict[str, Any] = {}
        if "first" in made.args:
            connection = get_named_type(made.type).name
            given = self._values.page(connection, min(LARGEST_PAGE, MOST_ROWS // rows), REFUSED_PAGES)
        for each, argument in made.args.items():
            often = OFTEN.get(each, SELDOM)
            if each not in PAGING and (is_required_argument(argument) or self._rng.random() < often):
                given[each] = self._values.argument(f"{owner.name}.{name}", each, argument.type)
        texts = [self._text(each, made.args[each], value) for each, value in given.items()]
        absent = sorted(each for each in made.args.keys() - given if not str(made.args[each].type).endswith("!"))
        if absent and self._rng.random() < 0.06:
            each = self._rng.choice(absent)
            texts.append(f"{each}: {self._variables.unset(made.args[each].type)}")
        self._rng.shuffle(texts)
        return given, f"({', '.join(texts)})" if texts else ""

    def _text(self, name: str, argument: GraphQLArgument, value: Any) -> str:
        optional = argument.default_value is not Undefined
        return f"{name}: {self._variables.written(value, argument.type, optional=optional)}"
