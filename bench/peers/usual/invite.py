# mypy: disable-error-code="import-not-found, no-any-return"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""Raising a ticket with SQLModel's objects: looked up and made one after the other, and flushed together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.peers import invitation
from bench.peers.invitation import HIDDEN, LIFETIME, NEW_TICKET, OPERATION, Form
from bench.peers.usual.database import Actor
from bench.peers.usual.models import Participant, Subscription, Ticket, TicketEvent, TicketStatus
from bench.peers.usual.people import (
    AuditEvent,
    CalendarException,
    CalendarInterval,
    IdempotencyRecord,
    Membership,
    OutboxEvent,
    Policy,
    Region,
    SecuritySettings,
    Target,
    TemporaryAccount,
    Tenant,
    User,
)
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse

INVITING = ("TENANT_OWNER", "SERVICE_ADMINISTRATOR")


@dataclass(frozen=True, slots=True)
class Subject:
    """The tenant for which support is asked."""

    tenant: Tenant
    settings: SecuritySettings | None
    owner: User | None


class Inviting:
    """One invitation."""

    def __init__(self, session: AsyncSession, actor: Actor, given: dict[str, Any]) -> None:
        self._session = session
        self._actor = actor
        self._problems = Problems()
        self._form: Form = invitation.read(given, self._problems)

    async def invite(self) -> Ticket:
        """The new ticket, or the one that the key stands for already; raises `RefusedError`."""
        if not await self._claimed():
            return await self._earlier()
        about = await self._subject()
        hidden = HIDDEN in about.tenant.hidden_options
        allowed = about.settings is None or about.settings.temporary_support_accounts_allowed
        access = invitation.access(self._form, offered=allowed and not hidden, problems=self._problems)
        invitation.check_service(self._problems, offered=await self._offered())
        self._problems.refuse_if_any()
        ticket = await self._open(about)
        await self._add_people(ticket)
        self._record(ticket, access)
        record = await self._kept()
        record.result = {"ticket_id": str(ticket.id)}
        self._session.add(record)
        await self._session.flush()
        return ticket

    async def _claimed(self) -> bool:
        form, actor = self._form, self._actor
        if actor.role not in INVITING:
            refuse(ErrorCode.FORBIDDEN, "Your role does not allow this.", "tenantId")
        values = {
            "id": new_id(),
            "tenant_id": actor.tenant_id,
            "principal_id": actor.user_id,
            "key": form.key,
            "operation": OPERATION,
            "body_hash": form.body_hash,
        }
        claim = insert(IdempotencyRecord).values(values).on_conflict_do_nothing().returning(col(IdempotencyRecord.id))
        return (await self._session.execute(claim)).first() is not None

    async def _kept(self) -> IdempotencyRecord:
        row, actor = IdempotencyRecord, self._actor
        mine = select(row).where(row.tenant_id == actor.tenant_id, row.principal_id == actor.user_id)
        return (await self._session.exec(mine.where(row.key == self._form.key))).one()

    async def _earlier(self) -> Ticket:
        record = await self._kept()
        if record.body_hash != self._form.body_hash or record.result is None:
            refuse(ErrorCode.IDEMPOTENCY_MISMATCH, "This key was used with other arguments.", "idempotencyKey")
        return await self._session.get_one(Ticket, UUID(record.result["ticket_id"]))

    async def _subject(self) -> Subject:
        if self._form.tenant_id != self._actor.tenant_id:
            refuse(ErrorCode.NOT_FOUND, "There is nothing with this id that you can see.", "tenantId")
        owns = (col(Membership.tenant_id) == Tenant.id) & (col(Membership.role) == "TENANT_OWNER")
        statement = (
            select(Tenant, SecuritySettings, User)
            .outerjoin(SecuritySettings, col(SecuritySettings.tenant_id) == Tenant.id)
            .outerjoin(Membership, owns)
            .outerjoin(User, col(User.id) == Membership.user_id)
            .where(Tenant.id == self._form.tenant_id)
        )
        return Subject(*(await self._session.exec(statement)).one())

    async def _offered(self) -> bool:
        row = Subscription
        live = ~(col(row.hidden_when_expired) & (col(row.valid_until) <= self._actor.now))
        mine = (
            col(row.tenant_id) == self._form.tenant_id,
            col(row.service_id) == self._form.service_id,
            col(row.status) != "ENDED",
        )
        return bool((await self._session.exec(select(exists().where(*mine, live)))).one())

    async def _open(self, about: Subject) -> Ticket:
        actor, form, owner = self._actor, self._form, about.owner
        region = await self._region(about.tenant)
        ticket = Ticket(
            **form.columns,
            **{**NEW_TICKET, "status": TicketStatus.OPEN},
            **await self._promises(region),
            tenant_id=actor.tenant_id,
            service_id=form.service_id,
            requester_user_id=actor.user_id,
            requester_tenant_id=actor.tenant_id,
            requester_name=actor.name,
            tenant_owner_user_id=owner.id if owner else None,
            tenant_owner_name=owner.name if owner else None,
            tenant_owner_email=owner.email if owner else None,
            region_id=region.id if region else None,
            created_at=actor.now,
            last_public_activity_at=actor.now,
        )
        self._session.add(ticket)
        await self._session.flush()
        return ticket

    async def _region(self, tenant: Tenant) -> Region | None:
        country = col(Region.countries).contains([tenant.country or ""])
        candidates = (col(Region.id) == tenant.support_region_id) | country | col(Region.is_default)
        rows = (await self._session.exec(select(Region).where(candidates).order_by(Region.key))).all()
        ranked = sorted(rows, key=lambda row: (row.id != tenant.support_region_id, tenant.country not in row.countries))
        return ranked[0] if ranked else None

    async def _promises(self, region: Region | None) -> dict[str, Any]:
        promising = select(Policy, Target).where(col(Policy.plan_name).is_(None), Target.policy_id == Policy.id)
        wanted = promising.where(Target.severity == self._form.columns["severity"])
        found = (await self._session.exec(wanted)).first()
        if region is None or found is None:
            return {}
        policy, target = found
        interval, exception = CalendarInterval, CalendarException
        order = (col(interval.weekday), col(interval.start_minute))
        weekly = await self._session.exec(select(interval).where(interval.region_id == region.id).order_by(*order))
        others = await self._session.exec(select(exception).where(exception.region_id == region.id))
        calendar = {
            "tz": region.timezone,
            "weekly": [(each.weekday, each.start_minute, each.end_minute) for each in weekly],
            "exceptions": {each.on_date.isoformat(): each.intervals for each in others},
        }
        promised = target.model_dump() | {"policy_version": policy.version}
        return invitation.promises(self._actor.now, promised, orjson.dumps(calendar).decode())

    async def _add_people(self, ticket: Ticket) -> None:
        for person in invitation.people(self._form, self._actor):
            account = func.participant_account(person["email"], ticket.tenant_id)
            found: dict[str, Any] = {"user_id": (await self._session.exec(select(account))).one()} | person
            common: dict[str, Any] = {
                "tenant_id": ticket.tenant_id,
                "ticket_id": ticket.id,
                "added_at": self._actor.now,
            }
            self._session.add(Participant(**common, **found))

    def _record(self, ticket: Ticket, access: str) -> None:
        for event in invitation.timeline(self._actor, self._actor.now, access):
            self._session.add(TicketEvent(tenant_id=ticket.tenant_id, ticket_id=ticket.id, **event))
        if access == "CREATE_ACCOUNT":
            account = self._account(ticket)
            after = {"ticket": ticket.number, "expires_at": account.expires_at.isoformat()}
            self._session.add(account)
            self._audit("temporary_account.grant", "temporary_account", account.id, after)
        noted = {"number": ticket.number, "severity": ticket.severity, "temporary_access": access}
        self._audit("support.invite", "ticket", ticket.id, noted)
        facts = {**invitation.facts(ticket.model_dump()), "number": ticket.number}
        for email in invitation.mail_to(self._form, self._actor.email):
            self._tell(ticket, "mail", {"to": email, "template": "ticket_created", **facts})
        self._tell(ticket, "ticket.created", {"temporary_access": access, **facts})

    def _account(self, ticket: Ticket) -> TemporaryAccount:
        now = self._actor.now
        return TemporaryAccount(
            tenant_id=ticket.tenant_id,
            ticket_id=ticket.id,
            service_id=self._form.service_id,
            granted_at=now,
            expires_at=now + LIFETIME,
        )

    def _audit(self, action: str, object_type: str, object_id: UUID, after: dict[str, Any]) -> None:
        actor = self._actor
        self._session.add(
            AuditEvent(
                tenant_id=actor.tenant_id,
                occurred_at=actor.now,
                actor_user_id=actor.user_id,
                actor_name=actor.name,
                acting_tenant_id=actor.tenant_id,
                acting_tenant_name=actor.tenant_name,
                session_id=actor.session_id,
                action=action,
                object_type=object_type,
                object_id=object_id,
                after=after,
                ip_address="127.0.0.1",
                request_id=uuid4().hex,
            )
        )

    def _tell(self, ticket: Ticket, topic: str, payload: dict[str, Any]) -> None:
        self._session.add(OutboxEvent(tenant_id=ticket.tenant_id, topic=topic, payload=payload))
