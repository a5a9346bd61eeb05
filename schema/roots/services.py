"""Root fields of services and subscriptions."""

import strawberry

from resolvers import services
from schema.relay import Connection
from schema.services import Service


@strawberry.type
class ServiceQueries:
    """What can be asked."""

    service: Service | None = strawberry.field(
        resolver=services.service, description="One service of the catalogue by its id."
    )
    services: Connection[Service] = strawberry.field(
        resolver=services.services,
        description="The services of the catalogue that you may work with, by name.",
    )


@strawberry.type
class ServiceMutations:
    """What can be done."""
