"""Files of tickets: rows, and the bytes that they stand for."""

from hashlib import sha256
from uuid import UUID

from app.demo.world import Customer, World
from domain.support import reference
from domain.support.model import AgreementKind
from domain.tickets.files import object_key
from domain.tickets.model import Attachment, AttachmentScanState, AttachmentState
from domain.tickets.uploads import QUARANTINE

_LOG = b"02:00:11 job started\n02:14:53 mailbox 118 of 240: timeout\n02:14:54 job ended\n"
_PRIVACY = next(version for kind, version, _ in reference.AGREEMENTS if kind is AgreementKind.PRIVACY)


def attach(world: World, customer: Customer, ticket_ids: list[UUID]) -> None:
    """A file on each of three tickets, as a scanner may see them; one uploaded, one only announced (A11, A12)."""
    for ticket_id, scanned in zip(ticket_ids, AttachmentScanState, strict=True):
        _add(world, customer, "backup.log", AttachmentState.ATTACHED, ticket_id, scanned)
    _add(world, customer, "second run.log", AttachmentState.UPLOADED)
    _add(world, customer, "screenshot.txt", AttachmentState.AWAITING_UPLOAD)


def _add(
    world: World,
    customer: Customer,
    name: str,
    state: AttachmentState,
    ticket_id: UUID | None = None,
    scanned: AttachmentScanState = AttachmentScanState.UNSCANNED,
) -> None:
    key, uploaded, attached = customer.ids(), state is not AttachmentState.AWAITING_UPLOAD, ticket_id is not None
    infected = scanned is AttachmentScanState.INFECTED
    place = f"{QUARANTINE}/{object_key(key)}" if infected else object_key(key)
    if uploaded:
        world.files[place] = _LOG
    world.batch.add(
        Attachment,
        id=key,
        tenant_id=customer.tenant_id,
        managing_partner_id=customer.managed_by,
        ticket_id=ticket_id,
        uploader_user_id=customer.owner.id,
        file_name=name,
        media_type="text/plain",
        size=len(_LOG),
        sha256=sha256(_LOG).hexdigest() if uploaded else None,
        state=state,
        object_key=place if uploaded else None,
        received=len(_LOG) if uploaded else 0,
        scan_state=scanned,
        scanned_at=None if scanned is AttachmentScanState.UNSCANNED else world.now,
        threat="Eicar-Signature" if infected else None,
        privacy_agreement_version=_PRIVACY if attached else None,
        accepted_at=world.now if attached else None,
    )
