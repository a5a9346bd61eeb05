"""Every SELECT of webhooks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.states import WebhookDeliveryStatus
from execution.paging import Key, Listing, bounded
from execution.relation import Parents

SECRET = {"secret_encrypted", "previous_secret_encrypted"}


@requires(Permission.WEBHOOK_MANAGE)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Endpoints by their ids."""
    return _endpoints(grant).where(parents.match(WebhookEndpoint.id))


@requires(Permission.WEBHOOK_MANAGE)
def listing(grant: Grant) -> Listing:
    """The endpoints of the acting organisation, newest first."""
    endpoint = WebhookEndpoint
    return Listing(_endpoints(grant), (Key(endpoint.created_at, descending=True), Key(endpoint.id, descending=True)))


@requires(Permission.WEBHOOK_MANAGE)
def deliveries_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Deliveries by their ids."""
    return grant.rows_of(WebhookDelivery).where(parents.match(WebhookDelivery.id))


@requires(Permission.WEBHOOK_MANAGE)
def deliveries_of_endpoints(
    grant: Grant, parents: Parents, *, statuses: Sequence[WebhookDeliveryStatus] | None = None
) -> Listing:
    """What was or is to be sent to these endpoints, newest first."""
    delivery = WebhookDelivery
    statement = grant.rows_of(delivery).where(parents.match(delivery.endpoint_id))
    if statuses is not None:
        statement = statement.where(delivery.status.in_(bounded("statuses", statuses)))
    return Listing(statement, (Key(delivery.created_at, descending=True), Key(delivery.id, descending=True)))


def _endpoints(grant: Grant) -> Select[Any]:
    """Without secrets: nothing that reads for an answer needs them."""
    columns = (column for column in WebhookEndpoint.__table__.columns if column.name not in SECRET)
    return grant.select(WebhookEndpoint, *columns)
