"""The audit log of the demo: how tickets were raised, contracts linked, and relationships changed (spec 3, 2)."""

from datetime import datetime
from uuid import UUID

from app.demo.ids import Ids
from app.demo.world import Person, World
from authz.powers import PrincipalKind
from domain.records.model import AuditEvent

_COLUMNS = (
    "id", "tenant_id", "occurred_at", "actor_kind", "actor_user_id", "actor_name", "acting_tenant_id",
    "acting_tenant_name", "action", "object_type", "object_id", "ip_address", "private_to",
)  # fmt: skip


def note(
    world: World,
    ids: Ids,
    at: datetime,
    person: Person,
    action: str,
    *,
    on: tuple[str, UUID],
    concerned: UUID,
    private_to: UUID | None = None,
) -> None:
    """Somebody did something: a row for the tenant in which they acted and, if it is another, for the one concerned.

    `on` is the object's type and id, `private_to` who alone sees it there (E20).
    """
    log = world.batch.sheet(AuditEvent, _COLUMNS)
    for tenant_id in (person.tenant_id,) if person.tenant_id == concerned else (person.tenant_id, concerned):
        log.append(
            (
                ids(),
                tenant_id,
                at,
                PrincipalKind.USER,
                person.id,
                person.name,
                person.tenant_id,
                person.tenant_name,
                action,
                *on,
                "192.0.2.17",
                private_to,
            )
        )
