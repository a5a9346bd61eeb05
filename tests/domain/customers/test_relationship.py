"""A relationship's one verb, and what the relationship lets a partner's acts reach (B17, B18, spec 4.4, 5.4)."""

from datetime import UTC, datetime

import pytest

from authz.permissions import Permission
from authz.roles import Role
from domain.base import new_id
from domain.customers.model import ManagementMode, ManagementRelationship, ProviderOption, RelationshipStatus
from domain.customers.options import is_hidden
from domain.customers.reach import acts_at
from domain.errors import ErrorCode, RefusedError
from tests.support.powers import powers

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PARTNER, CUSTOMER = ManagementMode.PARTNER, ManagementMode.CUSTOMER
ACTIVE, PENDING = RelationshipStatus.ACTIVE, RelationshipStatus.PENDING
TEMPORARY, EXPIRED = ProviderOption.SUPPORT_TEMPORARY_ACCOUNT, ProviderOption.EXPIRED_SERVICES


def relationship(mode: ManagementMode, status: RelationshipStatus = ACTIVE) -> ManagementRelationship:
    return ManagementRelationship(mode=mode, status=status)


def test_B17_from_partner_to_customer() -> None:
    managed, by = relationship(PARTNER), new_id()
    managed.change_mode(CUSTOMER, by, NOW)
    assert (managed.mode, managed.mode_changed_by, managed.mode_changed_at) == (CUSTOMER, by, NOW)
    assert not managed.managed


@pytest.mark.parametrize(
    ("mode", "status", "to", "code"),
    [
        (CUSTOMER, ACTIVE, PARTNER, ErrorCode.IRREVERSIBLE_TRANSITION),
        (CUSTOMER, ACTIVE, CUSTOMER, ErrorCode.INVALID_TRANSITION),
        (PARTNER, ACTIVE, PARTNER, ErrorCode.INVALID_TRANSITION),
        (PARTNER, PENDING, CUSTOMER, ErrorCode.INVALID_TRANSITION),
    ],
)
def test_B18_everything_else_is_refused(
    mode: ManagementMode, status: RelationshipStatus, to: ManagementMode, code: ErrorCode
) -> None:
    managed = relationship(mode, status)
    with pytest.raises(RefusedError) as refusal:
        managed.change_mode(to, new_id(), NOW)
    assert [problem.code for problem in refusal.value.problems] == [code]
    assert (managed.mode, managed.mode_changed_at) == (mode, None)


def test_B54_what_reaches_a_customer_that_manages_itself_is_licensing() -> None:
    lost = acts_at(powers(Role.PARTNER_ADMIN), ACTIVE, PARTNER) - acts_at(powers(Role.PARTNER_ADMIN), ACTIVE, CUSTOMER)
    assert {Permission.TICKET_READ, Permission.CUSTOMER_ACCESS, Permission.SERVICE_START} <= lost
    assert Permission.SUBSCRIPTION_UPDATE not in lost


def test_before_the_customer_has_accepted_only_the_partners_own_notes_are_reached() -> None:
    assert acts_at(powers(Role.PARTNER_ADMIN), PENDING, PARTNER) == {
        Permission.CUSTOMER_READ,
        Permission.CUSTOMER_UPDATE,
        Permission.CUSTOMER_TAG,
        Permission.CUSTOMER_PIN,
        Permission.CUSTOMER_DISCONNECT,
    }


@pytest.mark.parametrize(
    ("role", "option", "bound"),
    [
        (Role.TENANT_OWNER, TEMPORARY, True),
        (Role.TENANT_OWNER, EXPIRED, True),
        (Role.PARTNER_ADMIN, TEMPORARY, False),
        (Role.PARTNER_ADMIN, EXPIRED, True),
        (Role.AGENT, TEMPORARY, False),
        (Role.AGENT, EXPIRED, False),
    ],
)
def test_A21_whom_a_hidden_option_binds(role: Role, option: ProviderOption, bound: bool) -> None:
    assert is_hidden(option, [option], powers(role)) is bound
    assert not is_hidden(option, [], powers(role))
