"""The audit log as clients see it."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from execution.ids import encode
from resolvers.enums.tenants import PrincipalKind
from schema.fields import computed, global_id, plain
from schema.relay import Node


def _actor_id(root: Any) -> strawberry.ID | None:
    person = root["actor_user_id"] is not None and root["actor_kind"] == PrincipalKind.USER
    return strawberry.ID(encode("user", root["actor_user_id"])) if person else None


def _object_id(root: Any) -> strawberry.ID | None:
    return None if root["object_id"] is None else strawberry.ID(encode(root["object_type"], root["object_id"]))


def _acting_tenant_id(root: Any) -> strawberry.ID:
    return strawberry.ID(encode("tenant", root["acting_tenant_id"]))


def _actor_kind(root: Any) -> PrincipalKind:
    return PrincipalKind(root["actor_kind"])


@strawberry.type(description="Something that somebody did: written once, never changed.")
class AuditEvent(Node):
    """Rows of `domain.records.model.AuditEvent`."""

    id: strawberry.ID = global_id("audit")
    occurred_at: datetime = plain("When it was done.")
    action: str = plain("What was done, such as `customer.update`.")
    object_type: str = plain("To what kind of object.")
    object_id: strawberry.ID | None = computed(
        _object_id, needs=("object_type", "object_id"), description="To which object; null where there is none."
    )
    actor_kind: PrincipalKind = computed(_actor_kind, needs=("actor_kind",), description="What stood behind it.")
    actor_id: strawberry.ID | None = computed(
        _actor_id, needs=("actor_kind", "actor_user_id"), description="The person; null for machines and jobs."
    )
    actor_name: str = plain("The name of who did it, as it was then.")
    acting_tenant_id: strawberry.ID = computed(
        _acting_tenant_id, needs=("acting_tenant_id",), description="For which tenant it was done."
    )
    acting_tenant_name: str = plain("The name of that tenant, as it was then.")
    before: JSON | None = plain("What was changed, as it was before; null where nothing was. Never a secret.")
    after: JSON | None = plain("What was changed, as it is afterwards; null where nothing was. Never a secret.")
    ip_address: str | None = plain("From where; null where it is not known.")
    request_id: str | None = plain("In which request, as in the logs.")
