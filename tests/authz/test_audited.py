"""Whatever is done to tickets is in the log, with who really did it, in which session, and for whom (spec 3, 2)."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.records.model import AuditEvent
from domain.tenants.credentials import SignInSession
from execution.ids import decode
from tests.authz.ground import CONTRACT_ID, Ground, laid
from tests.authz.test_matrix import DOCUMENTS, MATRIX, MUTATIONS, ROLES
from tests.support.app import Client, Running
from tests.support.world import World

KINDS = ("ticket", "supportInvite", "temporarySupportAccount", "entitlementAdjust", "bulkOperation")
READING = "ticketMarkRead"
"""Leaves no event: it says what its user has seen, and nothing about the ticket."""
AUDITED = sorted(field for field in MUTATIONS if field.startswith(KINDS) and field != READING)
OF_TOOLS = [field for field in AUDITED if MATRIX[field]["internal_tool"] == "yes"]
EXPORTS = tuple(field for field in MUTATIONS if field.startswith("ticketExport"))
OWN_LOG_ALONE = ("ticketBulkUpdate", "bulkOperationCancel", "ticketNoteAdd", *EXPORTS)
"""Many tickets, each of which is in its tenant's log once it is changed; a file of one's own; and an internal note."""
MACHINES = ("temporary_support", "service_principal", "internal_tool")
SECRETS = ("bwa_", "bwk_", "bwr_", CONTRACT_ID)


async def noted(client: Running, who: Client, ground: Ground, field: str) -> list[AuditEvent]:
    """The events that a mutation leaves, of which nothing was refused."""
    before = {event.id for event in await events(client)}
    answer = await who.query(DOCUMENTS[field], **ground.values_for(DOCUMENTS[field]))
    assert answer.data[field]["userErrors"] == []
    return [event for event in await events(client) if event.id not in before]


async def events(client: Running) -> list[AuditEvent]:
    async with client.session() as session:
        return list((await session.execute(select(AuditEvent))).scalars())


async def sessions_of(client: Running, user_id: UUID) -> set[UUID | None]:
    async with client.session() as session:
        found = await session.execute(select(SignInSession.id).where(SignInSession.user_id == user_id))
        return set(found.scalars())


async def identity(who: Client) -> tuple[UUID, str]:
    viewer = (await who.query("{ viewer { id principal } }")).data["viewer"]
    return decode(viewer["id"])[1], viewer["principal"]


def check(left: list[AuditEvent], field: str, world: World, acting: UUID) -> None:
    """In the logs of both sides, with what changed, and without secrets."""
    concerned = {acting} if field in OWN_LOG_ALONE else {acting, world.alder.tenant}
    assert {event.tenant_id for event in left} == concerned
    assert {event.acting_tenant_id for event in left} == {acting}
    assert all(event.object_id and (event.before or event.after) and event.request_id for event in left)
    text = json.dumps([(event.before, event.after) for event in left]).lower()
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("field", AUDITED)
async def test_the_log_names_the_person_its_session_and_both_organisations(client: Running, field: str) -> None:
    world, ground = await laid(client)
    role = next(role for role in reversed(ROLES) if role not in MACHINES and MATRIX[field][role] == "yes")
    asker = await ROLES[role](client, world, ground)
    person, kind = await identity(asker)
    left = await noted(client, asker, ground, field)
    check(left, field, world, acting_tenant(world, role))
    assert {(event.actor_user_id, event.actor_kind, kind) for event in left} == {(person, "USER", "USER")}
    (session_id,) = {event.session_id for event in left}
    assert session_id in await sessions_of(client, person)
    assert {event.occurred_at for event in left} == {client.clock.now}


@pytest.mark.parametrize("field", OF_TOOLS)
async def test_K6_the_log_names_the_machine(client: Running, field: str) -> None:
    world, ground = await laid(client)
    asker = await ROLES["internal_tool"](client, world, ground)
    machine, kind = await identity(asker)
    left = await noted(client, asker, ground, field)
    check(left, field, world, world.platform.tenant)
    assert {(event.actor_user_id, event.actor_kind) for event in left} == {(machine, kind)}
    assert kind == "SERVICE_PRINCIPAL"


def acting_tenant(world: World, role: str) -> UUID:
    """Where somebody of this role acts."""
    if role in ("agent", "agent_lead", "operator"):
        return world.platform.tenant
    return world.meridian.tenant if role in ("partner_admin", "partner_user") else world.alder.tenant
