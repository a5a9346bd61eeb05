"""Every SELECT of services and subscriptions."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, not_, or_, true

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.criteria import keywords
from domain.customers.model import ManagementRelationship
from domain.customers.status import is_managed
from domain.services.model import Service, ServiceSetup, ServiceSubscription, SetupStatus
from domain.services.status import subscription_status
from domain.support.model import SupportChannel
from domain.tenants.reach import own_tenant
from execution.paging import Key, Listing
from execution.relation import Parents


@requires(Permission.SERVICE_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Services of the catalogue by their ids."""
    return grant.rows_of(Service).where(parents.match(Service.id))


@requires(Permission.SERVICE_READ)
def listing(grant: Grant, search: str = "") -> Listing:
    """The part of the catalogue that the actor may work with (A2, A18), by name; every keyword must be in the name."""
    folded = func.lower(func.unaccent(Service.name))
    named = (func.strpos(folded, func.lower(func.unaccent(literal(word)))) > 0 for word in keywords(search))
    return Listing(grant.rows_of(Service).where(*named), (Key(Service.name), Key(Service.id)))


@requires(Permission.SERVICE_READ)
def channels_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Support channels by their ids (D9)."""
    return grant.rows_of(SupportChannel).where(parents.match(SupportChannel.id))


@requires(Permission.SERVICE_READ)
def subscribed_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Services of tenants, as `services_of_tenants` has them, by their ids."""
    return _subscribed(grant).where(parents.match(ServiceSubscription.id))


@requires(Permission.SERVICE_READ)
def services_of_tenants(grant: Grant, parents: Parents, *, include_expired: bool | None = None) -> Listing:
    """What these tenants have subscribed to and how far it is started (B9, B54), without what licences tell."""
    return _listed(_subscribed(grant).where(parents.match(ServiceSubscription.tenant_id)), include_expired)


services_of_customers = services_of_tenants
"""The same for a partner's customers: the parents' key is the customer's tenant."""


@requires(Permission.SUBSCRIPTION_READ)
def subscription_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Licences by their ids."""
    return _licences(grant).where(parents.match(ServiceSubscription.id))


@requires(Permission.SUBSCRIPTION_READ)
def subscriptions_of_tenants(grant: Grant, parents: Parents, *, include_expired: bool | None = None) -> Listing:
    """The licences of these tenants; a partner keeps them in CUSTOMER mode, too (spec 4.4)."""
    return _listed(_licences(grant).where(parents.match(ServiceSubscription.tenant_id)), include_expired)


@requires(Permission.SERVICE_READ)
def setup_of_subscriptions(grant: Grant, parents: Parents) -> Select[Any]:
    """How far these subscriptions are started (B9); nothing where a partner has lost its access (B10)."""
    return grant.rows_of(ServiceSetup).where(parents.match(ServiceSetup.subscription_id))


def _licences(grant: Grant) -> Select[Any]:
    subscription = ServiceSubscription
    stored = (column for column in subscription.__table__.columns if column.key != "status")
    return grant.select(subscription, *stored, subscription_status().label("status"))


def _subscribed(grant: Grant) -> Select[Any]:
    subscription, setup = ServiceSubscription, ServiceSetup
    columns = (
        subscription.id,
        subscription.tenant_id,
        subscription.service_id,
        subscription.valid_from,
        subscription_status().label("status"),
        _setup_status(grant.powers).label("setup_status"),
    )
    started = and_(setup.subscription_id == subscription.id, setup.visible_to(grant.powers))
    return grant.select(subscription, *columns).select_from(subscription).outerjoin(setup, started)


def _setup_status(powers: Powers) -> ColumnElement[Any]:
    """How far a startable service is started, NOT_STARTED before anybody began (B9); null where that is not seen."""
    subscription, setup = ServiceSubscription, ServiceSetup
    startable = exists().where(Service.id == subscription.service_id, Service.startable)
    begun = setup.status.is_not(None)
    nothing = literal(SetupStatus.NOT_STARTED, setup.status.type)
    return case((begun, setup.status), (and_(startable.correlate(subscription), _managed(powers)), nothing))


def _managed(powers: Powers) -> ColumnElement[bool]:
    """Whether more than licences is seen of the subscription's tenant: by a partner in PARTNER mode only (B10)."""
    if not powers.is_partner:
        return true()
    edge, tenant_id = ManagementRelationship, ServiceSubscription.tenant_id
    managed = exists().where(edge.customer_tenant_id == tenant_id, own_tenant(edge.tenant_id), is_managed())
    return or_(own_tenant(tenant_id), managed.correlate(ServiceSubscription))


def _listed(statement: Select[Any], include_expired: bool | None) -> Listing:
    """In the order in which they began; `include_expired` is true unless it is said otherwise."""
    if include_expired is False:
        statement = statement.where(not_(ServiceSubscription.expired()))
    return Listing(statement, (Key(ServiceSubscription.valid_from), Key(ServiceSubscription.id)))
