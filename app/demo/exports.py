"""Files that a customer's owner asked for, each over: whatever was still to be made would be made."""

from hashlib import sha256
from typing import Any, Final

from app.demo.world import DAY, Customer, World
from authz.powers import PrincipalKind
from domain.errors import ErrorCode
from domain.exports.model import KEPT, ExportFormat, ExportJob, ExportKind, ExportStatus
from domain.exports.running import folder_of
from domain.exports.wanted import COLUMNS, Wanted
from domain.tickets.criteria import TicketCriteria
from domain.tickets.states import TicketStatus

_AWAITED: Final = Wanted(criteria=TicketCriteria(statuses=(TicketStatus.AWAITING_REPLY,), open_only=True, search="DNS"))
_NOTHING: Final = f"\ufeff{','.join(COLUMNS)}\r\n".encode()
"""A file of no rows: whose rows are whoever's, the demo need not know."""


def export_some(world: World, customer: Customer) -> None:
    """One whose file is there, one whose file was there, and one of too many tickets."""
    key = customer.ids()
    place = f"{folder_of(key)}/{key.hex}"
    world.files[place] = _NOTHING
    there = {"size": len(_NOTHING), "sha256": sha256(_NOTHING).hexdigest(), "row_count": 0}
    _add(world, customer, 1, ExportFormat.CSV, id=key, object_key=place, ticket_ids=[], **there)
    _add(world, customer, 20, ExportFormat.XLSX, id=customer.ids(), size=7_412, sha256="0" * 64, row_count=43)
    failure = {"failure_code": ErrorCode.LIMIT_EXCEEDED.value, "failure_message": "These are more than 50,000 tickets."}
    _add(world, customer, 40, ExportFormat.JSON, id=customer.ids(), **failure)


def _add(world: World, customer: Customer, days: int, kind: ExportFormat, **values: Any) -> None:
    at, person, made = world.now - days * DAY, customer.owner, "size" in values
    world.batch.add(
        ExportJob,
        tenant_id=customer.tenant_id,
        kind=ExportKind.TICKETS,
        format=kind,
        status=ExportStatus.READY if made else ExportStatus.FAILED,
        wanted=_AWAITED.stored(),
        file_name=f"tickets-{at:%Y-%m-%d}.{kind.value.lower()}",
        attempts=1,
        actor_kind=PrincipalKind.USER,
        user_id=person.id,
        actor_name=person.name,
        created_at=at,
        updated_at=at,
        started_at=at,
        ended_at=at,
        expires_at=at + KEPT if made else None,
        **values,
    )
