"""Edit customer information (B27)."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from authz.gate import Gate
from domain.customers import information
from domain.customers.information import CustomerChanges, ReportChanges
from resolvers.arguments import INPUT, ExpectedVersion, Id
from resolvers.context import Info
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Whether reports are sent to the customer, and to whom.")
class ReportDeliveryInput:
    """B29, B31."""

    enabled: bool = strawberry.field(description="Whether they are sent; then there is at least one recipient.")
    recipients: list[str] = strawberry.field(
        description="E-mail addresses; several in one text are separated by commas or semicolons."
    )

    def changes(self) -> ReportChanges:
        """As the domain has it."""
        return ReportChanges(enabled=self.enabled, recipients=self.recipients)


@strawberry.input(description="Input of `customerUpdate`: what is not given stays as it is.")
class CustomerUpdateInput(MutationInput):
    """B27; the management mode is not among it (B19)."""

    display_name: str | None = strawberry.field(
        default=UNSET, description="Your own name for the customer, up to 200 characters; null removes it."
    )
    notes: str | None = strawberry.field(
        default=UNSET, description="Your notes, up to 4,000 characters; null removes them."
    )
    tags: list[str] | None = strawberry.field(
        default=None, description="All tags, up to 20 of up to 50 characters each; null leaves them."
    )
    billing_reports: ReportDeliveryInput | None = strawberry.field(
        default=None, description="Billing reports; null leaves them."
    )
    service_reports: ReportDeliveryInput | None = strawberry.field(
        default=None, description="Service reports; null leaves them. Not for customers that manage themselves."
    )

    def changes(self) -> CustomerChanges:
        """What is given, as the domain has it."""
        changes = CustomerChanges()
        if self.display_name is not UNSET:
            changes["display_name"] = self.display_name
        if self.notes is not UNSET:
            changes["notes"] = self.notes
        if self.tags is not None:
            changes["tags"] = self.tags
        if self.billing_reports is not None:
            changes["billing_reports"] = self.billing_reports.changes()
        if self.service_reports is not None:
            changes["service_reports"] = self.service_reports.changes()
        return changes


async def customer_update(
    info: Info, customer_id: Id, input: Annotated[CustomerUpdateInput, INPUT], expected_version: ExpectedVersion
) -> Any:
    """Save what the partner keeps about a customer."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await information.update(gate, key, input.changes(), expected_version)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id, expected_version=expected_version)
