"""Taking in the bytes of an announced file, in as many pieces as the network makes of it (A11).

Each piece is an object of its own; the row names those that count, and of several that begin at the same place only one
ever does. With the last one they become the file, whose kind is told by its content.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from authz.actor import Actor
from authz.errors import NotFoundError
from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.support.media_types import Beginning, WrongTypeError, verified
from domain.support.objects import ObjectStore, StoredObject
from domain.tickets.files import new_key
from domain.tickets.model import Attachment, AttachmentState
from tenancy.database import Database

MOST_PARTS: Final = 1_000
"""Pieces of one file: a client that sends more of them sends too few bytes in each."""


class OffsetError(Exception):
    """A piece does not begin where the last one ended; `expected` is where."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"the next piece begins at {expected}")
        self.expected = expected


class TooManyPartsError(Exception):
    """The file comes in more pieces than are kept."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file has come, in bytes; `media_type` is what was announced, until it has `arrived`."""

    attachment_id: UUID
    media_type: str
    size: int
    received: int
    parts: tuple[str, ...]
    arrived: bool


class Receiver:
    """What one actor sends; every step asks anew whether the file is theirs and still awaited."""

    def __init__(self, database: Database, store: ObjectStore, actor: Actor) -> None:
        self._database = database
        self._store = store
        self._actor = actor

    async def progress(self, attachment_id: UUID) -> Progress:
        """How far a file has come; raises `NotFoundError` for what is not there, or not theirs."""
        async with self._database.writing(self._actor.scope) as session:
            return _progress(await own_upload(Gate(self._actor, session), attachment_id))

    async def receive(self, known: Progress, chunks: AsyncIterator[bytes], *, afresh: bool = False) -> Progress:
        """Take in what follows what is `known` to have come, or all of the file `afresh`; how far it is then.

        Raises `ObjectTooLargeError` for more than was announced, of which nothing is kept, `WrongTypeError` for another
        kind than was announced, of which nothing is kept either, and `OffsetError` where somebody else was faster.
        """
        at = replace(known, received=0, parts=()) if afresh else known
        if len(at.parts) >= MOST_PARTS:
            raise TooManyPartsError
        key, beginning = new_key(at.attachment_id), Beginning(chunks)
        piece = await self._store.put(key, aiter(beginning), at.size - at.received)
        after = replace(at, received=at.received + piece.size, parts=(*at.parts, key))
        try:
            if not piece.size:
                after = known
            elif after.received < at.size:
                await self._note(known, received=after.received, parts=list(after.parts))
            else:
                after = await self._complete(known, after, piece, beginning.head)
        except BaseException:
            await asyncio.shield(self._store.delete(key))
            raise
        await self._store.delete(*({*known.parts, key} - {*after.parts}))
        return after

    async def _complete(self, known: Progress, after: Progress, piece: StoredObject, head: bytes) -> Progress:
        """Make one object of the pieces, and the file of it; the progress names that object alone."""
        whole, key, *others = piece, *after.parts
        if others:
            key, beginning = new_key(after.attachment_id), Beginning(self._joined(after.parts))
            whole, head = await self._store.put(key, aiter(beginning), after.size), beginning.head
        try:
            kind = await self._verified(known, head)
            arrived = {"object_key": key, "sha256": whole.sha256, "media_type": kind, "size": whole.size}
            await self._note(known, **arrived, received=whole.size, parts=[], state=AttachmentState.UPLOADED)
        except BaseException:
            await asyncio.shield(self._store.delete(key))
            raise
        return replace(after, parts=(key,), media_type=kind, arrived=True)

    async def _verified(self, known: Progress, head: bytes) -> str:
        """The kind of the file; where it is not as announced, nothing of it is kept."""
        try:
            return verified(known.media_type, head)
        except WrongTypeError:
            await self._note(known, received=0, parts=[])
            await self._store.delete(*known.parts)
            raise

    async def _joined(self, parts: tuple[str, ...]) -> AsyncIterator[bytes]:
        for key in parts:
            async for chunk in await self._store.get(key):
                yield chunk

    async def _note(self, known: Progress, **values: Any) -> None:
        """Change the row, if it is as it was when the bytes began to come."""
        async with self._database.writing(self._actor.scope) as session:
            row = await own_upload(Gate(self._actor, session), known.attachment_id)
            if row.state is not AttachmentState.AWAITING_UPLOAD or tuple(row.parts) != known.parts:
                raise OffsetError(row.received)
            for name, value in values.items():
                setattr(row, name, value)


@requires(Permission.TICKET_REPLY)
async def own_upload(grant: Grant, attachment_id: UUID) -> Attachment:
    """A file that the actor has announced, locked; raises `NotFoundError` for every other."""
    row = await grant.get(Attachment, attachment_id, lock=True)
    if row.uploader_user_id != grant.actor.user_id:
        raise NotFoundError
    return row


def _progress(row: Attachment) -> Progress:
    arrived = row.state is not AttachmentState.AWAITING_UPLOAD
    received = row.size if arrived else row.received
    return Progress(row.id, row.media_type, row.size, received, tuple(row.parts), arrived)
