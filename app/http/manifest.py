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
    """Texts by their SHA-256, and which of them each identifier means; every text's hash is one."""

    texts: Mapping[str, str]
    ids: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; raises `SetupError` where it is no manifest, or where an identifier is not its text's hash."""
        try:
            listed = _listed(orjson.loads(path.read_bytes()))
        except OSError as error:
            raise SetupError(f"{path}: {error.strerror}") from error
        except (orjson.JSONDecodeError, TypeError, KeyError) as error:
            raise SetupError(f"{path} is no manifest of documents: {_FORMATS}") from error
        for name, text in listed.items():
            _verify(path, name, text)
        hashes = {name: hash_of(text) for name, text in listed.items()}
        texts = {hashes[name]: text for name, text in listed.items()}
        return cls(texts, hashes | {each: each for each in texts})

    def hash_of(self, name: str) -> str | None:
        """The SHA-256 of the document that an identifier means, or None."""
        return self.ids.get(name.removeprefix(PREFIX))


_FORMATS: Final = (
    "it holds either the `operations` of generate-persisted-query-manifest, or the texts of documents by their hashes"
)


def _listed(value: Any) -> dict[str, str]:
    """The texts by their identifiers: Apollo lists operations, GraphQL Code Generator and Relay have a plain object."""
    if not isinstance(value, dict):
        raise TypeError
    if isinstance(value.get("operations"), list):
        pairs = [(operation["id"], operation["body"]) for operation in value["operations"]]
    else:
        pairs = list(value.items())
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise TypeError
    return {name.removeprefix(PREFIX): text for name, text in pairs}


def _verify(path: Path, name: str, text: str) -> None:
    data = text.encode()
    weak = (digest(data, usedforsecurity=False).hexdigest() for digest in (sha1, md5))
    if name != hash_of(text) and name not in weak:
        raise SetupError(f"{path}: {name} is not the SHA-256, SHA-1 or MD5 of its document")
