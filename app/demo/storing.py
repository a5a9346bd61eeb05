"""Putting the demo's files where attachments are kept, by a process that does nothing else.

A store has threads of its own, and a process that is forked has none of them: where it was used before, it never
answers again. The server forks its workers after the demo was loaded, so what loads the demo must not use the store.
"""

import asyncio
import base64
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Final

import orjson

from app.errors import SetupError
from domain.support.objects import ObjectExistsError, ObjectStore

COMMAND: Final = (sys.executable, "-P", "-m", "app.demo.storing")
SECONDS: Final = 60.0


async def store_files(objects_url: str, files: Mapping[str, bytes]) -> None:
    """Store the bytes of each key; those that an earlier load left there are the same.

    Raises `SetupError` where they cannot be stored.
    """
    if files:
        await asyncio.to_thread(_by_another, objects_url, files)


def _by_another(objects_url: str, files: Mapping[str, bytes]) -> None:
    given = orjson.dumps({key: base64.b64encode(content).decode() for key, content in files.items()})
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [*COMMAND, objects_url], input=given, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"the store of objects at {objects_url} does not answer") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise SetupError(f"the store of objects at {objects_url} took no file: {said[-1]}")


async def _store(objects_url: str, files: Mapping[str, bytes]) -> None:
    objects = ObjectStore.from_url(objects_url)
    for key, content in files.items():
        with suppress(ObjectExistsError):
            await objects.put(key, _whole(content), len(content))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


if __name__ == "__main__":
    brought = orjson.loads(sys.stdin.buffer.read())
    asyncio.run(_store(sys.argv[1], {key: base64.b64decode(content) for key, content in brought.items()}))
    os._exit(0)  # a thread of the store that comes back as the interpreter ends would abort it
