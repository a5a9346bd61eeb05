"""Which entitlements a list shows."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from domain.entitlements.conditions import status_of_entitlement
from domain.entitlements.model import ContractStatus, Entitlement, EntitlementUnit


@dataclass(frozen=True, slots=True)
class EntitlementCriteria:
    """All that is given must hold; None is no condition."""

    unit: EntitlementUnit | None = None
    usable: bool | None = None


def matching(criteria: EntitlementCriteria) -> list[ColumnElement[bool]]:
    """The conditions of a statement that has the entitlement and its contract."""
    conditions: list[ColumnElement[bool]] = []
    if criteria.unit is not None:
        conditions.append(Entitlement.unit == criteria.unit)
    if criteria.usable is not None:
        active = status_of_entitlement() == ContractStatus.ACTIVE
        conditions.append(active if criteria.usable else ~active)
    return conditions
