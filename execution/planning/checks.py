"""Whether a field can have its value from where it says: asked while a plan is made, so that no answer is wrong."""

from graphql import GraphQLOutputType, get_named_type, get_nullable_type, is_leaf_type, is_list_type

from execution.errors import PlanError
from execution.fields import Column, Computed, Counted, Identifier, PagePart, Related
from execution.planning.plan import FieldPlan, Meta
from execution.relation import Cardinality, Relation

LEAF_PARTS = (PagePart.TOTAL_COUNT, PagePart.CURSOR)
LIST_PARTS = (PagePart.NODES, PagePart.EDGES)


def check(field: FieldPlan, path: str) -> None:
    """Raises `PlanError` where the field's source and its type do not go together."""
    wrong = None if isinstance(field.source, Meta) else _wrong(field.source, field.type)
    if wrong is not None:
        raise PlanError(path, f"{field.parent.name}.{field.name} {wrong}")


def _wrong(source: object, kind: GraphQLOutputType) -> str | None:
    """What is wrong with a source for a field of this type."""
    match source:
        case Column() | Computed():
            return None
        case Identifier():
            return _shape(kind, leaf=True, many=False)
        case Counted(relation=relation):
            return _uncounted(relation) or _shape(kind, leaf=True, many=False)
        case Related(relation=relation):
            return _unrelated(relation) or _shape(kind, leaf=False, many=relation.cardinality is Cardinality.MANY)
        case PagePart():
            return _shape(kind, leaf=source in LEAF_PARTS, many=source in LIST_PARTS)
    return f"has no source that a row can give: {source!r}"


def _unrelated(relation: Relation) -> str | None:
    batch: object = relation.batch
    return None if callable(batch) else "has a relation without a batch function"


def _uncounted(relation: Relation) -> str | None:
    return _unrelated(relation) or (None if relation.paged else "counts a relation that has no pages")


def _shape(kind: GraphQLOutputType, *, leaf: bool, many: bool) -> str | None:
    """Whether a type is of leaves or of objects, and of one or of several of them."""
    inner = get_nullable_type(kind)
    if is_leaf_type(get_named_type(kind)) is not leaf:
        return f"gives {'a leaf' if leaf else 'objects'}, which its type {kind} is not of"
    if is_list_type(inner) is not many or (many and is_list_type(get_nullable_type(inner.of_type))):  # type: ignore[union-attr]  # a list type
        return f"gives {'a list' if many else 'one'}, which its type {kind} is not"
    return None
