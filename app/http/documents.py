"""Documents: parsed and validated once, remembered by their hash with all that depends on them alone."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    TokenKind,
    get_operation_ast,
    parse,
    validate,
)
from graphql.language.parser import MAX_NESTING_DEPTH
from graphql.validation.rules import overlapping_fields_can_be_merged

from app.http.errors import BadUserInputError, RequestError
from execution.cache import Cache
from execution.cost.limits import LimitExceededError, Measure
from execution.cost.measure import Meter

LEAST_WEIGHT: Final = 500
"""Characters that a document counts for at least: what is kept beside its text is never nothing."""

MERGE_BUDGET: Final = 100_000
"""Comparisons to see whether equal names can be merged; a document of real use needs a few thousand."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MERGE_BUDGET


@dataclass(slots=True)
class Chosen:
    """One operation of a document, what measures it, and the last measure of it that was within the limits."""

    node: OperationDefinitionNode
    meter: Meter
    affordable: Measure | None = None


class Document:
    """A parsed document, its operations as they are asked for, and whether it is known to be valid."""

    def __init__(self, source: str, source_hash: str, schema: GraphQLSchema, node: DocumentNode) -> None:
        self.source = source
        self.hash = source_hash
        self.node = node
        self.fragments = {
            part.name.value: part for part in node.definitions if isinstance(part, FragmentDefinitionNode)
        }
        self.valid = False
        self._schema = schema
        self._chosen: dict[str | None, Chosen] = {}

    def operation(self, name: str | None) -> Chosen | None:
        """The operation that a request means (GraphQL's GetOperation()), or None."""
        known = self._chosen.get(name)
        if known is None:
            node = get_operation_ast(self.node, name)
            if node is None:
                return None
            known = self._chosen[name] = Chosen(node, Meter(node, self.fragments, self._schema))
        return known


class Documents:
    """Parses and validates; a document that was valid once is valid until it falls out of the cache.

    A parsed document takes up to 200 times the memory of its text, so their characters are limited (`remembered`).
    """

    def __init__(self, schema: GraphQLSchema, *, max_tokens: int, max_errors: int, remembered: int) -> None:
        self._schema = schema
        self._max_tokens = max_tokens
        self._max_errors = max_errors
        self.cache: Cache[Document] = Cache(remembered, _weight)

    def parse(self, source: str, source_hash: str) -> Document:
        """The document of a text; raises GRAPHQL_PARSE_FAILED, or the limit of tokens or nesting."""
        known = self.cache.get(source_hash)
        if known is not None:
            return known
        try:
            node = parse(source, max_lexical_tokens=self._max_tokens, max_comments=self._max_tokens)
        except GraphQLSyntaxError as error:
            raise self._refusal(error) from None
        if "\0" in source or "\\u" in source:
            _refuse_null_characters(node)
        return Document(source, source_hash, self._schema, node)

    def validate(self, document: Document, *, suggestions: bool) -> None:
        """Raise GRAPHQL_VALIDATION_FAILED unless the document is valid; remember it when it is."""
        if document.valid:
            return
        errors = validate(self._schema, document.node, max_errors=self._max_errors, hide_suggestions=not suggestions)
        if errors:
            raise RequestError("GRAPHQL_VALIDATION_FAILED", errors)
        document.valid = True
        self.cache.keep(document.hash, document)

    def _refusal(self, error: GraphQLError) -> Exception:
        """The parser stops at its limits with a syntax error; tell those from the others."""
        if "Parsing aborted" not in error.message:
            return RequestError("GRAPHQL_PARSE_FAILED", [error])
        if "nested" in error.message:
            return LimitExceededError("nesting", MAX_NESTING_DEPTH, MAX_NESTING_DEPTH + 1)
        return LimitExceededError("tokens", self._max_tokens, self._max_tokens + 1)


def hash_of(source: str) -> str:
    """The SHA-256 of a text, in hexadecimal: what documents are known by."""
    return sha256(source.encode()).hexdigest()


def _weight(document: Document) -> int:
    return max(len(document.source), LEAST_WEIGHT)


def _refuse_null_characters(node: DocumentNode) -> None:
    token = node.loc.start_token if node.loc else None
    while token is not None:
        if token.kind in {TokenKind.STRING, TokenKind.BLOCK_STRING} and "\0" in (token.value or ""):
            raise BadUserInputError("Text cannot contain the null character.")
        token = token.next
