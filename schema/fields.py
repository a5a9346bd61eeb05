"""Field factories: what a type's fields lead to is declared here, and the planner reads it (`schema.sources`)."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from execution.fields import SOURCE, Computed, Counted, Identifier, PagePart, Related, Resolver, Source
from execution.ids import encode
from execution.relation import Cardinality, Relation

PAGE_ARGUMENTS = {
    "first": (int | None, "How many to return from the start, 1-100."),
    "after": (str | None, "Return those after this cursor."),
    "last": (int | None, "How many to return from the end, 1-100."),
    "before": (str | None, "Return those before this cursor."),
}


def plain(description: str, **options: Any) -> Any:
    """A column of the row, under the field's own name."""
    return strawberry.field(description=description, **options)


def part(which: PagePart, description: str) -> Any:
    """What a connection or an edge gives of a page."""
    return _declared(which, description)


def global_id(prefix: str) -> Any:
    """The row's global id (Relay)."""

    def resolve(root: Any) -> strawberry.ID:
        return strawberry.ID(encode(prefix, root["id"]))

    description = "The global id: opaque, unique, and good for `node`."
    return strawberry.field(resolver=resolve, description=description, metadata={SOURCE: Identifier(prefix)})


def computed(function: Callable[..., Any], *, needs: tuple[str, ...], description: str) -> Any:
    """A field made in Python from the columns that `needs` names; `function(root)`, or `function(root, info)`."""
    contextual = "info" in function.__annotations__
    return strawberry.field(
        resolver=function, description=description, metadata={SOURCE: Computed(function, needs, contextual)}
    )


def one(batch: Callable[..., Any], *, key: str, description: str) -> Any:
    """The row that the column `key` leads to."""
    return _related(Relation(batch, key, Cardinality.ONE), {}, description)


def many(batch: Callable[..., Any], *, key: str, description: str, arguments: dict[str, Any] | None = None) -> Any:
    """All rows that the column `key` leads to: only for what is small by nature."""
    return _related(Relation(batch, key, Cardinality.MANY), arguments or {}, description)


def connection(
    batch: Callable[..., Any], *, key: str, description: str, arguments: dict[str, Any] | None = None
) -> Any:
    """The rows that the column `key` leads to, in pages. `arguments` are more arguments: name → (type, description)."""
    return _related(Relation(batch, key, Cardinality.PAGE), (arguments or {}) | PAGE_ARGUMENTS, description)


def counted(batch: Callable[..., Any], *, key: str, description: str, **arguments: Any) -> Any:
    """How many rows the column `key` leads to, by the predicate of the list; `arguments` are the batch function's."""
    return _declared(Counted(Relation(batch, key, Cardinality.PAGE), arguments), description)


def live(source: Callable[..., Any], answer: Callable[..., Any], description: str) -> Any:
    """A subscription: `source(info, …)` gives its events, `answer(event, info, …)` what each of them comes to."""
    return strawberry.subscription(resolver=source, description=description, metadata={SOURCE: Resolver(answer)})


def _related(relation: Relation, arguments: dict[str, tuple[Any, str]], description: str) -> Any:
    field = _declared(Related(relation), description)
    field.arguments = [_argument(name, kind, text) for name, (kind, text) in arguments.items()]
    return field


def _declared(source: Source, description: str) -> Any:
    return strawberry.field(description=description, metadata={SOURCE: source})


def _argument(name: str, kind: Any, description: str) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=strawberry.UNSET,
    )
