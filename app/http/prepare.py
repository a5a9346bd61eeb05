"""From parameters to an operation that may run: parse, measure, validate, coerce, charge."""

from collections.abc import Mapping
from typing import Any, Final, Generic

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType, get_variable_values
from graphql.execution.values import VariableValues

from app.http.cache_counts import CacheCounts
from app.http.documents import Chosen, Document, Documents
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
from app.http.sources import PersistedQueries, Source, TrustedDocuments
from execution.cost.limits import Measure, check

NO_VALUES: Final = VariableValues({}, {})


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
        self._source: Source = (
            PersistedQueries(self._documents)
            if options.trusted is None
            else TrustedDocuments(self._documents, options.trusted)
        )

    @property
    def caches(self) -> Mapping[str, CacheCounts]:
        """What is counted of documents: all lookups of parsed ones, and those by hash or of trusted ones."""
        how = "persisted" if self._options.trusted is None else "trusted"
        return {"documents": self._documents.cache, f"{how}_documents": self._source.lookups}

    def prepare(
        self,
        sent: Parameters,
        caller: CallerT,
        request_id: str,
        *,
        queries_only: bool,
        increments: bool = False,
        subscriptions: bool = False,
    ) -> Operation:
        """The operation to run, its cost charged to the caller; the cheapest checks come first."""
        document = self._source.document(sent)
        chosen = _chosen(document, sent.operation_name, queries_only=queries_only, subscriptions=subscriptions)
        measured = chosen.meter.measure(sent.variables)
        if measured is not chosen.affordable:
            check(measured, self._options.limits)
            chosen.affordable = measured
        try:
            self._documents.validate(document, suggestions=self._options.may_see_suggestions(caller))
            self._check_introspection(measured, caller)
            values = self._coerce(chosen.node, sent.variables, caller)
        except RequestError as refusal:
            raise self._told(refusal, caller) from None
        charged = self._limiter.charge(caller.rate_limit_key, measured.cost) if self._limiter else None
        return Operation(
            document=document.node,
            document_hash=document.hash,
            node=chosen.node,
            fragments=document.fragments,
            operation_name=sent.operation_name,
            variables=sent.variables,
            values=values,
            cost=measured.cost,
            request_id=request_id,
            rate_limit=charged,
            increments=increments,
        )

    def _check_introspection(self, measured: Measure, caller: CallerT) -> None:
        if measured.introspects and not self._options.may_introspect(caller):
            raise IntrospectionDisabledError("You may not read the schema by introspection here.")

    def _told(self, refusal: RequestError, caller: CallerT) -> RequestError:
        """What GraphQL says of a document names types and fields: for those who may know them."""
        may_know = self._options.may_introspect(caller) or self._options.may_see_suggestions(caller)
        return refusal if may_know else refusal.withheld()

    def _coerce(
        self, operation: OperationDefinitionNode, variables: Mapping[str, Any], caller: CallerT
    ) -> VariableValues:
        if not operation.variable_definitions:
            return NO_VALUES
        values = get_variable_values(
            self._schema,
            operation.variable_definitions,
            dict(variables),
            max_errors=self._options.max_errors,
            hide_suggestions=not self._options.may_see_suggestions(caller),
        )
        if isinstance(values, list):
            raise RequestError("BAD_USER_INPUT", values)
        return values


def _chosen(document: Document, name: str | None, *, queries_only: bool, subscriptions: bool) -> Chosen:
    """The operation that the request means, of a kind that can be asked for in this way."""
    chosen = document.operation(name)
    if chosen is None:
        raise UnknownOperationError(
            "The document has no operation of this name." if name else "Name the operation to run."
        )
    kind = chosen.node.operation
    if kind is OperationType.SUBSCRIPTION and subscriptions:
        return chosen
    if queries_only and kind is not OperationType.QUERY:
        raise QueryOnlyError("GET is for queries; send this as POST.")
    if kind is OperationType.SUBSCRIPTION:
        raise HttpError("Subscriptions are not served in single responses.")
    return chosen
