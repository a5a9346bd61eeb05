"""Handing out the file of an export: to who asked for it, seeing each of its rows at that instant (spec 3, 16)."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from authz.errors import ForbiddenError, NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.exports.commands import AUDITED
from domain.exports.model import ExportJob, ExportStatus
from domain.exports.writing import MEDIA_TYPES
from domain.records.commands import audit
from domain.tickets.downloads import File
from domain.tickets.model import Ticket

OUTDATED: Final = "There are tickets in this file that you may not see, or not any more: export anew."


@requires(Permission.EXPORT_CREATE)
async def export_file_for(grant: Grant, job_id: UUID) -> File:
    """The actor's file, if it is there; raises `NotFoundError`, or `ForbiddenError` for one that shows too much by now.

    Each of its tickets is looked at again, by the predicate that decides lists: a role, a relationship or a group that
    has changed since counts. Administrators see who exports, but have no file of others: if it were theirs as far as
    they see all of it, it would tell them whether there is something that they do not see.
    """
    job = await grant.get(ExportJob, job_id)
    own = job.user_id == grant.actor.user_id
    if not own or job.state(grant.now) is not ExportStatus.READY or not (job.object_key and job.sha256):
        raise NotFoundError
    if not await _sees_all(grant, job):
        raise ForbiddenError(OUTDATED)
    audit(grant, "export_job.download", AUDITED, job.id, after={"file_name": job.file_name})
    return File(job.object_key, job.file_name, MEDIA_TYPES[job.format], job.size or 0, job.sha256)


async def _sees_all(grant: Grant, job: ExportJob) -> bool:
    inside = select(func.unnest(ExportJob.ticket_ids)).where(ExportJob.id == job.id)
    seen: int = await grant.first(grant.select(Ticket, func.count()).where(Ticket.id.in_(inside)))
    return seen == job.row_count
