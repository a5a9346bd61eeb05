"""Files that a customer's owner asked for, each over: whatever was still to be made would be made."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

from app.demo.world import DAY, Customer, World
from authz.powers import PrincipalKind
from domain.errors import ErrorCode
from domain.exports.model import KEPT, ExportFormat, ExportJob, ExportKind, ExportStatus
from domain.exports.recurrence import ExportFrequency, Recurrence
from domain.exports.running import folder_of
from domain.exports.schedule import ExportSchedule
from domain.exports.wanted import COLUMNS, Wanted
from domain.tickets.criteria import TicketCriteria
from domain.tickets.states import TicketStatus

_AWAITED: Final = Wanted(criteria=TicketCriteria(statuses=(TicketStatus.AWAITING_REPLY,), open_only=True, search="DNS"))
_GONE: Final = "Its owner may not export tickets here any more."
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


def schedule_some(world: World, customer: Customer) -> None:
    """What comes round each Monday, on the first of the month, and what came round each day until it stopped."""
    stopped = {"stopped_at": world.now - DAY, "stop_code": ErrorCode.FORBIDDEN.value, "stop_message": _GONE}
    _come_round(world, customer, Recurrence(ExportFrequency.WEEKLY, 390, "Europe/London", weekday=0))
    _come_round(world, customer, Recurrence(ExportFrequency.MONTHLY, 420, "Europe/London", day_of_month=1))
    _come_round(world, customer, Recurrence(ExportFrequency.DAILY, 1080, "Europe/London"), **stopped)


def _come_round(world: World, customer: Customer, when: Recurrence, **values: Any) -> None:
    person, made = customer.owner, world.now - 60 * DAY
    kind = list(ExportFormat)[list(ExportFrequency).index(when.frequency)]
    world.batch.add(
        ExportSchedule,
        id=customer.ids(),
        tenant_id=customer.tenant_id,
        kind=ExportKind.TICKETS,
        format=kind,
        wanted=_AWAITED.stored(),
        actor_kind=PrincipalKind.USER,
        user_id=person.id,
        actor_name=person.name,
        created_at=made,
        updated_at=made,
        **asdict(when),
        next_run_at=None if values else when.next_after(world.now),
        **values,
    )


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
