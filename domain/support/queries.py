"""Every SELECT of what the platform publishes for everybody; calendars are in `domain.support.calendars`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, case

from authz import binds
from authz.grant import Grant
from domain.support.calendars import calendars
from domain.support.model import Agreement, AgreementKind, SlaTarget, SupportRegion


def current_agreement(grant: Grant, kind: AgreementKind) -> Select[Any]:
    """The newest published version of a text that must be accepted (A12, D22)."""
    return (
        grant.rows_of(Agreement)
        .where(Agreement.kind == kind, Agreement.published_at <= binds.NOW)
        .order_by(Agreement.published_at.desc(), Agreement.version.desc())
        .limit(1)
    )


def region(grant: Grant, *wanted: UUID | None, country: str | None) -> Select[Any]:
    """The region whose hours count, with its calendar: the first `wanted`, the country's, or the default (spec 7)."""
    calendar = calendars()
    chosen = {key: SupportRegion.id == key for key in wanted if key}
    order = [*chosen.values(), SupportRegion.countries.contains([country or ""]), SupportRegion.is_default]
    rank = case(*((condition, place) for place, condition in enumerate(order)), else_=None)
    return (
        grant.select(SupportRegion, SupportRegion.id, calendar.c.calendar)
        .join(calendar, calendar.c.region_id == SupportRegion.id)
        .where(rank.is_not(None))
        .order_by(rank, SupportRegion.key)
        .limit(1)
    )


def promised(grant: Grant, severity: int) -> Select[Any]:
    """The targets of this severity (spec 7)."""
    return grant.rows_of(SlaTarget).where(SlaTarget.severity == severity)
