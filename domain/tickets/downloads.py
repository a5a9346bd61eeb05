"""Handing out the bytes of a file: to whom, and whether at all (spec 3, 12)."""

from dataclasses import dataclass
from uuid import UUID

from authz.errors import NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.records.commands import audit
from domain.tickets.files import key_of
from domain.tickets.model import Attachment, AttachmentScanState


@dataclass(frozen=True, slots=True)
class File:
    """Where the bytes are, and what is told of them."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str


@requires(Permission.TICKET_READ)
async def file_for(grant: Grant, attachment_id: UUID, *, scanned: bool) -> File:
    """The file, if the actor sees it at this instant and it may be handed out; raises `NotFoundError`.

    `scanned` tells that there is a scanner. What a temporary support account takes with it is noted (A32).
    """
    row = await grant.get(Attachment, attachment_id)
    if row.sha256 is None or not is_harmless(row.scan_state, scanned=scanned):
        raise NotFoundError
    if grant.actor.principal is PrincipalKind.TEMPORARY_SUPPORT:
        audit(grant, "temporary_account.download", "attachment", row.id, row.tenant_id)
    return File(key_of(row.id, row.object_key), row.file_name, row.media_type, row.size, row.sha256)


def is_harmless(state: AttachmentScanState, *, scanned: bool) -> bool:
    """Where there is a scanner, what it has found clean; else whatever none has found infected before."""
    return state is AttachmentScanState.CLEAN if scanned else state is not AttachmentScanState.INFECTED
