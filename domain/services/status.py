"""Where a subscription stands at the instant of the request, as SQL (spec 4.2)."""

from typing import Any

from sqlalchemy import Case, ColumnElement, case, literal

from authz import binds
from domain.services.model import ServiceSubscription, SubscriptionStatus


def subscription_status() -> Case[Any]:
    """The stored status, as far as the dates let it stand: expiry needs no job, and what was ended stays ended."""
    subscription = ServiceSubscription
    return case(
        (subscription.status == SubscriptionStatus.ENDED, subscription.status),
        (subscription.expired(), _named(SubscriptionStatus.EXPIRED)),
        (subscription.valid_from > binds.NOW, _named(SubscriptionStatus.PENDING)),
        else_=subscription.status,
    )


def _named(status: SubscriptionStatus) -> ColumnElement[Any]:
    return literal(status, ServiceSubscription.status.type)
