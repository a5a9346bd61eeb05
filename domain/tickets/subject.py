"""The tenant for which support is asked: what the form offers, and the rules that commands check (A3, spec 5.5)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, exists, func

from authz.actor import Actor
from authz.errors import NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.roles import Role
from domain.customers.model import ManagementMode, ManagementRelationship, ProviderOption
from domain.customers.options import is_hidden
from domain.errors import ErrorCode, Problem
from domain.services.model import Service, ServiceSubscription, SubscriptionStatus
from domain.support.model import AgreementKind
from domain.support.queries import current_agreement
from domain.tenants.model import Environment, Membership, PartnerType, Tenant, TenantSecuritySettings, User
from domain.tickets.states import SupportTicketType, TemporaryAccessChoice
from execution.relation import Parents

SUBJECT = bindparam("subject_id", type_=Uuid())
SERVICE = bindparam("service_id", type_=Uuid())


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a tenant decides about support for it; `mode` is known to its partner alone.

    `service_offered` tells of the service that it is to be about.
    """

    id: UUID
    environment: Environment
    country: str | None
    support_region_id: UUID | None
    hidden_options: list[str]
    accounts_allowed: bool
    mode: ManagementMode | None
    owner_user_id: UUID | None
    owner_name: str | None
    owner_email: str | None
    service_offered: bool = False


def subject_row(grant: Grant, tenant_id: Any) -> Select[Any]:
    """The row of a `Subject`; none where the actor does not see the tenant."""
    settings, owner, edge = TenantSecuritySettings, Membership, ManagementRelationship
    owns = and_(owner.tenant_id == Tenant.id, owner.role == Role.TENANT_OWNER, owner.visible_to(grant.powers))
    statement = grant.select(
        Tenant,
        Tenant.id,
        Tenant.environment,
        Tenant.country,
        Tenant.support_region_id,
        Tenant.hidden_options,
        func.coalesce(settings.temporary_support_accounts_allowed, True).label("accounts_allowed"),
        edge.mode,
        User.id.label("owner_user_id"),
        func.trim(User.first_name + " " + User.last_name).label("owner_name"),
        User.email.label("owner_email"),
    )
    return (
        statement.outerjoin(settings, settings.tenant_id == Tenant.id)
        .outerjoin(edge, and_(edge.customer_tenant_id == Tenant.id, edge.visible_to(grant.powers)))
        .outerjoin(owner, owns)
        .outerjoin(User, User.id == owner.user_id)
        .where(Tenant.id == tenant_id)
    )


async def subject(grant: Grant, tenant_id: UUID, service_id: UUID) -> Subject:
    """The tenant as a command about one of its services needs it; raises `NotFoundError`."""
    rows = await grant.rows(_subject, subject_id=tenant_id, service_id=service_id)
    if not rows:
        raise NotFoundError
    return Subject(**rows[0])


def _subject(grant: Grant) -> Select[Any]:
    return subject_row(grant, SUBJECT).add_columns(_offered(grant).label("service_offered"))


def _offered(grant: Grant) -> ColumnElement[bool]:
    """Whether the actor may ask for support about the service (A2), be it expired (AMB-32)."""
    subscription = ServiceSubscription
    subscribed = (subscription.service_id == Service.id, subscription.tenant_id == SUBJECT, *_subscribed(grant))
    return exists().where(Service.id == SERVICE, Service.visible_to(grant.powers), *subscribed)


def reason_against(actor: Actor, about: Subject, permission: Permission) -> Problem | None:
    """Why the actor may not ask for support there, if it may not (A1, AMB-7, spec 5.3).

    A partner invites on behalf of its customers alone.
    """
    if actor.is_platform:
        return Problem(ErrorCode.FORBIDDEN, "Support is asked for by customers and partners.", ("tenantId",))
    if about.id == actor.tenant_id:
        behalf_only = actor.is_partner and permission is Permission.SUPPORT_INVITE
        return None if actor.holds(permission) and not behalf_only else _forbidden()
    if about.mode is ManagementMode.CUSTOMER:
        message = "The customer manages its tenant itself and has ended your access."
        return Problem(ErrorCode.ACCESS_DISABLED, message, ("tenantId",))
    if actor.powers.partner_type == PartnerType.INDIRECT_RESELLER:
        message = "Your provider asks for support on behalf of your customers."
        return Problem(ErrorCode.ON_BEHALF_NOT_ALLOWED, message, ("tenantId",))
    return None if permission in actor.powers.managed else _forbidden()


def _forbidden() -> Problem:
    return Problem(ErrorCode.FORBIDDEN, "Your role does not allow this.", ("tenantId",))


def access_offered(actor: Actor, about: Subject) -> bool:
    """Whether the question of a temporary support account is asked at all (A21-A23, spec 5.5).

    The provider's hiding does not bind the provider itself; the customer's security setting binds everybody.
    """
    hidden = is_hidden(ProviderOption.SUPPORT_TEMPORARY_ACCOUNT, about.hidden_options, actor.powers)
    return about.accounts_allowed and not hidden


def access_chosen(given: TemporaryAccessChoice | None, *, offered: bool) -> TemporaryAccessChoice | None:
    """What the answer comes to (spec 5.5); None is a choice that was not offered (A23)."""
    if offered:
        return given or TemporaryAccessChoice.CREATE_ACCOUNT
    return None if given is TemporaryAccessChoice.CREATE_ACCOUNT else TemporaryAccessChoice.NOTIFY_ONLY


def ticket_types(about: Subject) -> list[SupportTicketType]:
    """What an invitation can be about; an existing issue only in the commercial environment (A4, A24, AMB-30)."""
    if about.environment is Environment.COMMERCIAL:
        return list(SupportTicketType)
    return [SupportTicketType.NEW_ISSUE]


@requires(Permission.SUPPORT_INVITE)
def offered_services_of(grant: Grant, parents: Parents) -> Select[Any]:
    """The same of these tenants, by name: what the form's picker has."""
    subscription = ServiceSubscription
    offered = grant.rows_of(Service).join(subscription, subscription.service_id == Service.id)
    return (
        offered.where(parents.match(subscription.tenant_id), *_subscribed(grant))
        .distinct()
        .order_by(Service.name, Service.id)
    )


@requires(Permission.SUPPORT_INVITE)
def subject_of_form(grant: Grant, tenant_id: UUID) -> Select[Any]:
    """The row of a `Subject` for the form."""
    return subject_row(grant, tenant_id)


@requires(Permission.SUPPORT_INVITE)
def privacy_agreement(grant: Grant) -> Select[Any]:
    """The agreement that stands for files (A12)."""
    return current_agreement(grant, AgreementKind.PRIVACY)


def _subscribed(grant: Grant) -> tuple[ColumnElement[bool], ...]:
    subscription = ServiceSubscription
    return subscription.status != SubscriptionStatus.ENDED, subscription.visible_to(grant.powers)
