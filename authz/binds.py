"""The actor's values in SQL, by name: a statement's text depends on what the actor may do, never on who it is."""

from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

TENANT: BindParameter[UUID] = bindparam("actor_tenant_id", type_=Uuid())
USER: BindParameter[UUID] = bindparam("actor_user_id", type_=Uuid())
MEMBERSHIP: BindParameter[UUID] = bindparam("actor_membership_id", type_=Uuid())
TICKET: BindParameter[UUID] = bindparam("actor_ticket_id", type_=Uuid())
SERVICES: BindParameter[Any] = bindparam("actor_service_ids", type_=ARRAY(Uuid()))
NOW = bindparam("actor_now", type_=DateTime(timezone=True))
