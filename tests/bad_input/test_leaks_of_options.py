"""What must not be learned of a tenant: who hides what, and what is beyond a limited principal's reach."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from authz.permissions import Permission
from authz.roles import Role
from domain.customers.model import ProviderOption
from execution.ids import encode
from tests.bad_input.asked import ask, valid
from tests.bad_input.scene import Scene, told
from tests.bad_input.test_leaks_of_tickets import AUDIT, NODE, TICKET, archived, parts_of
from tests.support import factories as make
from tests.support.app import Client

FORM = (
    "query ($id: ID!) { supportInviteForm(tenantId: $id) { temporaryAccess { default } services { id } ticketTypes } }"
)


async def invited(who: Client, scene: Scene) -> Any:
    given = valid("supportInviteNewIssue", scene.ground.values)
    wanted = {"input": given["input"] | {"temporaryAccess": "CREATE_ACCOUNT"}}
    return (await ask(who, "supportInviteNewIssue", wanted)).body


async def test_A21_who_hides_an_option_cannot_be_told_by_the_customer(scene: Scene) -> None:
    """Form, refusal and log are the same, whether the provider hides it, for all or for one, or the customer itself."""
    world, user = scene.world, await scene.enter("application_administrator")
    answers = []
    for hide in ("partner, for all", "partner, for this one", "the customer"):
        await scene.restored()
        user = await scene.enter("application_administrator")
        async with scene.client.session() as session:
            if hide == "the customer":
                await session.execute(
                    text("UPDATE tenant_security_settings SET temporary_support_accounts_allowed = false")
                )
            else:
                one = world.alder.tenant if "one" in hide else None
                option = ProviderOption.SUPPORT_TEMPORARY_ACCOUNT
                await make.option_policy(session, world.meridian.tenant, option, customer_id=one)
        form = (await user.query(FORM, id=scene.ground.values["tenantId"])).body
        assert form["data"]["supportInviteForm"]["temporaryAccess"] is None
        answers.append((form, await invited(user, scene)))
    assert answers[0] == answers[1] == answers[2]
    payload = answers[0][1]["data"]["supportInviteNewIssue"]
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
        ("OPTION_UNAVAILABLE", ["temporaryAccess"])
    ]


@pytest.mark.parametrize("role", ["tenant_owner", "service_administrator", "standard_user", "temporary_support"])
async def test_A21_no_path_leads_a_customer_to_its_providers_policies(scene: Scene, role: str) -> None:
    world, values = scene.world, scene.ground.values
    before = {}
    for hidden in (False, True):
        if hidden:
            partner = await scene.enter("partner_admin")
            given = {"customerId": values["customerId"], "input": {"option": "EXPIRED_SERVICES", "hidden": True}}
            assert told(await ask(partner, "providerOptionPolicySet", given), "providerOptionPolicySet") == []
        async with scene.client.session() as session:
            rows = await session.execute(
                text("SELECT id FROM provider_option_policy WHERE customer_tenant_id = :id"), {"id": world.alder.tenant}
            )
            policies = [encode("optionpolicy", key) for key in rows.scalars()]
        who = await scene.enter(role)
        before[hidden] = [
            (await who.query(AUDIT)).body,
            (
                await who.query(
                    """query ($id: ID!) { tenant(id: $id) { name management { mode modeChangedAt }
                   providerOptionDefaults { hidden } viewerCan { inviteSupport } } }""",
                    id=values["tenantId"],
                )
            ).body,
            (
                await who.query(
                    "query ($id: ID!) { customer(id: $id) { optionPolicies { hidden } } }", id=values["customerId"]
                )
            ).body,
        ]
        for policy in policies:
            unknown = await who.query(NODE, id=encode("optionpolicy", world.alder.tenant))
            assert (await who.query(NODE, id=policy)).body == unknown.body
    assert before[False] == before[True]


async def test_A22_the_security_settings_are_for_those_who_may_read_them(scene: Scene) -> None:
    document_ = "query ($id: ID!) { tenant(id: $id) { securitySettings { trustedIps } } }"
    for role in ("standard_user", "application_administrator", "partner_admin", "agent_lead", "temporary_support"):
        answer = await (await scene.enter(role)).query(document_, id=scene.ground.values["tenantId"])
        assert answer.body["data"]["tenant"]["securitySettings"] is None, role


async def test_A18_the_temporary_account_sees_its_ticket_and_its_service_and_nothing_else(scene: Scene) -> None:
    who, world = await scene.enter("temporary_support"), scene.world
    async with scene.client.session() as session:
        same_service = await make.ticket(session, world.alder.tenant, world.alder.owner, world.catalogue.backup)
    for other in (encode("ticket", same_service), await archived(scene)):
        assert (await who.query(TICKET, id=other)).codes == ["NOT_FOUND"]
        for part in await parts_of(scene, other):
            assert (await who.query(NODE, id=part)).codes == ["NOT_FOUND"], part
    seen = await who.query(
        """query ($id: ID!) { tickets(first: 100) { totalCount } services(first: 100) { nodes { name } }
           tenant(id: $id) {
             services(first: 100) { nodes { service { name } } }
             tickets(first: 100) { totalCount } } }""",
        id=scene.ground.values["tenantId"],
    )
    named = [{"service": {"name": "Cloud Backup"}}]
    assert seen.data == {
        "tickets": {"totalCount": 1},
        "services": {"nodes": [{"name": "Cloud Backup"}]},
        "tenant": {"services": {"nodes": named}, "tickets": {"totalCount": 1}},
    }
    for prefix, key in (
        ("tenant", world.meridian.tenant),
        ("tenant", world.platform.tenant),
        ("user", world.meridian.admin),
        ("service", world.catalogue.archive),
        ("customerservice", world.alder.archive_subscription),
        ("customer", world.alder.relationship),
        ("contract", UUID(scene.ground.values["contractId"].rpartition("_")[2])),
        ("subscription", world.alder.archive_subscription),
    ):
        answer = await who.query(NODE, id=encode(prefix, key))
        assert answer.codes[0] in {"NOT_FOUND", "FORBIDDEN"}, prefix
        assert answer.body == (await who.query(NODE, id=encode(prefix, world.tarn_valley.owner))).body, prefix


async def test_A18_the_temporary_account_changes_nothing(scene: Scene) -> None:
    """Read-only: refused with every mutation there is (the role matrix), and its reads leave the log alone."""
    who, before = await scene.enter("temporary_support"), await scene.rows()
    for field in ("ticketReplyAdd", "ticketClose", "attachmentUploadCreate", "temporarySupportAccountRevoke"):
        found = told(await ask(who, field, valid(field, scene.ground.values)), field)
        assert [code for code, *_ in found] == ["FORBIDDEN"], field
    assert await scene.rows() == before


async def test_K6_a_machine_reaches_no_further_than_its_scopes_by_nesting(scene: Scene) -> None:
    """It holds `ticket:read`, `service:read` and `tenant:read`, and its role would hold much more."""
    machine = await scene.enter("service_principal")
    answer = await machine.query(
        """query ($id: ID!, $ticket: ID!) {
          tenant(id: $id) { name securitySettings { version } entitlements(first: 5) { totalCount }
            services(first: 5) { nodes { subscription { seats } service { name } } } }
          ticket(id: $ticket) { number entitlementUse { contract { accessId } } viewerCan { reply resolve } }
        }""",
        id=scene.ground.values["tenantId"],
        ticket=scene.ground.values["ticketId"],
    )
    tenant = answer.body["data"]["tenant"]
    assert (tenant["securitySettings"], tenant["entitlements"]) == (None, None)
    assert [row["subscription"] for row in tenant["services"]["nodes"]] == [None, None]
    assert answer.body["data"]["ticket"]["viewerCan"] == {"reply": False, "resolve": False}
    assert set(answer.codes) == {"FORBIDDEN"}


async def test_K6_a_partners_machine_filters_by_nothing_that_it_may_not_read(scene: Scene) -> None:
    """A filter is a question, too: without `ticket:read` nobody is told which customers have open tickets."""
    async with scene.client.session() as session:
        principal = await make.service_principal(session, scene.world.meridian.tenant, Role.PARTNER_ADMIN)
        scopes: list[str] = [Permission.CUSTOMER_READ]
        _, token = await make.api_token(session, scene.world.meridian.tenant, principal, scopes=scopes)
    machine = scene.client.with_token(token)
    for condition in (
        "hasOpenTickets: true",
        "hasOpenTickets: false",
        'serviceIds: ["SERVICE"]',
        'subscriptionProductIds: ["SERVICE"]',
    ):
        wanted = condition.replace("SERVICE", scene.ground.values["serviceId"])
        answer = await machine.query(f"{{ customers(first: 5, filter: {{{wanted}}}) {{ totalCount }} }}")
        assert (answer.codes, answer.body["data"]) == (["FORBIDDEN"], None), condition
    nested = await machine.query(
        """{ customers(first: 1) { nodes { openTicketCount tickets(first: 1) { totalCount } optionPolicies { hidden }
             services(first: 1) { totalCount } subscriptions(first: 1) { totalCount } tenant { name } } } }"""
    )
    nothing = {"openTicketCount": None, "tickets": None, "optionPolicies": None, "services": None}
    assert nested.body["data"]["customers"]["nodes"] == [nothing | {"subscriptions": None, "tenant": None}]
