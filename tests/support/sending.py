"""Requests that bring files, as the GraphQL multipart request specification has them."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from execution.upload import Upload


class File(Upload):
    """A file to be sent: a variable of `Client.query`, and of an executor that is asked without HTTP."""

    def __init__(self, content: bytes = b"a log", name: str = "night.log", kind: str = "text/plain") -> None:
        super().__init__(name, kind, len(content), BytesIO(content))
        self.content = content


def found(value: Any, path: str = "variables") -> Iterator[tuple[str, File]]:
    """The files among variables, by their paths."""
    if isinstance(value, File):
        yield path, value
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from found(inner, f"{path}.{key}")


def multipart(body: dict[str, Any]) -> dict[str, Any]:
    """What httpx sends: `operations`, `map` and the files of the body's variables."""
    files = dict(enumerate(found(body["variables"])))
    operations = json.dumps(body, default=lambda _file: None)
    places = json.dumps({str(number): [path] for number, (path, _) in files.items()})
    parts = {str(number): (file.file_name, file.content, file.media_type) for number, (_, file) in files.items()}
    return {"data": {"operations": operations, "map": places}, "files": parts}
