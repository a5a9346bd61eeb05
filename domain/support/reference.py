"""What the platform publishes before anybody uses it: regions with their hours, targets, channels, agreements."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import holidays
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import Base
from domain.support.clock import RESPONSE_TARGETS
from domain.support.model import (
    Agreement,
    AgreementKind,
    CalendarException,
    CalendarInterval,
    PartnerPrivilege,
    SignInKind,
    SlaPolicy,
    SlaTarget,
    SupportChannel,
    SupportRegion,
)
from domain.support.opening_hours import Interval

Rows = list[dict[str, Any]]

FIRST_YEAR = 2024
YEARS_AHEAD = 2
"""For how many years after this one holidays are published; `migrate up` publishes those that are missing."""


class Region(NamedTuple):
    """A region: zone, countries, working hours (minutes after midnight), and whose public holidays it keeps."""

    key: str
    name: str
    timezone: str
    countries: tuple[str, ...]
    weekdays: range
    hours: tuple[Interval, ...]
    holidays_of: str


REGIONS = (
    Region("americas", "Americas", "America/New_York", ("US", "CA", "MX", "BR", "CW"), range(5), ((480, 1080),), "US"),
    Region(
        "emea",
        "Europe, Middle East and Africa",
        "Europe/Berlin",
        ("DE", "GB", "FR", "CI", "TR", "SE", "PL", "RE", "ST", "ES"),
        range(5),
        ((480, 720), (780, 1080)),
        "DE",
    ),
    Region("apac", "Asia and Pacific", "Asia/Tokyo", ("JP", "AU", "IN"), range(6), ((540, 1080),), "JP"),
)
DEFAULT_REGION = "americas"
RESOLUTION_FACTOR = 6
"""How many times the minutes to the first answer are those to the solution."""

# Key, name, whether it takes a support contract, what a partner needs at its customer, how one signs in (D9).
CHANNELS = (
    ("portal", "Support portal", False, PartnerPrivilege.NONE, SignInKind.LOCAL),
    ("professional", "Professional support", True, PartnerPrivilege.NONE, SignInKind.LOCAL),
    ("mpn", "Partner network portal", True, PartnerPrivilege.NONE, SignInKind.MPN),
    ("office", "Office portal", False, PartnerPrivilege.DELEGATED_ADMIN, SignInKind.OFFICE_PORTAL),
    ("azure", "Azure portal", True, PartnerPrivilege.SUBSCRIPTION_WRITE, SignInKind.AZURE_SUBSCRIPTION),
)
AGREEMENTS = tuple((kind, version, year) for kind in AgreementKind for version, year in (("1.0", 2024), ("2.0", 2025)))


def reference_id(kind: str, key: str) -> UUID:
    """The id of a row that is the same in every installation."""
    return uuid5(NAMESPACE_URL, f"bailiwick:{kind}:{key}")


STANDARD = reference_id("policy", "standard")
"""The policy of everybody without a plan of their own."""


@cache
def rows() -> tuple[tuple[type[Base], Rows], ...]:
    """Every row, table by table, in an order in which they can be inserted."""
    return (
        (SupportRegion, list(_regions())),
        (CalendarInterval, list(_intervals())),
        (CalendarException, list(_exceptions())),
        (SlaPolicy, list(_policies())),
        (SlaTarget, list(_targets())),
        (SupportChannel, list(_channels())),
        (Agreement, list(_agreements())),
    )


async def insert_missing(session: AsyncSession, tables: Iterable[tuple[type[Base], Rows]]) -> None:
    """Insert what is not there yet, and leave what there is as it is; in the worker's scope.

    A region's hours are one thing, though they are several rows: where it has any, none are added.
    """
    kept = set((await session.execute(select(CalendarInterval.region_id).distinct())).scalars())
    for table, values in tables:
        missing = [row for row in values if table is not CalendarInterval or row["region_id"] not in kept]
        if missing:
            await session.execute(insert(table).on_conflict_do_nothing(), missing)


def _regions() -> Iterator[dict[str, Any]]:
    for region in REGIONS:
        yield {
            "id": reference_id("region", region.key),
            "key": region.key,
            "name": region.name,
            "timezone": region.timezone,
            "countries": list(region.countries),
            "is_default": region.key == DEFAULT_REGION,
        }


def _intervals() -> Iterator[dict[str, Any]]:
    for region in REGIONS:
        for weekday in region.weekdays:
            for start, end in region.hours:
                yield {
                    "id": reference_id("interval", f"{region.key}:{weekday}:{start}"),
                    "region_id": reference_id("region", region.key),
                    "weekday": weekday,
                    "start_minute": start,
                    "end_minute": end,
                }


def _exceptions() -> Iterator[dict[str, Any]]:
    """Public holidays: closed."""
    years = range(FIRST_YEAR, datetime.now(UTC).year + YEARS_AHEAD + 1)
    for region in REGIONS:
        kept = holidays.country_holidays(region.holidays_of, years=years, language="en_US")
        for day, name in sorted(kept.items()):
            yield {
                "id": reference_id("exception", f"{region.key}:{day}"),
                "region_id": reference_id("region", region.key),
                "on_date": day,
                "intervals": [],
                "name": name,
            }


def _policies() -> Iterator[dict[str, Any]]:
    yield {"id": STANDARD, "key": "standard", "name": "Standard"}


def _targets() -> Iterator[dict[str, Any]]:
    for severity, target in RESPONSE_TARGETS.items():
        yield {
            "id": reference_id("target", str(severity)),
            "policy_id": STANDARD,
            "severity": severity,
            "response_minutes": target.minutes,
            "resolution_minutes": target.minutes * RESOLUTION_FACTOR,
            "clock": target.clock,
        }


def _channels() -> Iterator[dict[str, Any]]:
    for key, name, contract, privilege, sign_in in CHANNELS:
        yield {
            "id": reference_id("channel", key),
            "key": key,
            "name": name,
            "requires_support_contract": contract,
            "required_partner_privilege": privilege,
            "sign_in_kind": sign_in,
        }


def _agreements() -> Iterator[dict[str, Any]]:
    for kind, version, year in AGREEMENTS:
        yield {
            "id": reference_id("agreement", f"{kind}:{version}"),
            "kind": kind,
            "version": version,
            "url": f"https://northstar.example/agreements/{kind.lower()}/{version}",
            "published_at": datetime(year, 1, 1, tzinfo=UTC),
        }
