"""Whether registered documents fit the schema, told before anybody is served."""

from pathlib import Path

from app.errors import SetupError
from app.http.documents import Documents
from app.http.errors import RequestError
from app.http.manifest import Manifest
from app.settings import Settings
from execution.errors import PublicError


def check(path: Path, settings: Settings) -> int:
    """The number of documents in a manifest; raises `SetupError` with all of those that could not run."""
    from schema.build import build  # noqa: PLC0415 - it takes a second, and most starts have no manifest

    manifest = Manifest.read(path)
    documents = Documents(
        build()._schema,  # noqa: SLF001 - graphql-core's schema, which Strawberry keeps for itself
        max_tokens=settings.max_tokens,
        max_errors=1,
        remembered=0,
    )
    problems = [
        f"{path}: {name}: {problem}"
        for name, source_hash in manifest.listed.items()
        if (problem := _problem(documents, manifest.texts[source_hash], source_hash))
    ]
    if problems:
        raise SetupError("\n".join(problems))
    return len(manifest.texts)


def _problem(documents: Documents, source: str, source_hash: str) -> str | None:
    """What is wrong with a document, the first of it."""
    try:
        documents.validate(documents.parse(source, source_hash), suggestions=True)
    except RequestError as error:
        return error.errors[0].message
    except PublicError as error:
        return error.message
    return None
