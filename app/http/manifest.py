"""Manifests of trusted documents, as the build tools of clients write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5, sha1
from pathlib import Path
from typing import Any, Final, Self

import orjson

from app.errors import SetupError
from app.http.documents import hash_of

PREFIX: Final = "sha256:"
"""May stand before a hash (GraphQL over HTTP, appendix A)."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Registered documents: their texts by SHA-256, and the SHA-256 of each by the identifier that is listed."""

    texts: Mapping[str, str]
    listed: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; raises `SetupError` where it is no manifest, or an identifier is no hash of its document."""
        try:
            documents = _documents(orjson.loads(path.read_bytes()))
        except OSError as error:
            raise SetupError(f"{path}: {error.strerror}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise SetupError(
                f"{path} is no manifest of documents: give that of generate-persisted-query-manifest, "
                "or an object that has texts by their hashes"
            ) from error
        for name, text in documents.items():
            if name not in _hashes(text):
                raise SetupError(f"{path}: {name} is not the SHA-256, SHA-1 or MD5 of its document")
        hashes = {name: hash_of(text) for name, text in documents.items()}
        return cls({hashes[name]: text for name, text in documents.items()}, hashes)

    def hash_of(self, name: str) -> str | None:
        """The SHA-256 of the document that an identifier means, or None; each means itself as well."""
        bare = name.removeprefix(PREFIX)
        return bare if bare in self.texts else self.listed.get(bare)


def _documents(value: Any) -> dict[str, str]:
    """The texts by their identifiers: Apollo lists operations, GraphQL Code Generator and Relay write an object."""
    if not isinstance(value, dict):
        raise TypeError("a manifest is an object")
    if isinstance(value.get("operations"), list):
        value = {operation["id"]: operation["body"] for operation in value["operations"]}
    if not all(isinstance(part, str) for pair in value.items() for part in pair):
        raise TypeError("identifiers and documents are strings")
    return {name.removeprefix(PREFIX): text for name, text in value.items()}


def _hashes(text: str) -> tuple[str, ...]:
    """What tools call a document: Apollo by its SHA-256, GraphQL Code Generator by SHA-1 too, Relay by MD5."""
    weak = (digest(text.encode(), usedforsecurity=False).hexdigest() for digest in (sha1, md5))
    return hash_of(text), *weak
