"""What the rows of the demo refer to: the published services, channels, regions and targets, read from the database."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg

from domain.services.model import ServiceFamily
from domain.support.calendars import calendar_of
from domain.support.clock import SlaClock
from domain.support.targets import targets
from domain.support.working_time import Calendar

_SERVICES = """
    SELECT s.id, s.key, s.family, s.startable, s.batch_editable, s.channel_id,
        c.requires_support_contract, c.sign_in_kind
    FROM service AS s JOIN support_channel AS c ON c.id = s.channel_id ORDER BY s.id
"""
_CALENDARS = """
    SELECT id, countries, is_default, jsonb_build_object(
        'tz', timezone,
        'weekly', (SELECT jsonb_agg(jsonb_build_array(weekday, start_minute, end_minute) ORDER BY weekday, start_minute)
            FROM calendar_interval WHERE region_id = r.id),
        'exceptions', (SELECT jsonb_object_agg(on_date, intervals)
            FROM calendar_exception WHERE region_id = r.id AND NOT removed)
    )::text AS calendar
    FROM support_region AS r ORDER BY id
"""
_TARGETS = """
    SELECT t.severity, t.response_minutes, t.resolution_minutes, t.clock, p.id AS policy_id, p.version AS policy_version
    FROM sla_target AS t JOIN sla_policy AS p ON p.id = t.policy_id WHERE p.plan_name IS NULL
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of the catalogue, with what its channel asks."""

    id: UUID
    key: str
    family: ServiceFamily
    startable: bool
    batch_editable: bool
    channel_id: UUID
    draws: bool
    """Whether incidents about it draw on a support contract (D9)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """All of it, by what it is looked up by."""

    services: tuple[Offered, ...]
    drawing_channels: tuple[UUID, ...]
    regions: dict[str, UUID]
    default_region: UUID
    calendars: dict[UUID, Calendar]
    promises: dict[int, dict[str, Any]]

    def region_of(self, country: str) -> UUID:
        """The region that looks after a country."""
        return self.regions.get(country, self.default_region)

    def service(self, key: str) -> Offered:
        """The service with this key."""
        return next(service for service in self.services if service.key == key)


async def read(connection: "asyncpg.Connection[asyncpg.Record]") -> Reference:
    """What is published."""
    services = await connection.fetch(_SERVICES)
    regions = await connection.fetch(_CALENDARS)
    promised = [dict(row) | {"clock": SlaClock(row["clock"])} for row in await connection.fetch(_TARGETS)]
    return Reference(
        services=tuple(_offered(row) for row in services),
        drawing_channels=tuple(
            dict.fromkeys(
                row["channel_id"]
                for row in services
                if row["requires_support_contract"] and row["sign_in_kind"] == "LOCAL"
            )
        ),
        regions={country: row["id"] for row in regions for country in row["countries"]},
        default_region=next(row["id"] for row in regions if row["is_default"]),
        calendars={row["id"]: calendar_of(row["calendar"]) for row in regions},
        promises={row["severity"]: row for row in promised},
    )


PROMISED = (
    "sla_policy_id", "sla_policy_version", "response_minutes", "response_clock", "response_due_at",
    "response_at_risk_at", "resolution_minutes", "resolution_clock", "resolution_due_at", "resolution_at_risk_at",
)  # fmt: skip
UNPROMISED = (None,) * len(PROMISED)


class Promises:
    """Response and resolution targets, worked out once for each instant at which several tickets were raised."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.of = lru_cache(maxsize=100_000)(self._of)

    def _of(self, region_id: UUID, severity: int, raised_at: datetime) -> tuple[Any, ...]:
        """The values of `PROMISED`."""
        promised = self._reference.promises[severity]
        found = targets(raised_at, promised, self._reference.calendars[region_id])
        return tuple(found[column] for column in PROMISED)


def _offered(row: asyncpg.Record) -> Offered:
    return Offered(
        id=row["id"],
        key=row["key"],
        family=ServiceFamily(row["family"]),
        startable=row["startable"],
        batch_editable=row["batch_editable"],
        channel_id=row["channel_id"],
        draws=row["requires_support_contract"],
    )
