"""Where the document of a request comes from: its text, or what was registered under an identifier."""

from dataclasses import dataclass
from typing import Protocol

from app.http.documents import Document, Documents, hash_of
from app.http.errors import (
    DocumentNotTrustedError,
    HttpError,
    PersistedQueryMismatchError,
    PersistedQueryNotFoundError,
)
from app.http.manifest import Manifest
from app.http.parameters import Parameters


@dataclass(slots=True)
class Lookups:
    """How often an identifier was known, and how often not."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0

    def count(self, *, found: bool) -> None:
        """Count one."""
        self.hits += found
        self.misses += not found


class Source(Protocol):
    """Gives the document of a request, or refuses it."""

    lookups: Lookups

    def document(self, sent: Parameters) -> Document:
        """The document, parsed."""


class PersistedQueries:
    """Any document; one that was valid can be asked for by its hash alone until the cache drops it.

    This is what the links of Apollo and urql speak as automatic persisted queries.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.lookups = Lookups()

    def document(self, sent: Parameters) -> Document:
        """The document of the text, whose hash is verified where one is sent, or of the hash."""
        if sent.query is None:
            return self._known(sent.persisted_hash)
        found = hash_of(sent.query)
        if sent.persisted_hash not in {None, found}:
            raise PersistedQueryMismatchError("The query does not have the sha256Hash that is sent with it.")
        return self._documents.parse(sent.query, found)

    def _known(self, persisted_hash: str | None) -> Document:
        if persisted_hash is None:
            raise HttpError("The parameter query is missing.")
        found = self._documents.cache.get(persisted_hash)
        self.lookups.count(found=found is not None)
        if found is None:
            raise PersistedQueryNotFoundError
        return found


class TrustedDocuments:
    """The documents of a manifest and no others; the rest is refused before it is parsed."""

    def __init__(self, documents: Documents, manifest: Manifest) -> None:
        self._documents = documents
        self._manifest = manifest
        self.lookups = Lookups()

    def document(self, sent: Parameters) -> Document:
        """The one document that text, hash and identifier name, as far as they are sent."""
        text_hash = None if sent.query is None else hash_of(sent.query)
        named = {name for name in (text_hash, sent.persisted_hash, sent.document_id) if name is not None}
        if not named:
            raise HttpError("The request names no document: send documentId, or extensions.persistedQuery.")
        found = {self._manifest.hash_of(name) for name in named}
        source_hash = found.pop() if len(found) == 1 else None
        self.lookups.count(found=source_hash is not None)
        if source_hash is None:
            raise DocumentNotTrustedError("Only registered documents run here, and this is none of them.")
        return self._documents.parse(self._manifest.texts[source_hash], source_hash)
