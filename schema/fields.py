"""Field factories: what a type's fields lead to is declared here, and read by whoever answers queries."""

import inspect
from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from execution.ids import encode
from execution.paging import page_request
from execution.relation import Cardinality, Relation
from resolvers.context import Info

RELATION = "relation"
COMPUTED = "computed"

PAGE_ARGUMENTS = {
    "first": (int | None, "How many to return from the start, 1-100."),
    "after": (str | None, "Return those after this cursor."),
    "last": (int | None, "How many to return from the end, 1-100."),
    "before": (str | None, "Return those before this cursor."),
}


def plain(description: str, **options: Any) -> Any:
    """A column of the row, under the field's own name."""
    return strawberry.field(description=description, **options)


def global_id(prefix: str) -> Any:
    """The row's global id (Relay)."""

    def resolve(root: Any) -> strawberry.ID:
        return strawberry.ID(encode(prefix, root["id"]))

    return computed(resolve, needs=("id",), description="The global id: opaque, unique, and good for `node`.")


def computed(function: Callable[..., Any], *, needs: tuple[str, ...], description: str) -> Any:
    """A field made in Python from the columns that `needs` names."""
    return strawberry.field(resolver=function, description=description, metadata={COMPUTED: needs})


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
    relation = Relation(batch, key, Cardinality.PAGE)

    async def resolve(root: Any, info: Info) -> Any:
        return await info.context.count(relation, root, arguments)

    return strawberry.field(resolver=resolve, description=description, metadata={RELATION: relation})


def _related(relation: Relation, arguments: dict[str, tuple[Any, str]], description: str) -> Any:
    paged = relation.cardinality is Cardinality.PAGE

    async def resolve(root: Any, info: Info, **given: Any) -> Any:
        page = page_request(*(given.pop(name, None) for name in PAGE_ARGUMENTS)) if paged else None
        return await info.context.related(relation, root, given, page)

    field = strawberry.field(resolver=_signed(resolve), description=description, metadata={RELATION: relation})
    field.arguments = [_argument(name, kind, text) for name, (kind, text) in arguments.items()]
    return field


def _signed(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Strawberry refuses `**` in a resolver's signature; the field's arguments are set by `_related` instead."""
    parameters = list(inspect.signature(resolve).parameters.values())[:2]
    resolve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return resolve


def _argument(name: str, kind: Any, description: str) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=strawberry.UNSET,
    )
