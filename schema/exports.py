"""Exports as clients see them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.exports import queries
from domain.exports.model import state_of
from domain.support.permits import Purpose
from resolvers.context import Info
from resolvers.enums.errors import ErrorCode
from resolvers.enums.exports import ExportFormat, ExportKind, ExportStatus
from schema.addresses import address_of
from schema.errors import MutationPayload
from schema.fields import computed, global_id, one, plain
from schema.relay import Node

STATUS_COLUMNS = ("status", "expires_at", "now")


@strawberry.type(description="Where the file of an export comes from, with GET.")
class ExportDownload:
    """Made by `ExportJob.download`."""

    url: str = plain(
        "The address: signed, for you and this file alone; where it is relative, of this server. It gives the file as "
        "long as you may see every ticket that is in it."
    )
    expires_at: datetime = plain("Until when the address is good.")


@strawberry.type(description="Why an export came to nothing.")
class ExportFailure:
    """Made of `domain.exports.model.ExportJob`."""

    code: ErrorCode = plain(
        "Why, for programs: `FORBIDDEN` where who asked for it may not export any more, `LIMIT_EXCEEDED` …"
    )
    message: str = plain("Why, in a sentence.")


def _status(root: Any) -> ExportStatus:
    return state_of(root["status"], root["expires_at"], root["now"])


def _requested_by(root: Any) -> str:
    return str(root["actor_name"])


def _failure(root: Any) -> ExportFailure | None:
    if root["failure_code"] is None:
        return None
    return {  # type: ignore[return-value]  # rows are dictionaries
        "code": ErrorCode(root["failure_code"]),
        "message": root["failure_message"],
    }


def _is_own(root: Any, info: Info) -> bool:
    """Whose file it is: what is known of it tells of tickets that others of the organisation may not see."""
    return bool(root["user_id"] == info.context.actor.user_id)


def _row_count(root: Any, info: Info) -> int | None:
    return root["row_count"] if _is_own(root, info) else None


def _size(root: Any, info: Info) -> int | None:
    return root["size"] if _is_own(root, info) else None


def _sha256(root: Any, info: Info) -> str | None:
    return root["sha256"] if _is_own(root, info) else None


def _download(root: Any, info: Info) -> ExportDownload | None:
    if _status(root) is not ExportStatus.READY or not _is_own(root, info):
        return None
    return address_of(Purpose.EXPORT, root["id"], info)  # type: ignore[return-value]  # rows are dictionaries


@strawberry.type(description="A file that somebody asked for: a job, which goes on while nobody looks.")
class ExportJob(Node):
    """Rows of `domain.exports.queries.by_ids`."""

    id: strawberry.ID = global_id("export")
    kind: ExportKind = plain("What is exported.")
    format: ExportFormat = plain("What kind of file it becomes.")
    status: ExportStatus = computed(_status, needs=STATUS_COLUMNS, description="How far it has come.")
    file_name: str = plain("What the file is called.")
    requested_by: str = computed(
        _requested_by, needs=("actor_name",), description="The name of the person or the machine that asked for it."
    )
    row_count: int | None = computed(
        _row_count,
        needs=("user_id", "row_count"),
        description="How many tickets are in the file; null until it is there, and of somebody else's.",
    )
    size: int | None = computed(
        _size, needs=("user_id", "size"), description="Bytes; null until the file is there, and of somebody else's."
    )
    sha256: str | None = computed(
        _sha256,
        needs=("user_id", "sha256"),
        description="SHA-256 of the file in hexadecimal digits; null until it is there, and of somebody else's.",
    )
    failure: ExportFailure | None = computed(
        _failure, needs=("failure_code", "failure_message"), description="Why there is no file; null for all else."
    )
    created_at: datetime = plain("When it was asked for.")
    started_at: datetime | None = plain("When its file was first begun; null until then.")
    ended_at: datetime | None = plain("When it was over; null until then.")
    expires_at: datetime | None = plain("From when on there is no file any more: 7 days after it was made.")
    download: ExportDownload | None = computed(
        _download,
        needs=("id", "user_id", *STATUS_COLUMNS),
        description="Where the file comes from, for who asked for it; null until it is there, and once it has expired.",
    )


@strawberry.type(description="What `ticketExportCreate` answers with.")
class TicketExportCreatePayload(MutationPayload):
    """Spec 3, 16."""

    export_job: ExportJob | None = one(
        queries.by_ids, key="export_job_id", description="The export; null if nothing happened."
    )
