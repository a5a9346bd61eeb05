"""Files before they are attached to anything: announced, or sent with a request (A11, C14)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.support.file_names import checked_name
from domain.support.media_types import WELL_FORMED, Beginning, WrongTypeError, verified
from domain.support.objects import ObjectStore
from domain.tickets.model import Attachment, AttachmentState

MOST_BYTES: Final = 25 * 1024 * 1024
MOST_UNATTACHED: Final = 50
"""Files that somebody may have lying about: more than any ticket takes, and far less than a disk."""
FOLDER: Final = "attachments"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came with a request: what was said of it, and its bytes."""

    name: str
    media_type: str
    size: int
    chunks: AsyncIterator[bytes]


@requires(Permission.TICKET_REPLY)
async def announce_upload(grant: Grant, file_name: str, media_type: str, size: int) -> UUID:
    """Note a file that the actor is about to upload; nobody else sees it until it is attached."""
    problems = Problems()
    name = checked_name(file_name, problems, "fileName")
    kind = _checked_type(media_type, problems, "mediaType")
    _check_size(size, problems, "size")
    problems.refuse_if_any()
    return await _add(grant, file_name=name, media_type=kind, size=size)


@requires(Permission.TICKET_REPLY)
async def add_file(grant: Grant, store: ObjectStore, file_id: UUID, key: str, sent: Sent) -> UUID:
    """Store a file under this `key`, and note it; whoever refuses the request takes the object away (A11)."""
    problems = Problems()
    name = checked_name(sent.name, problems, "file")
    announced = _checked_type(sent.media_type, problems, "file")
    _check_size(sent.size, problems, "file")
    problems.refuse_if_any()
    beginning = Beginning(sent.chunks)
    stored = await store.put(key, aiter(beginning), MOST_BYTES)
    try:
        kind = verified(announced, beginning.head)
    except WrongTypeError as error:
        refuse(ErrorCode.MEDIA_TYPE_MISMATCH, f"{error}.".capitalize(), "file")
    arrived = {"object_key": key, "sha256": stored.sha256, "state": AttachmentState.UPLOADED}
    sizes = {"size": stored.size, "received": stored.size}
    return await _add(grant, id=file_id, file_name=name, media_type=kind, **sizes, **arrived)


def object_key(attachment_id: UUID) -> str:
    """Where the bytes of an attachment are that has no key of its own."""
    return f"{FOLDER}/{attachment_id.hex}"


def key_of(attachment_id: UUID, own: str | None) -> str:
    """Where the bytes of an attachment are."""
    return own or object_key(attachment_id)


def new_key(attachment_id: UUID) -> str:
    """A key for bytes of an attachment, which nothing else ever has."""
    return f"{object_key(attachment_id)}/{new_id().hex}"


def owner_of(key: str) -> UUID | None:
    """The attachment for which this key was made; None for a key of something else."""
    folder, _, rest = key.partition("/")
    try:
        return UUID(rest.partition("/")[0]) if folder == FOLDER else None
    except ValueError:
        return None


async def _add(grant: Grant, **columns: object) -> UUID:
    mine = grant.select(Attachment, func.count()).where(
        Attachment.ticket_id.is_(None), Attachment.uploader_user_id == binds.USER
    )
    waiting = await grant.first(mine)
    if waiting >= MOST_UNATTACHED:
        message = f"You have {waiting} files that are attached to nothing; at most {MOST_UNATTACHED} are allowed."
        refuse(ErrorCode.LIMIT_EXCEEDED, message, limit=MOST_UNATTACHED, actual=waiting)
    file = Attachment(tenant_id=grant.actor.tenant_id, uploader_user_id=grant.actor.user_id, **columns)
    grant.add(file)
    await grant.flush()
    return file.id


def _checked_type(given: str, problems: Problems, *path: str) -> str:
    kind = given.strip().lower()
    if not WELL_FORMED.fullmatch(kind):
        problems.add(ErrorCode.INVALID_TEXT, "This is no media type, such as image/png.", *path)
    return kind


def _check_size(size: int, problems: Problems, *path: str) -> None:
    if not 1 <= size <= MOST_BYTES:
        message = f"A file has 1 to {MOST_BYTES:,} bytes."
        problems.add(ErrorCode.OUT_OF_RANGE, message, *path, limit=MOST_BYTES, actual=size)
