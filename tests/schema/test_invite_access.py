"""Who may invite support, and the temporary support account (A1-A3, A17-A24, A30-A32)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from authz.roles import Role
from domain.customers.model import ManagementRelationship, ProviderOption
from domain.records.model import AuditEvent
from domain.services.model import ServiceSubscription
from domain.tenants.model import Membership, PartnerType, Tenant, TenantSecuritySettings
from domain.tickets.model import TemporarySupportAccount, Ticket
from execution.ids import encode
from tests.schema.asking import FORM, counted, done, invited, made, mails, problems, row
from tests.support import factories as make
from tests.support.app import Running
from tests.support.factories import validity
from tests.support.world import World


async def hide(client: Running, world: World, *, customer: UUID | None = None, hidden: bool = True) -> None:
    """Let Meridian hide the question of a temporary account."""
    async with client.session() as session:
        option = ProviderOption.SUPPORT_TEMPORARY_ACCOUNT
        await make.option_policy(session, world.meridian.tenant, option, customer_id=customer, hidden=hidden)


async def forbid(client: Running, tenant_id: UUID) -> None:
    """Switch temporary accounts off in Administration > Security."""
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, tenant_id)
        assert settings is not None
        settings.temporary_support_accounts_allowed = False


async def form_of(client: Running, email: str, tenant_id: UUID) -> dict[str, Any]:
    return await done(await client.as_(email), FORM, tenant=encode("tenant", tenant_id))


@pytest.mark.parametrize("who", ["owner", "service", "custom", "apps"])
async def test_A1_A30_the_four_roles_invite_support(client: Running, world: World, who: str) -> None:
    made(await invited(await client.as_(f"{who}@alder.example"), world))


@pytest.mark.parametrize(
    "who",
    [
        "user@alder.example",
        "colleague@alder.example",
        "staff@meridian.example",
        "agent@northstar.example",
        "lead@northstar.example",
        "operator@northstar.example",
    ],
)
async def test_A1_nobody_else_does_and_nothing_is_kept(client: Running, world: World, who: str) -> None:
    before = await counted(client)
    refused = await invited(await client.as_(who), world)
    assert (refused["ticket"], [error["code"] for error in refused["userErrors"]]) == (None, ["FORBIDDEN"])
    assert await counted(client) == before


async def test_A1_a_partner_invites_on_behalf_of_customers_alone(client: Running, world: World) -> None:
    tenant = world.meridian.tenant
    async with client.session() as session:
        await make.subscription(session, tenant, world.catalogue.backup)
    admin = await client.as_("admin@meridian.example")
    assert problems(await invited(admin, world, tenantId=encode("tenant", tenant))) == [("FORBIDDEN", "tenantId")]
    assert (await admin.query(FORM, tenant=encode("tenant", tenant))).codes == ["FORBIDDEN"]


@pytest.mark.parametrize("who", ["owner@lonepine.example", "owner@tarnvalley.example"])
async def test_A1_a_stranger_does_not_find_the_tenant(client: Running, world: World, who: str) -> None:
    before = await counted(client)
    refused = await invited(await client.as_(who), world)
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert await counted(client) == before


async def test_A30_a_customized_administrator_without_any_permission_category_invites(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        await make.person(session, world.alder.tenant, Role.CUSTOMIZED_ADMINISTRATOR, "plain@alder.example")
    made(await invited(await client.as_("plain@alder.example"), world))


async def test_A2_an_application_administrator_invites_for_its_services_alone(client: Running, world: World) -> None:
    apps = await client.as_("apps@alder.example")
    archive = encode("service", world.catalogue.archive)
    before = await counted(client)
    assert problems(await invited(apps, world, serviceId=archive)) == [("NOT_FOUND", "serviceId")]
    assert await counted(client) == before
    shown = await form_of(client, "apps@alder.example", world.alder.tenant)
    assert [service["name"] for service in shown["services"]] == ["Cloud Backup"]


async def test_A3_there_is_no_form_for_who_may_not_invite(client: Running, world: World) -> None:
    tenant = encode("tenant", world.alder.tenant)
    for who, code in (
        ("user@alder.example", "FORBIDDEN"),
        ("agent@northstar.example", "FORBIDDEN"),
        ("owner@lonepine.example", "NOT_FOUND"),
    ):
        answer = await (await client.as_(who)).query(FORM, tenant=tenant)
        assert (answer.codes, answer.body["data"]) == ([code], {"supportInviteForm": None})
    answer = await (await client.as_("owner@alder.example")).query(FORM, tenant="tenant_x")
    assert answer.codes == ["NOT_FOUND"]


async def test_AMB32_an_expired_service_is_offered_unless_the_provider_hides_it(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, ServiceSubscription, world.alder.archive_subscription, **validity(400))
    shown = await form_of(client, "owner@alder.example", world.alder.tenant)
    assert [service["name"] for service in shown["services"]] == ["Archive", "Cloud Backup"]
    async with client.session() as session:
        option = ProviderOption.EXPIRED_SERVICES
        await make.option_policy(session, world.meridian.tenant, option, customer_id=world.alder.tenant)
    shown = await form_of(client, "owner@alder.example", world.alder.tenant)
    assert [service["name"] for service in shown["services"]] == ["Cloud Backup"]
    archive = encode("service", world.catalogue.archive)
    refused = await invited(await client.as_("owner@alder.example"), world, serviceId=archive)
    assert problems(refused) == [("NOT_FOUND", "serviceId")]


async def test_A17_A18_A19_without_an_answer_an_account_is_made_for_15_days(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    account = ticket["temporarySupportAccount"]
    assert account["status"] == "ACTIVE"
    assert datetime.fromisoformat(account["expiresAt"]) == client.clock.now + timedelta(days=15)
    stored = await row(client, TemporarySupportAccount, account["id"])
    assert (stored.tenant_id, stored.service_id) == (world.alder.tenant, world.catalogue.backup)


async def test_A19_an_account_is_expired_at_the_very_instant(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    query = "query($id: ID!) { ticket(id: $id) { temporarySupportAccount { status } } }"
    states = []
    for seconds in (15 * 24 * 3600 - 1, 1):
        client.clock.advance(seconds=seconds)
        who = await client.as_("owner@alder.example")
        states.append((await who.query(query, id=ticket["id"])).data["ticket"]["temporarySupportAccount"]["status"])
    assert states == ["ACTIVE", "EXPIRED"]


async def test_A20_with_no_the_vendor_is_only_told(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world, temporaryAccess="NOTIFY_ONLY"))
    assert ticket["temporarySupportAccount"] is None
    assert (await counted(client))["TemporarySupportAccount"] == 0
    assert len(await mails(client, "ticket_created")) == 1


async def test_A21_a_provider_hides_the_question_from_its_customer(client: Running, world: World) -> None:
    await hide(client, world, customer=world.alder.tenant)
    assert (await form_of(client, "owner@alder.example", world.alder.tenant))["temporaryAccess"] is None
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    assert ticket["temporarySupportAccount"] is None


async def test_A22_the_security_setting_takes_the_question_away(client: Running, world: World) -> None:
    await forbid(client, world.alder.tenant)
    assert (await form_of(client, "owner@alder.example", world.alder.tenant))["temporaryAccess"] is None
    assert made(await invited(await client.as_("owner@alder.example"), world))["temporarySupportAccount"] is None


@pytest.mark.parametrize("cause", ["hidden", "forbidden", "both"])
async def test_A23_an_explicit_yes_is_refused_in_the_same_way_for_both_causes(
    client: Running, world: World, cause: str
) -> None:
    if cause in {"hidden", "both"}:
        await hide(client, world)
    if cause in {"forbidden", "both"}:
        await forbid(client, world.alder.tenant)
    before = await counted(client)
    refused = await invited(await client.as_("owner@alder.example"), world, temporaryAccess="CREATE_ACCOUNT")
    assert refused["userErrors"] == [
        {
            "__typename": "OptionUnavailableError",
            "code": "OPTION_UNAVAILABLE",
            "field": ["temporaryAccess"],
            "message": "A temporary support account is not offered here.",
            "option": "SUPPORT_TEMPORARY_ACCOUNT",
        }
    ]
    assert await counted(client) == before


async def test_A21_a_row_for_the_customer_beats_the_partners_default(client: Running, world: World) -> None:
    await hide(client, world)
    await hide(client, world, customer=world.alder.tenant, hidden=False)
    assert (await form_of(client, "owner@alder.example", world.alder.tenant))["temporaryAccess"] is not None


async def test_AMB16_what_the_provider_hid_is_shown_again_after_the_flip(client: Running, world: World) -> None:
    await hide(client, world, customer=world.alder.tenant)
    async with client.session() as session:
        await make.change(session, ManagementRelationship, world.alder.relationship, mode="CUSTOMER")
    assert (await form_of(client, "owner@alder.example", world.alder.tenant))["temporaryAccess"] is not None


async def test_A21_the_providers_own_hiding_does_not_bind_the_provider(client: Running, world: World) -> None:
    await hide(client, world, customer=world.alder.tenant)
    admin = await client.as_("admin@meridian.example")
    assert made(await invited(admin, world))["temporarySupportAccount"]["status"] == "ACTIVE"
    await forbid(client, world.alder.tenant)
    refused = await invited(admin, world, temporaryAccess="CREATE_ACCOUNT")
    assert problems(refused) == [("OPTION_UNAVAILABLE", "temporaryAccess")]


async def test_A24_AMB30_an_existing_issue_is_for_the_commercial_environment_alone(
    client: Running, world: World
) -> None:
    assert (await form_of(client, "owner@tarnvalley.example", world.tarn_valley.tenant))["ticketTypes"] == ["NEW_ISSUE"]


async def test_AMB7_a_partner_invites_on_behalf_and_the_owner_is_copied_in(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("admin@meridian.example"), world))
    assert (ticket["origin"], ticket["onBehalf"]) == ("ON_BEHALF", True)
    assert ticket["requester"]["side"] == "PARTNER"
    assert ticket["tenant"] == {"id": encode("tenant", world.alder.tenant)}
    copied = [person["email"] for person in ticket["participants"]["nodes"] if person["kind"] == "CC"]
    assert copied == ["owner@alder.example"]
    stored = await row(client, Ticket, ticket["id"])
    assert (stored.tenant_id, stored.managing_partner_id) == (world.alder.tenant, world.meridian.tenant)
    seen = await (await client.as_("owner@alder.example")).query(
        "query($id: ID!) { ticket(id: $id) { viewerRelation } }", id=ticket["id"]
    )
    assert seen.data["ticket"]["viewerRelation"][-1] == "ORGANIZATION"


async def test_AMB7_an_indirect_provider_may_and_an_indirect_reseller_may_not(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    async with client.session() as session:
        await make.change(session, Tenant, world.meridian.tenant, partner_type=PartnerType.INDIRECT_PROVIDER)
    made(await invited(admin, world))
    async with client.session() as session:
        await make.change(session, Tenant, world.meridian.tenant, partner_type=PartnerType.INDIRECT_RESELLER)
    before = await counted(client)
    assert problems(await invited(admin, world)) == [("ON_BEHALF_NOT_ALLOWED", "tenantId")]
    assert await counted(client) == before
    answer = await admin.query(FORM, tenant=encode("tenant", world.alder.tenant))
    assert answer.codes == ["ON_BEHALF_NOT_ALLOWED"]


async def test_AMB7_a_customer_that_manages_itself_has_ended_the_partners_access(client: Running, world: World) -> None:
    before = await counted(client)
    admin = await client.as_("admin@meridian.example")
    solstice = encode("tenant", world.solstice.tenant)
    assert problems(await invited(admin, world, tenantId=solstice)) == [("ACCESS_DISABLED", "tenantId")]
    assert await counted(client) == before
    assert (await admin.query(FORM, tenant=solstice)).codes == ["ACCESS_DISABLED"]


async def test_AMB7_a_customer_of_nobody_or_of_another_partner_is_not_found(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    refused = await invited(admin, world, tenantId=encode("tenant", world.lone_pine.tenant))
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]


async def test_A32_the_account_is_no_user_of_the_tenant(client: Running, world: World) -> None:
    async def members() -> int:
        async with client.session() as session:
            found = select(Membership).where(Membership.tenant_id == world.alder.tenant)
            return len((await session.execute(found)).all())

    before = await members()
    made(await invited(await client.as_("owner@alder.example"), world))
    assert await members() == before


async def test_an_invitation_is_in_the_log_of_the_tenant_and_of_the_partner(client: Running, world: World) -> None:
    made(await invited(await client.as_("admin@meridian.example"), world))
    async with client.session() as session:
        found = await session.execute(select(AuditEvent.tenant_id, AuditEvent.action))
    logged = {(tenant, action) for tenant, action in found if action != "session.start"}
    for tenant in (world.alder.tenant, world.meridian.tenant):
        assert {(tenant, "support.invite"), (tenant, "temporary_account.grant")} <= logged
