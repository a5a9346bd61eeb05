"""The root of queries and the root of mutations: each noun brings its own fields."""

import strawberry

from resolvers import nodes
from schema.relay import Node
from schema.roots.accounts import AccountMutations
from schema.roots.bulk_operations import BulkOperationMutations, BulkOperationQueries
from schema.roots.customers import CustomerMutations, CustomerQueries
from schema.roots.entitlements import EntitlementMutations, EntitlementQueries
from schema.roots.exports import ExportMutations, ExportQueries
from schema.roots.mail import MailQueries
from schema.roots.notifications import NotificationMutations
from schema.roots.services import ServiceMutations, ServiceQueries
from schema.roots.support import SupportMutations, SupportQueries
from schema.roots.tenants import TenantMutations, TenantQueries
from schema.roots.tickets import TicketMutations, TicketQueries
from schema.roots.webhooks import WebhookMutations, WebhookQueries


@strawberry.type(description="Everything that can be asked.")
class Query(
    TenantQueries,
    CustomerQueries,
    ServiceQueries,
    TicketQueries,
    BulkOperationQueries,
    ExportQueries,
    EntitlementQueries,
    SupportQueries,
    MailQueries,
    WebhookQueries,
):
    """Each field translates, asks one domain query, and returns its rows."""

    node: Node | None = strawberry.field(resolver=nodes.node, description="Any object by its global id.")
    nodes: list[Node | None] = strawberry.field(
        resolver=nodes.nodes, description="Up to 100 objects by their global ids, in the order of the ids."
    )


@strawberry.type(
    description="Everything that can be done. Each mutation is one transaction: all of it happens, or nothing."
)
class Mutation(
    AccountMutations,
    TenantMutations,
    CustomerMutations,
    ServiceMutations,
    TicketMutations,
    BulkOperationMutations,
    ExportMutations,
    EntitlementMutations,
    NotificationMutations,
    SupportMutations,
    WebhookMutations,
):
    """Each field translates, runs one domain command, and returns what it changed."""
