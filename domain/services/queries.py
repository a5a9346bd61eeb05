"""Every SELECT of services and subscriptions."""

from typing import Any

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.services.model import Service
from execution.relation import Parents


@requires(Permission.SERVICE_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Services of the catalogue by their ids."""
    return grant.rows_of(Service).where(parents.match(Service.id))
