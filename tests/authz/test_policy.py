"""The reviewed policy, as the specification's matrix has it (spec 5.2, 5.3)."""

import pytest

from authz.enforcer import permissions_of
from authz.permissions import Category, Permission
from authz.roles import DerivedRole, Role

P = Permission
ADMINISTRATORS = "TENANT_OWNER SERVICE_ADMINISTRATOR CUSTOMIZED_ADMINISTRATOR APPLICATION_ADMINISTRATOR"
HOLDERS = {
    P.SUPPORT_INVITE: f"{ADMINISTRATORS} PARTNER_ADMIN",
    P.TICKET_CREATE: f"{ADMINISTRATORS} STANDARD_USER PARTNER_ADMIN PARTNER_USER",
    P.SECURITY_UPDATE: "TENANT_OWNER SERVICE_ADMINISTRATOR PARTNER_ADMIN",
    P.USER_UPDATE_ROLE: "TENANT_OWNER SERVICE_ADMINISTRATOR PARTNER_ADMIN",
    P.OWNER_TRANSFER: "TENANT_OWNER PARTNER_ADMIN",
    P.SERVICE_START: f"{ADMINISTRATORS} PARTNER_ADMIN",
    P.SUBSCRIPTION_READ: "TENANT_OWNER SERVICE_ADMINISTRATOR CUSTOMIZED_ADMINISTRATOR PARTNER_ADMIN PARTNER_USER"
    " AGENT AGENT_LEAD OPERATOR TEMPORARY_SUPPORT",
    P.SUBSCRIPTION_UPDATE: "PARTNER_ADMIN OPERATOR",
    P.TEMP_ACCOUNT_REVOKE: "TENANT_OWNER SERVICE_ADMINISTRATOR PARTNER_ADMIN AGENT AGENT_LEAD",
    P.CUSTOMER_MANAGE_MODE: "TENANT_OWNER PARTNER_ADMIN",
    P.TEMPLATE_APPLY: "PARTNER_ADMIN",
    P.TICKET_CLOSE: "AGENT AGENT_LEAD",
    P.TICKET_CLOSE_NONDECREMENT: "AGENT_LEAD",
    P.TICKET_NOTE_INTERNAL: "AGENT AGENT_LEAD",
    P.TICKET_BULK_UPDATE: "AGENT AGENT_LEAD",
    P.ENTITLEMENT_ADJUST: "AGENT_LEAD",
    P.SERVICE_LEVEL_MANAGE: "OPERATOR",
    P.AUDIT_READ: "TENANT_OWNER SERVICE_ADMINISTRATOR PARTNER_ADMIN AGENT_LEAD OPERATOR",
}


@pytest.mark.parametrize("permission", HOLDERS, ids=str)
def test_K2_only_these_roles_hold_the_act(permission: Permission) -> None:
    assert {role.value for role in Role if permission in permissions_of((role,))} == set(HOLDERS[permission].split())


def test_K2_an_unknown_role_holds_nothing() -> None:
    assert permissions_of(("NOBODY",)) == frozenset()


def test_A18_a_temporary_support_account_may_only_read() -> None:
    assert permissions_of((Role.TEMPORARY_SUPPORT,)) == {
        P.TENANT_READ,
        P.SERVICE_READ,
        P.SUBSCRIPTION_READ,
        P.TICKET_READ,
    }


@pytest.mark.parametrize(
    ("category", "gained"),
    [
        (Category.MANAGEMENT, {P.USER_READ, P.USER_INVITE, P.USER_UPDATE_ROLE, P.USER_DISABLE}),
        (Category.AUTO_DISCOVERY, set()),
        (
            Category.ADMINISTRATION,
            {
                P.TENANT_UPDATE,
                P.SECURITY_READ,
                P.SECURITY_UPDATE,
                P.TEMP_ACCOUNT_READ,
                P.TEMP_ACCOUNT_REVOKE,
                P.AUDIT_READ,
                P.WEBHOOK_MANAGE,
            },
        ),
    ],
)
def test_A31_a_category_adds_its_acts_to_a_customized_administrator(
    category: Category, gained: set[Permission]
) -> None:
    plain = permissions_of((Role.CUSTOMIZED_ADMINISTRATOR,))
    assert permissions_of((Role.CUSTOMIZED_ADMINISTRATOR,), (category,)) - plain == gained


def test_A30_inviting_support_belongs_to_the_customized_administrator_itself() -> None:
    assert P.SUPPORT_INVITE in permissions_of((Role.CUSTOMIZED_ADMINISTRATOR,))


def test_a_custom_role_adds_single_acts() -> None:
    added = permissions_of((Role.PARTNER_USER,), ("customer:update",)) - permissions_of((Role.PARTNER_USER,))
    assert added == {P.CUSTOMER_UPDATE}


def test_a_denial_beats_every_allowance() -> None:
    held = permissions_of((Role.PARTNER_ADMIN,), ("customer:disconnect",), ("customer:disconnect", "report:*"))
    assert permissions_of((Role.PARTNER_ADMIN,)) - held == {
        P.CUSTOMER_DISCONNECT,
        P.REPORT_GENERATE,
        P.REPORT_VIEW,
        P.REPORT_EXPORT,
    }


def test_several_roles_hold_the_union() -> None:
    both = permissions_of((Role.AGENT, Role.OPERATOR))
    assert both == permissions_of((Role.AGENT,)) | permissions_of((Role.OPERATOR,))


def test_B54_licensing_is_what_remains_for_the_partner_in_customer_mode() -> None:
    assert permissions_of((DerivedRole.PARTNER_LICENSING,)) == {
        P.TENANT_READ,
        P.SERVICE_READ,
        P.SUBSCRIPTION_READ,
        P.SUBSCRIPTION_UPDATE,
        P.SUBSCRIPTION_BULK_UPDATE,
        P.CUSTOMER_READ,
        P.CUSTOMER_UPDATE,
        P.CUSTOMER_MANAGE_MODE,
        P.CUSTOMER_DISCONNECT,
        P.CUSTOMER_PIN,
        P.CUSTOMER_TAG,
        P.CUSTOMER_HIDE_EXPIRED,
        P.OPTION_POLICY_READ,
        P.EXPORT_CREATE,
        P.EXPORT_SCHEDULE,
    }


def test_the_policy_names_only_acts_of_the_catalogue() -> None:
    everything = permissions_of(tuple(Role))
    assert {p for p in Permission if p not in everything} == set()
