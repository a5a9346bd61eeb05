"""What a new ticket gets from the platform: its number, the region whose hours count, and targets (spec 7)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    literal,
    select,
    true,
)

from authz.grant import Grant
from domain.support.calendars import calendar_of, calendar_text
from domain.support.model import SlaPolicy, SlaTarget, SupportRegion
from domain.support.targets import targets
from domain.support.working_time import Calendar
from domain.tickets.model import NEXT_NUMBER, Ticket
from domain.tickets.subject import Subject

WANTED = bindparam("wanted_region_id", type_=Uuid())
USUAL = bindparam("usual_region_id", type_=Uuid())
NUMBER = NEXT_NUMBER.label("number")
COUNTRY = bindparam("country", type_=Text())
SEVERITY = bindparam("severity", type_=Integer())
PLAN = bindparam("plan_name", type_=Text())
POLICY = bindparam("policy_id", type_=Uuid())


@dataclass(frozen=True, slots=True)
class Paid:
    """What of the contract that pays decides about the terms; where none pays there is neither."""

    region_id: UUID | None = None
    plan_name: str | None = None


async def terms(grant: Grant, about: Subject, severity: int | None, paid: Paid) -> dict[str, Any]:
    """The ticket's columns; without a severity, or without a region, nothing is promised.

    The region of the contract that pays comes before the tenant's own, the policy of its plan before everybody's.
    """
    values = {
        "wanted_region_id": paid.region_id,
        "plan_name": paid.plan_name,
        "usual_region_id": about.support_region_id,
        "country": about.country,
        "severity": severity,
    }
    (found,) = await grant.rows(_terms, **values)
    columns = {"number": found["number"], "region_id": found["region_id"]}
    if found["clock"] is None or found["calendar"] is None:
        return columns
    return columns | targets(grant.now, found, calendar_of(found["calendar"]))


async def other_terms(grant: Grant, ticket: Ticket, severity: int) -> tuple[dict[str, Any], Calendar] | None:
    """What its own policy, or everybody's, promises for another severity, and by which hours; None for nothing."""
    values = {"wanted_region_id": ticket.region_id, "policy_id": ticket.sla_policy_id, "severity": severity}
    found = await grant.rows(_other_terms, **values)
    return (found[0], calendar_of(found[0]["calendar"])) if found else None


def _terms(grant: Grant) -> Select[Any]:
    region, target = _region(grant), _target(grant, SlaPolicy.plan_name == PLAN)
    one = select(literal(1).label("one")).subquery("one")
    return (
        select(NUMBER, region.c.id.label("region_id"), region.c.calendar, *target.c)
        .select_from(one)
        .outerjoin(region, true())
        .outerjoin(target, true())
    )


def _other_terms(grant: Grant) -> Select[Any]:
    target = _target(grant, SlaPolicy.id == POLICY)
    region = grant.select(SupportRegion, calendar_text().label("calendar"), *target.c)
    return region.join(target, true()).where(SupportRegion.id == WANTED)


def _target(grant: Grant, own: ColumnElement[bool]) -> Subquery:
    """The target of the severity in its `own` policy, or, where that has none, in everybody's."""
    policy, target = SlaPolicy, SlaTarget
    promised = (target.clock, target.response_minutes, target.resolution_minutes)
    columns = (policy.id.label("policy_id"), policy.version.label("policy_version"), *promised)
    found = grant.select(policy, *columns).join(target, target.policy_id == policy.id)
    wanted = found.where(target.severity == SEVERITY, own | policy.plan_name.is_(None))
    return wanted.order_by(policy.plan_name.is_(None)).limit(1).subquery("promised")


def _region(grant: Grant) -> Any:
    """The contract's region, the tenant's, the country's or the default: the first that there is."""
    region = SupportRegion
    order = (region.id == WANTED, region.id == USUAL, any_(region.countries) == COUNTRY, region.is_default)
    rank = case(*((condition, place) for place, condition in enumerate(order)), else_=None)
    chosen = grant.select(region, region.id).where(rank.is_not(None)).order_by(rank, region.key).limit(1).subquery()
    found = select(region.id, calendar_text().label("calendar")).join(chosen, chosen.c.id == region.id)
    return found.subquery("region")
