"""Asking for a file (spec 3, 16)."""

from dataclasses import fields, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import TenantOwned
from domain.customers.criteria import LONGEST_SEARCH
from domain.errors import ErrorCode, Problems, refuse
from domain.exports.model import UNFINISHED, ExportFormat, ExportJob, ExportKind
from domain.exports.wanted import Wanted, exported
from domain.records.commands import audit
from domain.records.turns import take_turn
from domain.support.file_names import checked_name
from domain.support.text import check_text
from domain.tenants.asking import asked_by
from domain.tickets.criteria import EVERYTHING
from execution.errors import PublicError

MOST_UNFINISHED: Final = 5
"""Exports of one principal that may wait or run."""
MOST_OF_TENANT: Final = 20
"""Those of everybody who acts in a tenant."""
MOST_KEPT: Final = 100
"""Exports of one principal that are not over yet, or whose files are still there."""
AUDITED: Final = "export_job"


@requires(Permission.EXPORT_CREATE)
async def request_export(
    grant: Grant, kind: ExportFormat, wanted: Wanted, file_name: str | None, problems: Problems
) -> UUID:
    """Note what is wanted; a worker makes the file of it, whether or not the actor stays.

    `problems` are those of the form so far.
    """
    name = named(kind, None if file_name is None else checked_name(file_name, problems, "fileName"), grant.now)
    check_wanted(grant, wanted, problems)
    problems.refuse_if_any()
    await _check_number(grant)
    row = ExportJob.row(
        **asked_by(grant.actor),
        kind=ExportKind.TICKETS,
        format=kind,
        wanted=wanted.stored(),
        file_name=name,
        created_at=grant.now,
    )
    grant.write(ExportJob, row)
    noted = {"format": kind.value, "wanted": row["wanted"], "file_name": name}
    audit(grant, "export_job.create", AUDITED, row["id"], after=noted)
    key: UUID = row["id"]
    return key


def named(kind: ExportFormat, given: str | None, at: datetime) -> str:
    """What a file is called: it ends as files of its kind do; after its day where no name was given."""
    suffix = f".{kind.value.lower()}"
    name = f"tickets-{at:%Y-%m-%d}" if given is None else given
    return name if PurePath(name).suffix.lower() == suffix else name + suffix


def check_wanted(grant: Grant, wanted: Wanted, problems: Problems) -> None:
    """A condition at a time, as each may be one that no list takes; raises where the actor may read no tickets."""
    exported(Gate(grant.powers), replace(wanted, criteria=EVERYTHING))
    search = wanted.criteria.search
    check_text(search, problems, "search", most=LONGEST_SEARCH, lines=True)
    for condition in fields(wanted.criteria):
        if condition.name == "search" and len(search) > LONGEST_SEARCH:
            continue
        given = replace(EVERYTHING, **{condition.name: getattr(wanted.criteria, condition.name)})
        try:
            exported(Gate(grant.powers), replace(wanted, criteria=given))
        except PublicError as error:
            argument = str(error.extensions["argument"])
            within = (argument,) if argument == "search" else ("filter", argument)
            problems.add(ErrorCode(error.code), error.message, *within)


async def _check_number(grant: Grant) -> None:
    row, actor = ExportJob, grant.actor
    await take_turn(grant, AUDITED, actor.tenant_id)
    own, waiting = row.user_id == actor.user_id, row.status.in_(UNFINISHED)
    _refuse_over(MOST_OF_TENANT, await number_of(grant, row, waiting), "exports of your organisation are not over")
    _refuse_over(MOST_UNFINISHED, await number_of(grant, row, own, waiting), "exports of yours are not over")
    there = waiting | (row.expires_at > grant.now)
    _refuse_over(MOST_KEPT, await number_of(grant, row, own, there), "exports of yours are kept")


async def number_of(grant: Grant, row: type[TenantOwned], *conditions: ColumnElement[bool]) -> int:
    """How many there are in the tenant, whoever of it may see them."""
    counted = select(func.count()).select_from(row).where(row.tenant_id == grant.actor.tenant_id)
    number: Any = (await grant.run(counted.where(*conditions))).scalar_one()
    return int(number)


def _refuse_over(limit: int, number: int, what: str) -> None:
    if number >= limit:
        message = f"{number} {what}; at most {limit} are allowed at once."
        refuse(ErrorCode.LIMIT_EXCEEDED, message, limit=limit, actual=number)
