"""Raising ordinary tickets (C6, D15, D23)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.create import Request, create
from domain.tickets.opening import Contact, Issue
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.enums.tickets import PaymentOption, TicketKind
from resolvers.inputs import any_key
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.support_inputs import ContactInput, PhoneInput, contact_of, files_of


@strawberry.input(description="Input of `ticketCreate`: an ordinary request, without access to the environment.")
class TicketCreateInput(MutationInput):
    """C6, AMB-2, D7-D23."""

    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="The tenant that it is about: by default your own, or a customer that you manage."
    )
    kind: TicketKind = strawberry.field(default=TicketKind.ADVISORY, description="What is asked for (D35).")
    summary: str = strawberry.field(description="A brief description, up to 255 characters on one line.")
    service_id: strawberry.ID = strawberry.field(description="A service that the tenant has subscribed to.")
    details: str = strawberry.field(description="The whole story, up to 20,000 characters.")
    severity: int | None = strawberry.field(
        default=None, description="1 (Trivial) to 5 (Critical); needed for an incident, and for a response target."
    )
    job_ids: list[str] | None = strawberry.field(
        default=None, description="Ids of jobs that failed, up to 50 of up to 100 characters each."
    )
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 10 files that you have uploaded."
    )
    privacy_agreement_version: str | None = strawberry.field(
        default=None, description="The version that you accept; needed with files, and it must be the current one."
    )
    contact: ContactInput | None = strawberry.field(default=None, description="Whom to answer; by default you (D21).")
    additional_recipients: list[str] | None = strawberry.field(
        default=None,
        description="Who else is to know, up to 50 e-mail addresses; several in one text are separated by commas "
        "or semicolons.",
    )
    phone: PhoneInput | None = strawberry.field(default=None, description="A telephone number.")
    payment_option: PaymentOption | None = strawberry.field(
        default=None,
        description="What pays for an incident; needed where the channel takes a contract (D15).",
    )
    support_contract_id: strawberry.ID | None = strawberry.field(
        default=None, description="The support contract that pays; it is never chosen for you (D23, AMB-27)."
    )

    follow_up_of_id: strawberry.ID | None = strawberry.field(
        default=None, description="A ticket of the same organisation, resolved or closed, that this one takes up again."
    )

    def request(self, default: Contact) -> Request:
        """As the domain has it; `default` answers where no contact is given."""
        given = ContactInput(name=default.name, email=default.email) if self.contact is None else self.contact
        issue = Issue(
            summary=self.summary,
            service_id=any_key("service", self.service_id),
            details=self.details,
            severity=self.severity,
            contact=contact_of(given, self.phone, self.additional_recipients),
            job_ids=tuple(self.job_ids or ()),
            files=files_of(self.attachment_ids, self.privacy_agreement_version),
        )
        return Request(
            issue,
            self.kind,
            tenant_id=any_key("tenant", self.tenant_id) if self.tenant_id is not None else None,
            payment=self.payment_option,
            contract_id=(
                any_key("contract", self.support_contract_id) if self.support_contract_id is not None else None
            ),
            follow_up_of_id=any_key("ticket", self.follow_up_of_id) if self.follow_up_of_id is not None else None,
        )


async def ticket_create(info: Info, input: Annotated[TicketCreateInput, INPUT]) -> Any:
    """Raise an ordinary ticket."""

    async def command(gate: Gate) -> Changed:
        default = Contact(gate.actor.name, gate.actor.email)
        return {"ticket_id": await create(gate, input.request(default))}

    return await mutate(info, input, command)
