"""Uploading files before they are attached to anything (A11, C14)."""

import re
import unicodedata
from uuid import UUID

from sqlalchemy import Update, update

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems
from domain.support.objects import StoredObject
from domain.support.text import composed
from domain.tickets.model import Attachment, AttachmentState

MOST_BYTES = 25 * 1024 * 1024
LONGEST_NAME = 255
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Characters that no file's name needs; some of them (Cf) turn the direction of text, so that it reads as another."""


@requires(Permission.TICKET_REPLY)
async def announce_upload(grant: Grant, file_name: str, media_type: str, size: int) -> UUID:
    """Note a file that the actor is about to upload; nobody else sees it until it is attached."""
    problems = Problems()
    name = _checked_name(file_name, problems)
    kind = media_type.strip().lower()
    if not _MEDIA_TYPE.fullmatch(kind):
        problems.add(ErrorCode.INVALID_TEXT, "This is no media type, such as image/png.", "mediaType")
    if not 1 <= size <= MOST_BYTES:
        message = f"A file has 1 to {MOST_BYTES:,} bytes."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "size", limit=MOST_BYTES, actual=size)
    problems.refuse_if_any()
    file = Attachment(
        tenant_id=grant.actor.tenant_id,
        uploader_user_id=grant.actor.user_id,
        file_name=name,
        media_type=kind,
        size=size,
    )
    grant.add(file)
    await grant.flush()
    return file.id


def object_key(attachment_id: UUID) -> str:
    """Where the bytes of an attachment are kept."""
    return f"attachments/{attachment_id.hex}"


def attachment_of(key: str) -> UUID:
    """The attachment whose bytes are kept there."""
    return UUID(key.removeprefix("attachments/"))


def uploaded(attachment_id: UUID, stored: StoredObject) -> Update:
    """The write that notes what has arrived, once: for the worker's scope, where no actor is at hand."""
    return (
        update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.state == AttachmentState.AWAITING_UPLOAD)
        .values(state=AttachmentState.UPLOADED, size=stored.size, sha256=stored.sha256)
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    )


def _checked_name(given: str, problems: Problems) -> str:
    """A bare file name: no path, no control or direction characters, not only dots."""
    text = composed(given.strip())
    name = text or ""
    if text is None or any(unicodedata.category(c) in _UNSAFE or c in "/\\" for c in name):
        message = "A file's name has neither path separators nor invisible characters."
        problems.add(ErrorCode.INVALID_TEXT, message, "fileName")
    elif not name.strip(". "):
        problems.add(ErrorCode.REQUIRED, "Give the file's name.", "fileName")
    elif len(name) > LONGEST_NAME:
        message = f"The name has {len(name)} characters; at most {LONGEST_NAME} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, "fileName", limit=LONGEST_NAME, actual=len(name))
    return name
