"""Which customers a list shows (B43, B44): all that is given must hold, and of several values one."""

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, func, literal

from authz.powers import Powers
from domain.customers.model import CustomerProfile, CustomerStatus, ManagementRelationship
from domain.customers.status import customer_status
from execution.errors import PublicError
from execution.paging import bounded

MOST_KEYWORDS = 10
LONGEST_SEARCH = 200


class Condition(Hashable, Protocol):
    """A condition on `ManagementRelationship` that another noun knows, such as what a customer has subscribed to.

    It is data, equal by value, as all that a statement is made from.
    """

    def __call__(self, powers: Powers) -> ColumnElement[bool]:
        """The condition for those of these powers; raises `ForbiddenError` where they may not ask."""
        ...


class SearchError(PublicError):
    """The search is longer than a list takes."""

    code = "TOO_LONG"


@dataclass(frozen=True, slots=True)
class CustomerCriteria:
    """`search` is text as people type it; `further` are the conditions of other nouns.

    None is no condition; an empty tuple matches nothing.
    """

    search: str = ""
    statuses: tuple[CustomerStatus, ...] | None = None
    countries: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    further: tuple[Condition, ...] = ()


def matching(criteria: CustomerCriteria, powers: Powers) -> list[ColumnElement[bool]]:
    """The conditions of a statement that has the relationship, its profile and the customer's tenant."""
    conditions = [_named(keyword) for keyword in keywords(criteria.search)]
    if criteria.statuses is not None:
        conditions.append(customer_status().in_(bounded("statuses", criteria.statuses)))
    if criteria.countries is not None:
        conditions.append(ManagementRelationship.country.in_(bounded("countries", criteria.countries)))
    if criteria.tags is not None:
        conditions.append(CustomerProfile.tags.overlap(list(bounded("tags", criteria.tags))))
    return conditions + [condition(powers) for condition in criteria.further]


def keywords(search: str) -> list[str]:
    """The words of a search, each of which must be in the name; raises `SearchError`."""
    if len(search) > LONGEST_SEARCH:
        raise SearchError(f"A search has at most {LONGEST_SEARCH} characters.", argument="search")
    found = list(dict.fromkeys(unicodedata.normalize("NFC", search).split()))
    if len(found) > MOST_KEYWORDS:
        raise SearchError(f"A search has at most {MOST_KEYWORDS} keywords.", argument="search")
    return found


def _named(keyword: str) -> ColumnElement[bool]:
    """The keyword is in the organisation's name, folded as `search_name` is; no character in it is a wildcard."""
    return func.strpos(ManagementRelationship.search_name, func.lower(func.unaccent(literal(keyword)))) > 0
