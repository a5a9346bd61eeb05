"""Every SELECT of exports and their schedules."""

from typing import Any

from sqlalchemy import Select

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.exports.model import ExportJob
from domain.exports.schedule import ExportSchedule
from execution.paging import Key, Listing
from execution.relation import Parents


@requires(Permission.EXPORT_CREATE)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Exports by their ids."""
    return _jobs(grant).where(parents.match(ExportJob.id))


@requires(Permission.EXPORT_CREATE)
def listing(grant: Grant) -> Listing:
    """Exports that the actor sees, newest first."""
    row = ExportJob
    return Listing(_jobs(grant), (Key(row.created_at, descending=True), Key(row.id, descending=True)))


def _jobs(grant: Grant) -> Select[Any]:
    return grant.rows_of(ExportJob).add_columns(binds.NOW.label("now"))


@requires(Permission.EXPORT_SCHEDULE)
def schedules_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Schedules by their ids."""
    return grant.rows_of(ExportSchedule).where(parents.match(ExportSchedule.id))


@requires(Permission.EXPORT_SCHEDULE)
def schedules(grant: Grant) -> Listing:
    """Schedules that the actor sees, newest first."""
    row = ExportSchedule
    return Listing(grant.rows_of(row), (Key(row.created_at, descending=True), Key(row.id, descending=True)))
