"""Services of the catalogue, and what tenants have subscribed to."""

import strawberry

from resolvers.enums.services import ServiceFamily
from schema.fields import global_id, plain
from schema.relay import Node


@strawberry.type(description="An online service that can be subscribed, supported and started.")
class Service(Node):
    """Rows of `domain.services.model.Service`."""

    id: strawberry.ID = global_id("service")
    key: str = plain("A short name for programs.")
    name: str = plain("The name for people.")
    family: ServiceFamily = plain("Where the service runs.")
    startable: bool = plain("Whether a partner can start it for a customer (B7).")
