"""What a new ticket gets from the platform: its number, the region whose hours count, and targets (spec 7)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Text, Uuid, any_, bindparam, case, literal, select, true

from authz.grant import Grant
from domain.support.calendars import calendar_of, calendar_text
from domain.support.model import SlaTarget, SupportRegion
from domain.support.targets import targets
from domain.tickets.model import NEXT_NUMBER
from domain.tickets.subject import Subject

WANTED = bindparam("wanted_region_id", type_=Uuid())
USUAL = bindparam("usual_region_id", type_=Uuid())
NUMBER = NEXT_NUMBER.label("number")
COUNTRY = bindparam("country", type_=Text())
SEVERITY = bindparam("severity", type_=Integer())


async def terms(grant: Grant, about: Subject, severity: int | None, region_id: UUID | None) -> dict[str, Any]:
    """The ticket's columns; without a severity, or without a region, nothing is promised.

    `region_id` is the region of the contract that pays, if one does: it comes before the tenant's own.
    """
    values = {
        "wanted_region_id": region_id,
        "usual_region_id": about.support_region_id,
        "country": about.country,
        "severity": severity,
    }
    (found,) = await grant.rows(_terms, **values)
    columns = {"number": found["number"], "region_id": found["region_id"]}
    if found["clock"] is None or found["calendar"] is None:
        return columns
    return columns | targets(grant.now, found, calendar_of(found["calendar"]))


def _terms(grant: Grant) -> Select[Any]:
    region, target = _region(grant), SlaTarget
    one = select(literal(1).label("one")).subquery("one")
    promised = (target.clock, target.response_minutes, target.resolution_minutes)
    return (
        select(NUMBER, region.c.id.label("region_id"), region.c.calendar, *promised)
        .select_from(one)
        .outerjoin(region, true())
        .outerjoin(target, (target.severity == SEVERITY) & target.visible_to(grant.powers))
    )


def _region(grant: Grant) -> Any:
    """The contract's region, the tenant's, the country's or the default: the first that there is."""
    region = SupportRegion
    order = (region.id == WANTED, region.id == USUAL, any_(region.countries) == COUNTRY, region.is_default)
    rank = case(*((condition, place) for place, condition in enumerate(order)), else_=None)
    chosen = grant.select(region, region.id).where(rank.is_not(None)).order_by(rank, region.key).limit(1).subquery()
    found = select(region.id, calendar_text().label("calendar")).join(chosen, chosen.c.id == region.id)
    return found.subquery("region")
