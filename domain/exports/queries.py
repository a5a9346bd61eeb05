"""Every SELECT of exports."""

from typing import Any

from sqlalchemy import Select

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.exports.model import ExportJob
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
