"""Every SELECT of what the platform publishes for everybody; calendars are in `domain.support.calendars`."""

from typing import Any

from sqlalchemy import Date, Select, cast, func, not_

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.support.calendars import calendar_text
from domain.support.model import (
    Agreement,
    AgreementKind,
    CalendarException,
    CalendarInterval,
    SlaPolicy,
    SlaTarget,
    SupportRegion,
)
from execution.relation import Parents


def current_agreement(grant: Grant, kind: AgreementKind) -> Select[Any]:
    """The newest published version of a text that must be accepted (A12, D22)."""
    return (
        grant.rows_of(Agreement)
        .where(Agreement.kind == kind, Agreement.published_at <= binds.NOW)
        .order_by(Agreement.published_at.desc(), Agreement.version.desc())
        .limit(1)
    )


@requires(Permission.TICKET_READ)
def regions(grant: Grant) -> Select[Any]:
    """All regions, by name (E17)."""
    return _regions(grant).order_by(SupportRegion.name)


@requires(Permission.TICKET_READ)
def regions_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Regions by their ids."""
    return _regions(grant).where(parents.match(SupportRegion.id))


@requires(Permission.TICKET_READ)
def intervals_of_regions(grant: Grant, parents: Parents) -> Select[Any]:
    """The working time of these regions, from Monday on (E17)."""
    interval = CalendarInterval
    intervals = grant.rows_of(interval).where(parents.match(interval.region_id))
    return intervals.order_by(interval.weekday, interval.start_minute)


@requires(Permission.TICKET_READ)
def exceptions_of_regions(grant: Grant, parents: Parents) -> Select[Any]:
    """The days of these regions that differ from their weekdays, of this year and later (E17)."""
    exception = CalendarException
    this_year = cast(func.date_trunc("year", binds.NOW), Date)
    exceptions = grant.rows_of(exception).where(parents.match(exception.region_id), exception.on_date >= this_year)
    exceptions = exceptions.where(not_(exception.removed))
    return exceptions.order_by(exception.on_date)


@requires(Permission.TICKET_READ)
def policies(grant: Grant) -> Select[Any]:
    """What is promised, by plan, everybody else's first (spec 7)."""
    return grant.rows_of(SlaPolicy).order_by(SlaPolicy.plan_name.nulls_first())


@requires(Permission.TICKET_READ)
def policies_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Policies by their ids."""
    return grant.rows_of(SlaPolicy).where(parents.match(SlaPolicy.id))


@requires(Permission.TICKET_READ)
def targets_of_policies(grant: Grant, parents: Parents) -> Select[Any]:
    """What these policies promise, the worst severity first."""
    targets = grant.rows_of(SlaTarget).where(parents.match(SlaTarget.policy_id))
    return targets.order_by(SlaTarget.severity.desc())


def _regions(grant: Grant) -> Select[Any]:
    return grant.rows_of(SupportRegion).add_columns(calendar_text().label("calendar"), binds.NOW.label("now"))
