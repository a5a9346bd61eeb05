"""Asking for support in the ordinary way, and paying for an incident (C6, AMB-2, D15, D23)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.entitlements.ledger import contract_needed, contract_problem, debit
from domain.entitlements.model import SupportContract
from domain.errors import ErrorCode, Problems
from domain.tickets.events import TicketEventKind, amount, happened, logged
from domain.tickets.invite import subject_for
from domain.tickets.model import OPEN_STATUSES, Ticket, TicketKind, TicketOrigin
from domain.tickets.opening import Issue, announce_ticket, checked, open_ticket, origin_of
from domain.tickets.states import PaymentOption
from domain.tickets.terms import Paid

CONTRACT = bindparam("contract_id", type_=Uuid())


@dataclass(frozen=True, slots=True)
class Request:
    """The form of an ordinary request, as it was filled in; without a tenant it is about the acting one."""

    issue: Issue
    kind: TicketKind
    tenant_id: UUID | None = None
    payment: PaymentOption | None = None
    contract_id: UUID | None = None
    follow_up_of_id: UUID | None = None


@requires(Permission.TICKET_CREATE)
async def create(grant: Grant, form: Request) -> UUID:
    """Raise a ticket; an incident draws on its contract in the same transaction, or there is no ticket (D23)."""
    tenant_id = form.tenant_id or grant.actor.tenant_id
    about = await subject_for(grant, tenant_id, form.issue.service_id, Permission.TICKET_CREATE)
    problems = Problems()
    former = await _followed_up(grant, form.follow_up_of_id, about.id, problems)
    draft = await checked(grant, about, form.issue, problems)
    _check_kind(form, problems)
    if about.service_offered and form.kind is TicketKind.INCIDENT and (problems or form.payment is None):
        await _check_payment(grant, form, problems)
    problems.refuse_if_any()
    ticket_id = new_id()
    drawn = await _drawn(grant, form, ticket_id) if form.kind is TicketKind.INCIDENT else {}
    origin = origin_of(grant, about, TicketOrigin.PORTAL)
    drawn = drawn | {"follow_up_of_id": former.id} if former else drawn
    ticket, people = await open_ticket(grant, about, draft, origin=origin, kind=form.kind, id=ticket_id, **drawn)
    if former:
        happened(grant, former, TicketEventKind.FOLLOW_UP_RAISED, related_ticket_id=ticket.id)
    if "entitlement_id" in drawn:
        happened(grant, ticket, TicketEventKind.INCIDENT_DEBITED, after=amount(drawn["entitlement_quantity"]))
    noted = {"number": ticket.number, "kind": ticket.kind.value, "severity": ticket.severity}
    logged(grant, "ticket.create", ticket, after=noted)
    announce_ticket(grant, ticket, people)
    return ticket.id


async def _followed_up(grant: Grant, key: UUID | None, tenant_id: UUID, problems: Problems) -> Ticket | None:
    """The ticket that this one takes up again: of the same organisation, and resolved or closed (spec 4.2, AMB-26).

    It is locked, as its timeline is written to: before files, as by a reply, and a balance, as by its end (spec 6).
    """
    former = await grant.find(Ticket, key, lock=True) if key else None
    if key and (former is None or former.tenant_id != tenant_id):
        problems.add(ErrorCode.NOT_FOUND, "There is no such ticket of the organisation.", "followUpOfId")
    elif former and former.status in OPEN_STATUSES:
        problems.add(ErrorCode.TICKET_OPEN, "This ticket is still looked after: reply to it.", "followUpOfId")
    return former


def _check_kind(form: Request, problems: Problems) -> None:
    """Only an incident uses a contract (D35), and only an incident needs a severity (D24)."""
    if form.kind is TicketKind.INCIDENT:
        if form.issue.severity is None:
            problems.add(ErrorCode.REQUIRED, "Give the severity of the incident.", "severity")
    elif form.payment or form.contract_id:
        field = "supportContractId" if form.contract_id else "paymentOption"
        problems.add(ErrorCode.CONTRACT_NOT_APPLICABLE, "Only incidents draw on a support contract.", field)


async def _check_payment(grant: Grant, form: Request, problems: Problems) -> None:
    """What speaks against what is to pay, beside the form's other errors; where it has none, drawing tells (D15, D23).

    Some channels take no contract at all (D29).
    """
    service_id = form.issue.service_id
    if form.contract_id is None and not await contract_needed(grant, service_id):
        return
    if form.payment is None:
        problems.add(ErrorCode.REQUIRED, "Say what pays for the incident.", "paymentOption")
    if problem := await contract_problem(grant, form.contract_id, service_id):
        problems.note(problem)


async def _drawn(grant: Grant, form: Request, ticket_id: UUID) -> dict[str, Any]:
    """Draw one incident (D23); the ticket's columns that say so. Some channels take none at all (D29)."""
    service_id = form.issue.service_id
    if form.contract_id is None and not await contract_needed(grant, service_id):
        return {}
    drawn = await debit(grant, contract_id=form.contract_id, service_id=service_id, ticket_id=ticket_id)
    (contract,) = await grant.rows(_contract, contract_id=drawn.contract_id)
    return {
        "contract_id": drawn.contract_id,
        "entitlement_id": drawn.entitlement_id,
        "entitlement_quantity": drawn.quantity,
        "paid": Paid(contract["region_id"], contract["plan_name"]),
    }


def _contract(grant: Grant) -> Select[Any]:
    contract = SupportContract
    return grant.select(contract, contract.region_id, contract.plan_name).where(contract.id == CONTRACT)
