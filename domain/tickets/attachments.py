"""Files that come with a ticket or a reply (A11, A12, C14)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from authz.grant import Grant
from domain.errors import ErrorCode, Problems
from domain.support import queries as support
from domain.support.model import AgreementKind
from domain.tickets.model import Attachment, AttachmentScanState, AttachmentState, Ticket

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Files:
    """Uploads that are to be attached, and the version of the privacy agreement that their uploader accepted."""

    ids: tuple[UUID, ...] = ()
    agreement_version: str | None = None


NO_FILES = Files()


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was sent with a message and did not become part of it, and why."""

    file_name: str
    code: ErrorCode
    message: str


async def chosen_files(grant: Grant, files: Files, problems: Problems) -> list[Attachment]:
    """The actor's own uploads, locked; without files no agreement is asked for (A12)."""
    ids = list(dict.fromkeys(files.ids))
    if not ids:
        return []
    if problems.too_many(ids, MOST_FILES, "files", "attachmentIds"):
        return []
    await check_agreement(grant, files.agreement_version, problems)
    mine = grant.select(Attachment).where(Attachment.id.in_(ids), Attachment.uploader_user_id == grant.actor.user_id)
    found = {row.id: row for row in await grant.all(mine.order_by(Attachment.id).with_for_update(of=Attachment))}
    for key in ids:
        _check_file(found.get(key), files.ids.index(key), problems)
    return [found[key] for key in ids if key in found]


def attach(
    grant: Grant, files: Files, chosen: list[Attachment], ticket: Ticket, message_id: UUID | None = None
) -> None:
    """Make the `chosen` uploads part of a ticket, each with the agreement that was accepted for it."""
    for file in chosen:
        file.attach(ticket, files.agreement_version or "", grant.now, message_id)


async def check_agreement(grant: Grant, version: str | None, problems: Problems) -> None:
    """Note where `version` is not that of the privacy agreement that is in force (A12)."""
    current = await grant.rows(_agreement)
    if not current or version != current[0]["version"]:
        message = "Accept the current privacy agreement to send files."
        problems.add(ErrorCode.PRIVACY_AGREEMENT_REQUIRED, message, "privacyAgreementVersion")


def _agreement(grant: Grant) -> Select[Any]:
    return support.current_agreement(grant, AgreementKind.PRIVACY)


def _check_file(file: Attachment | None, index: int, problems: Problems) -> None:
    path = ("attachmentIds", str(index))
    if file is None:
        problems.add(ErrorCode.NOT_FOUND, "There is no upload of yours with this id.", *path)
    elif file.scan_state is AttachmentScanState.INFECTED:
        problems.add(ErrorCode.FILE_QUARANTINED, "The scanner has found malware in this file.", *path)
    elif file.state is not AttachmentState.UPLOADED:
        states = {"from_": file.state.value, "to": AttachmentState.ATTACHED.value, "allowed": []}
        message = "This file is attached already."
        if file.state is AttachmentState.AWAITING_UPLOAD:
            message = "This file has not been uploaded yet."
            states["allowed"] = [AttachmentState.UPLOADED.value]
        problems.add(ErrorCode.INVALID_TRANSITION, message, *path, **states)
