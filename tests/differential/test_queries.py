"""Whatever is asked, production answers as graphql-core does: generated queries, the same ones at every run.

`DIFFERENTIAL_QUERIES` says how many, 3,000 by default, shared among the roles. A difference is told with the smallest
query that shows it. What the answers of all of them reached is asserted, too: it cannot pass for want of answers.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest
from graphql import GraphQLInterfaceType
from structlog.testing import capture_logs

from app.locks import FileLock
from tests.differential.compare import difference, error_codes
from tests.differential.coverage import FEATURES, Coverage, reachable
from tests.differential.queries import Query, query
from tests.differential.roles import ROLES, Asker, Roles
from tests.differential.shrink import smallest
from tests.support.oracle import Sides
from tests.support.schema import SCHEMA

QUERIES: Final = int(os.environ.get("DIFFERENTIAL_QUERIES", "3000"))
ENOUGH: Final = 2000
"""How many queries reach everything."""
CHUNK: Final = 50
NEVER_ANSWERED: Final = {
    "Attachment.upload",
    "AttachmentUpload.url",
    "AttachmentUpload.expiresAt",
    "AttachmentUpload.received",
}
"""There only for somebody who is about to upload a file: asked of `attachmentUploadCreate`."""
NULL_IN_THE_DEMO: Final = {
    *("Ticket.followUpOf", "Ticket.mergedInto", "Ticket.rating", "TicketEvent.relatedTicket"),
    *("TicketMessage.refusedFiles", "TicketBulkChange.closureCode", "TicketBulkChange.severity"),
    *("WebhookEndpoint.failingSince", "WebhookEndpoint.previousSecretUntil", "NotificationPreferences.quietHours"),
    *("SlaPolicy.planName", "TicketAppointmentConnection.edges", "TicketAppointmentConnection.nodes"),
    "ExportSchedule.stop",
}
"""What has not happened to anything of the demo's: `test_mutations.py` and the suite's operations have some of it."""
NOT_IN_THE_DEMO: Final = {
    *("MailDelivery", "MailDeliveryEdge", "MailDeliveryConnection", "InboundMail", "InboundMailEdge"),
    *("InboundMailConnection", "OpeningHours", "QuietHours", "RefusedFile", "TicketRating"),
    *("AppointmentSlot", "TicketAppointment", "TicketAppointmentEdge", "ExportScheduleStop"),
    *(kind.name for kind in SCHEMA.get_possible_types(cast("GraphQLInterfaceType", SCHEMA.type_map["UserError"]))),
}
"""Types: the demo's server has sent and got no mail yet, nobody works on its holidays, has rated anything, arranged to
meet, or wants quiet, and no schedule has stopped. Why a mutation was refused stands in payloads, which
`test_mutations.py` compares."""
REFUSALS: Final = {
    "NOT_FOUND": 0.05,
    "FORBIDDEN": 0.03,
    "OUT_OF_RANGE": 0.01,
    "INVALID_CURSOR": 0.01,
    "UNAUTHENTICATED": 0.01,
    "BAD_USER_INPUT": 0.001,
}
"""In what share of the answers each kind of error stands at least."""


def chunks() -> Iterator[tuple[str, int, int]]:
    """A role, the first of its queries, and the one after the last."""
    for role, (share, _) in ROLES.items():
        count = max(1, QUERIES * share // 100)
        yield from ((role, first, min(count, first + CHUNK)) for first in range(0, count, CHUNK))


CHUNKS: Final = list(chunks())


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "differential"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize(("role", "first", "end"), CHUNKS)
async def test_generated_queries(sides: Sides, roles: Roles, kept: Path, role: str, first: int, end: int) -> None:
    asker = await roles(role)
    coverage = Coverage()
    for number in range(first, end):
        asked = query(f"{role}:{number}", asker.pool)
        with capture_logs():  # tells of an error once, for the smallest query
            expected, wrong = await both(sides, asker, asked)
        if wrong is not None:
            pytest.fail(await told(sides, asker, asked, f"{role}:{number}"), pytrace=False)
        coverage.add(asked.document, asked.operation_name, expected)
    together = completed(kept, coverage, f"{role}-{first}")
    if together is not None and QUERIES >= ENOUGH:
        assert_far_reaching(together)


async def both(sides: Sides, asker: Asker, asked: Query) -> tuple[dict[str, Any], str | None]:
    """What the oracle answers, and what is wrong: a difference, or an answer that nobody wants from either."""
    request: Any = (asked.document, asked.variables, asked.operation_name, asker.actor)
    expected, actual = await sides.oracle(*request), await sides.planned(*request)
    return expected, difference(expected, actual) or unwanted(expected)


def unwanted(answer: dict[str, Any]) -> str | None:
    """What nobody wants to be answered at all."""
    codes = error_codes(answer)
    if "INTERNAL" in codes:
        return "the oracle itself fails"
    return "the query is not valid" if "GRAPHQL_VALIDATION_FAILED" in codes else None


async def told(sides: Sides, asker: Asker, asked: Query, seed: str) -> str:
    """The smallest query that goes wrong, and how."""

    async def wrong(candidate: Query) -> bool:
        return (await both(sides, asker, candidate))[1] is not None

    with capture_logs():
        least = await smallest(asked, wrong)
    expected, how = await both(sides, asker, least)
    asked_for = f"variables {least.variables}\noperation {least.operation_name}"
    return f"{how}\n{least.document}\n{asked_for}\nthe oracle: {expected}\nseed {seed}"


def completed(folder: Path, coverage: Coverage, name: str) -> Coverage | None:
    """Keep the coverage of a chunk; for the last one to finish, that of all of them."""
    with FileLock(folder / "lock").held():
        coverage.write(folder / f"{name}.json")
        files = sorted(folder.glob("*.json"))
        if len(files) < len(CHUNKS):
            return None
        together = Coverage()
        for file in files:
            together.merge(Coverage.read(file))
        return together


def assert_far_reaching(coverage: Coverage) -> None:
    """The queries reach everything that can be asked, deep, with answers, and with refusals of every kind."""
    expected = {
        name
        for name in reachable(SCHEMA.query_type) - NEVER_ANSWERED - NULL_IN_THE_DEMO
        if name.partition(".")[0] not in NOT_IN_THE_DEMO
    }
    missed = expected - coverage.answered.keys()
    assert {name.partition(".")[0] for name in expected} == {name.partition(".")[0] for name in expected - missed}
    assert len(missed) <= 0.05 * len(expected), sorted(missed)
    assert coverage.median_depth >= 3
    assert sum(depth >= 6 for depth in coverage.depths) >= 0.2 * coverage.operations
    assert coverage.null_share <= 0.1
    assert coverage.values >= 40 * coverage.operations
    assert {
        code: coverage.codes[code] for code, least in REFUSALS.items() if coverage.codes[code] < least * QUERIES
    } == {}
    assert {name: coverage.features[name] for name in FEATURES if coverage.features[name] < 0.05 * QUERIES} == {}
