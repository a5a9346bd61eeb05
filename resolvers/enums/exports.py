"""The enums of exports."""

from domain.exports.model import ExportFormat, ExportKind, ExportStatus
from domain.exports.recurrence import ExportFrequency
from resolvers.enums.describe import describe

__all__ = ["ExportFormat", "ExportFrequency", "ExportKind", "ExportStatus"]

describe(ExportKind, "What is exported.", TICKETS="A list of tickets.")
describe(
    ExportFormat,
    "What kind of file an export becomes; its columns are fields of `Ticket`.",
    CSV="Comma-separated values in UTF-8 (RFC 4180). What a spreadsheet would take for a formula begins with an "
    "apostrophe.",
    XLSX="A sheet for Excel and its like, with numbers, dates in UTC, and text that is never run.",
    JSON="An array of objects, as GraphQL would answer.",
)
describe(
    ExportStatus,
    "How far an export has come.",
    QUEUED="It waits to be begun.",
    RUNNING="Its file is being made.",
    READY="Its file is there.",
    FAILED="There will be no file; `failure` says why.",
    EXPIRED="Its file was there for its time, and is no more: export anew.",
)
describe(
    ExportFrequency,
    "How often an export comes round.",
    DAILY="Each day.",
    WEEKLY="Each week, on a `weekday`.",
    MONTHLY="Each month, on a `dayOfMonth`; a month that is shorter has it on its last day.",
)
