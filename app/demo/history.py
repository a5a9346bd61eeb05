"""The audit log of the demo: how tickets were raised, contracts linked, and relationships changed (spec 3, 2)."""

from datetime import datetime
from uuid import UUID

from app.demo.ids import Ids
from app.demo.world import Person, World
from authz.actor import PrincipalKind
from domain.records.model import AuditEvent


def note(
    world: World,
    ids: Ids,
    at: datetime,
    person: Person,
    action: str,
    *,
    on: tuple[str, UUID],
    concerned: UUID,
) -> None:
    """Somebody did something: a row for the tenant in which they acted and, if it is another, for the one concerned.

    `on` is the object's type and id.
    """
    for tenant_id in dict.fromkeys((person.tenant_id, concerned)):
        world.batch.add(
            AuditEvent,
            id=ids(),
            tenant_id=tenant_id,
            occurred_at=at,
            actor_kind=PrincipalKind.USER,
            actor_user_id=person.id,
            actor_name=person.name,
            acting_tenant_id=person.tenant_id,
            acting_tenant_name=person.tenant_name,
            action=action,
            object_type=on[0],
            object_id=on[1],
            ip_address="192.0.2.17",
        )
