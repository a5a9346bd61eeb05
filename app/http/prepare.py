"""From parameters to an operation that may run: parse, measure, validate, coerce, charge."""

from collections.abc import Mapping
from typing import Any, Generic

from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    get_variable_values,
)

from app.http.documents import Document, Documents
from app.http.errors import (
    HttpError,
    IntrospectionDisabledError,
    QueryOnlyError,
    RequestError,
    UnknownOperationError,
)
from app.http.operation import CallerT, Operation
from app.http.options import HttpOptions
from app.http.parameters import Parameters
from app.http.rate_limit import RateLimiter
from execution.limits import Measure, check, measure


class Preparation(Generic[CallerT]):
    """Everything that is decided before an operation runs."""

    def __init__(self, schema: GraphQLSchema, options: HttpOptions[CallerT]) -> None:
        self._schema = schema
        self._options = options
        self._limiter = RateLimiter(options.rate_limit) if options.rate_limit is not None else None
        self._documents = Documents(
            schema,
            max_tokens=options.max_tokens,
            max_errors=options.max_errors,
            remembered=options.document_cache,
        )

    def prepare(self, sent: Parameters, caller: CallerT, request_id: str, *, queries_only: bool) -> Operation:
        """The operation to run, its cost charged to the caller; the cheapest checks come first."""
        document = self._documents.parse(sent.query)
        chosen = _chosen(document, sent.operation_name, queries_only=queries_only)
        measured = measure(document.node, sent.operation_name, sent.variables, self._schema)
        check(measured, self._options.limits)
        try:
            self._documents.validate(document, suggestions=self._options.may_see_suggestions(caller))
            self._check_introspection(measured, caller)
            coerced = self._coerce(chosen, sent.variables, caller)
        except RequestError as refusal:
            raise self._told(refusal, caller) from None
        charged = self._limiter.charge(caller.rate_limit_key, measured.cost) if self._limiter else None
        return Operation(
            document=document.node,
            source=document.source,
            operation_name=sent.operation_name,
            kind=chosen.operation,
            variables=sent.variables,
            coerced_variables=coerced,
            cost=measured.cost,
            request_id=request_id,
            rate_limit=charged,
        )

    def _check_introspection(self, measured: Measure, caller: CallerT) -> None:
        if measured.introspects and not self._options.may_introspect(caller):
            raise IntrospectionDisabledError("You may not read the schema by introspection here.")

    def _told(self, refusal: RequestError, caller: CallerT) -> RequestError:
        """What GraphQL says of a document names types and fields: for those who may know them."""
        may_know = self._options.may_introspect(caller) or self._options.may_see_suggestions(caller)
        return refusal if may_know else refusal.withheld()

    def _coerce(
        self, chosen: OperationDefinitionNode, variables: Mapping[str, Any], caller: CallerT
    ) -> Mapping[str, Any]:
        values = get_variable_values(
            self._schema,
            chosen.variable_definitions or (),
            dict(variables),
            max_errors=self._options.max_errors,
            hide_suggestions=not self._options.may_see_suggestions(caller),
        )
        if isinstance(values, list):
            raise RequestError("BAD_USER_INPUT", values)
        return values.coerced


def _chosen(document: Document, name: str | None, *, queries_only: bool) -> OperationDefinitionNode:
    """The operation that the request means (GraphQL's GetOperation())."""
    chosen = get_operation_ast(document.node, name)
    if chosen is None:
        raise UnknownOperationError(
            "The document has no operation of this name." if name else "Name the operation to run."
        )
    if queries_only and chosen.operation is not OperationType.QUERY:
        raise QueryOnlyError("GET is for queries; send this as POST.")
    if chosen.operation is OperationType.SUBSCRIPTION:
        raise HttpError("Subscriptions are not served in single responses.")
    return chosen
