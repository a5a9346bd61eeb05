"""Documents: parsed and validated once, remembered by their text."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, TokenKind, parse, validate
from graphql.language.parser import MAX_NESTING_DEPTH
from graphql.validation.rules import overlapping_fields_can_be_merged

from app.http.errors import BadUserInputError, RequestError
from execution.limits import LimitExceededError

CACHED_TEXT: Final = 64 * 1024
"""Longer documents, in characters, are parsed anew each time: the cache stays small."""

MERGE_BUDGET: Final = 100_000
"""Comparisons to see whether equal names can be merged; a document of real use needs a few thousand."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MERGE_BUDGET


@dataclass(slots=True)
class Document:
    """A parsed document, and whether it is known to be valid."""

    source: str
    node: DocumentNode
    valid: bool = False


class Documents:
    """Parses and validates; a document that was valid once is valid until it falls out of the cache."""

    def __init__(self, schema: GraphQLSchema, *, max_tokens: int, max_errors: int, remembered: int) -> None:
        self._schema = schema
        self._max_tokens = max_tokens
        self._max_errors = max_errors
        self._remembered = remembered
        self._cache: OrderedDict[str, Document] = OrderedDict()

    def parse(self, source: str) -> Document:
        """The document of a text; raises GRAPHQL_PARSE_FAILED, or the limit of tokens or nesting."""
        known = self._cache.get(source)
        if known is not None:
            self._cache.move_to_end(source)
            return known
        try:
            node = parse(source, max_lexical_tokens=self._max_tokens, max_comments=self._max_tokens)
        except GraphQLSyntaxError as error:
            raise self._refusal(error) from None
        if "\0" in source or "\\u" in source:
            _refuse_null_characters(node)
        return Document(source, node)

    def validate(self, document: Document, *, suggestions: bool) -> None:
        """Raise GRAPHQL_VALIDATION_FAILED unless the document is valid; remember it when it is."""
        if document.valid:
            return
        errors = validate(self._schema, document.node, max_errors=self._max_errors, hide_suggestions=not suggestions)
        if errors:
            raise RequestError("GRAPHQL_VALIDATION_FAILED", errors)
        document.valid = True
        if len(document.source) <= CACHED_TEXT:
            self._remember(document)

    def _remember(self, document: Document) -> None:
        self._cache[document.source] = document
        if len(self._cache) > self._remembered:
            self._cache.popitem(last=False)

    def _refusal(self, error: GraphQLError) -> Exception:
        """The parser stops at its limits with a syntax error; tell those from the others."""
        if "Parsing aborted" not in error.message:
            return RequestError("GRAPHQL_PARSE_FAILED", [error])
        if "nested" in error.message:
            return LimitExceededError("nesting", MAX_NESTING_DEPTH, MAX_NESTING_DEPTH + 1)
        return LimitExceededError("tokens", self._max_tokens, self._max_tokens + 1)


def _refuse_null_characters(node: DocumentNode) -> None:
    token = node.loc.start_token if node.loc else None
    while token is not None:
        if token.kind in {TokenKind.STRING, TokenKind.BLOCK_STRING} and "\0" in (token.value or ""):
            raise BadUserInputError("Text cannot contain the null character.")
        token = token.next
