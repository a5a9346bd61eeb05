"""What the documents of the role matrix act on, and how to tell that nothing of it has changed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from authz.permissions import Permission
from authz.roles import Role
from domain.entitlements.secrets import ContractSecrets
from domain.tenants.account_tokens import AccountToken, hash_of
from domain.tickets.model import TicketStatus
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.factories.adding import add
from tests.support.sending import File
from tests.support.world import World, twins, world

# Traces that refusals leave on purpose: who signed in, which token was used, what was tried.
TRACES = {"sign_in_session", "sign_in_attempt", "api_token", "audit_event", "attempt_counter", "signing_key"}
ACCESS_ID, CONTRACT_ID = "0230242323", "0012345678"


@dataclass(frozen=True, slots=True)
class Ground:
    """The values of the documents' variables, by name."""

    values: dict[str, Any]
    temporary_account: UUID
    machine_token: str
    tool_token: str

    def values_for(self, document: str) -> dict[str, Any]:
        """Those that the document declares."""
        return {name: self.values[name] for name in re.findall(r"\$(\w+):", document)}

    async def fingerprint(self, client: Running) -> dict[str, str | None]:
        """A hash of the rows of every table, but for the traces that refusals leave on purpose."""
        hashes = await client.snapshots.hashes()
        return {name: hashes[name] for name in hashes.keys() - TRACES}


async def laid(client: Running) -> tuple[World, Ground]:
    """Alder's ticket with a temporary account, a contract that its owner linked, and a stranger partner beside it."""
    return await client.load("ground", _all)


async def _all(session: AsyncSession) -> tuple[World, Ground]:
    everybody = await world(session)
    await twins(session, offered=everybody.catalogue)
    return everybody, await _ground(session, everybody)


async def _ground(session: AsyncSession, everybody: World) -> Ground:
    alder, offered = everybody.alder, everybody.catalogue
    account = await make.temporary_account(session, alder.tenant, alder.ticket, offered.backup)
    contract, entitlement = await make.contract(session, alder.tenant)
    link = await make.link(session, alder.tenant, alder.owner, contract, offered.contract_channel)
    secret_hash = ContractSecrets(SECRET).hash(CONTRACT_ID)
    await make.contract(session, alder.tenant, access_id=ACCESS_ID, contract_id_hash=secret_hash)
    user, resolved = alder.user, {"status": TicketStatus.RESOLVED, "resolved_at": datetime.now(UTC)}
    solved = await make.ticket(session, alder.tenant, user, offered.backup, **resolved)
    copied = await make.participant(session, alder.tenant, alder.ticket, None)
    outsider = await make.user(session, "consultant@elsewhere.example", email_verified_at=datetime.now(UTC))
    named: dict[str, Any] = {"email": "consultant@elsewhere.example", "added_by_tenant_id": alder.tenant}
    await make.participant(session, alder.tenant, alder.ticket, outsider, **named)
    webhook = await make.webhook(session, alder.tenant)
    delivery = await make.webhook_delivery(session, alder.tenant, webhook, alder.ticket)
    unmet, looked_after = [
        await make.ticket(session, alder.tenant, user, offered.backup, **_looked_after(everybody)) for _ in range(2)
    ]
    began = datetime.now(UTC) - timedelta(minutes=10)
    met, begun = [
        await make.appointment(session, alder.tenant, looked_after, everybody.platform.agent, starts_at=at)
        for at in (None, began)
    ]
    number = await session.execute(text("SELECT number FROM ticket WHERE id = :id"), {"id": alder.ticket})
    return Ground(
        {
            "tenantId": encode("tenant", alder.tenant),
            "customerId": encode("customer", alder.relationship),
            "ticketId": encode("ticket", alder.ticket),
            "number": number.scalar(),
            "resolvedTicketId": encode("ticket", solved),
            "unmetTicketId": encode("ticket", unmet),
            "metTicketId": encode("ticket", looked_after),
            "appointmentId": encode("appointment", met),
            "begunAppointmentId": encode("appointment", begun),
            **_times(),
            "participantId": encode("participant", copied),
            "premiumId": encode("service", offered.premium),
            "serviceId": encode("service", offered.backup),
            "channelId": encode("channel", offered.contract_channel),
            "agentId": encode("user", everybody.platform.agent),
            "accessId": ACCESS_ID,
            "secretId": CONTRACT_ID,
            "linkId": encode("contractlink", link),
            "contractId": encode("contract", contract),
            "entitlementId": encode("entitlement", entitlement),
            "webhookId": encode("webhook", webhook),
            "deliveryId": encode("webhookdelivery", delivery),
            "regionKey": (await session.execute(text("SELECT key FROM support_region"))).scalar(),
            "policyKey": (await session.execute(text("SELECT key FROM sla_policy"))).scalar(),
            "deviceId": encode("device", await make.device(session, alder.user)),
            "temporaryAccountId": encode("temporary_account", account),
            "bulkId": encode("bulk", await _bulk_operation(session, everybody)),
            "exportId": encode("export", await make.export_job(session, alder.tenant, alder.owner)),
            "exportScheduleId": encode(
                "exportschedule", await make.export_schedule(session, alder.tenant, alder.owner)
            ),
            "accountToken": await _account_token(session, alder.user),
            "file": File(),
        },
        account,
        await _machine(session, everybody),
        await _tool(session, everybody),
    )


def _looked_after(everybody: World) -> dict[str, Any]:
    """By the agent, in a region that works round the clock."""
    agent = {"assignee_id": everybody.platform.agent, "assignee_name": "Agent Northstar"}
    return agent | {"region_id": everybody.catalogue.region}


def _times() -> dict[str, str]:
    """A time at which there can be a meeting, and until when others are asked for."""
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    return {"startsAt": first.isoformat(), "until": (first + timedelta(hours=2)).isoformat()}


async def _account_token(session: AsyncSession, user_id: UUID) -> str:
    """What a link has by which somebody chooses another password."""
    token, until = "bwa_of_the_ground", datetime.now(UTC) + timedelta(hours=1)
    await add(session, AccountToken, user_id=user_id, token_hash=hash_of(token), expires_at=until)
    return token


async def _machine(session: AsyncSession, everybody: World) -> str:
    """The token of a service principal: its role may much, its token only reads."""
    tenant = everybody.alder.tenant
    principal = await make.service_principal(session, tenant, Role.SERVICE_ADMINISTRATOR)
    scopes: list[str] = [Permission.TICKET_READ, Permission.SERVICE_READ, Permission.TENANT_READ]
    _, token = await make.api_token(session, tenant, principal, scopes=scopes)
    return token


async def _bulk_operation(session: AsyncSession, everybody: World) -> UUID:
    """What the agent has asked for."""
    platform = everybody.platform
    return await make.bulk_operation(session, platform.tenant, platform.agent, [everybody.alder.ticket])


async def _tool(session: AsyncSession, everybody: World) -> str:
    """The token of an internal tool of the platform: a lead's role, all acts on tickets and balances."""
    tenant = everybody.platform.tenant
    principal = await make.service_principal(session, tenant, Role.AGENT_LEAD)
    kinds = (Permission.TICKET_READ.object, Permission.ENTITLEMENT_READ.object)
    scopes: list[str] = [p for p in Permission if p.object in kinds]
    _, token = await make.api_token(session, tenant, principal, scopes=scopes)
    return token
