"""Support contracts, and what is left on them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from domain.entitlements import presentation, queries
from domain.entitlements.warnings import MESSAGES, NEEDS, warnings
from domain.services import queries as services
from execution.ids import encode
from resolvers.enums.entitlements import (
    ContractSharing,
    ContractStatus,
    ContractWarningCode,
    EntitlementUnit,
    Program,
    TransactionKind,
)
from resolvers.enums.services import ServiceFamily
from schema.errors import MutationPayload
from schema.fields import computed, connection, global_id, many, one, plain
from schema.relay import Connection, Node
from schema.services import Service, SupportChannel


def _display_name(root: Any) -> str:
    return presentation.display_name(root["access_id"], root["plan_name"])


LABELLED = ("valid_from", "program", "partner_number", "country", "access_id")


def _label(root: Any) -> str:
    return presentation.label(*(root[name] for name in LABELLED))


def _usable(root: Any) -> bool:
    return not warnings(root)


@strawberry.type(description="One change of a balance.")
class EntitlementTransaction(Node):
    """Rows of `domain.entitlements.model.EntitlementTransaction`."""

    id: strawberry.ID = global_id("transaction")
    kind: TransactionKind = plain("Why the balance changed.")
    quantity: Decimal = plain("By how much, in the balance's unit; negative only where a correction took away.")
    reason: str | None = plain("Why it was corrected; null for all that follows from tickets and time.")
    occurred_at: datetime = plain("When.")


@strawberry.type(description="A balance of incidents or hours on a support contract (D2).")
class Entitlement(Node):
    """Rows of `domain.entitlements.queries.listing`."""

    id: strawberry.ID = global_id("entitlement")
    unit: EntitlementUnit = plain("What is counted.")
    total: Decimal = plain("What was given, in the unit.")
    available: Decimal = plain("What is left, from 0 to the total.")
    used: Decimal = plain("What tickets have drawn: the total less what is left.")
    status: ContractStatus = plain("Where it stands now: as its contract, and exhausted when nothing is left.")
    valid_from: datetime = plain("The first instant at which it can be used.")
    valid_until: datetime = plain("The first instant at which it can be used no longer (D3).")
    contract: Annotated["SupportContract", strawberry.lazy("schema.entitlements")] | None = one(
        queries.contract_by_ids, key="contract_id", description="The contract that it is on."
    )
    transactions: Connection[EntitlementTransaction] = connection(
        queries.transactions_of_entitlements,
        key="id",
        description="How the balance came about, newest first; empty for all but those who manage the holder's "
        "contracts, and platform staff.",
    )


@strawberry.type(description="What a support contract covers: one service, or a family of services.")
class SupportContractEligibility:
    """Rows of `domain.entitlements.model.SupportContractEligibility`."""

    family: ServiceFamily | None = plain("Every service of this family; null where it is one service.")
    service: Service | None = one(
        services.by_ids, key="service_id", description="This service; null where it is a family."
    )


@strawberry.type(
    description="A support contract, from which tickets draw. Its Contract ID is secret and never returned (AMB-29)."
)
class SupportContract(Node):
    """Rows of `domain.entitlements.queries.contracts`."""

    id: strawberry.ID = global_id("contract")
    access_id: str = plain("The half of its ids that is not secret: digits, with their leading zeros (D19).")
    display_name: str = computed(
        _display_name, needs=("access_id", "plan_name"), description="What lists show: Access ID and plan (D18)."
    )
    label: str = computed(
        _label,
        needs=LABELLED,
        description="What tells contracts of partners apart: year, programme, partner, country, and the Access ID "
        "with only its first digits (D32).",
    )
    plan_name: str = plain("The name of the plan.")
    program: Program = plain("The programme under which it was given.")
    partner_number: str | None = plain("The partner's number in that programme.")
    country: str | None = plain("The country of the benefit, as an ISO 3166-1 code of two letters.")
    valid_from: datetime = plain("The first instant at which it counts.")
    valid_until: datetime = plain("The first instant at which it counts no longer (D3).")
    status: ContractStatus = plain("Where it stands now: expired and exhausted follow from time and balances.")
    sharing: ContractSharing = plain("Who may link it (AMB-28).")
    eligibility: list[SupportContractEligibility] = many(
        queries.eligibility_of_contracts, key="id", description="What it covers: any one of these suffices (D17)."
    )
    entitlements: Connection[Entitlement] | None = connection(
        queries.entitlements_of_contracts, key="id", description="Its balances."
    )


@strawberry.type(description="Something that speaks against using a linked support contract.")
class SupportContractWarning:
    """Made by `_warnings`."""

    code: ContractWarningCode = plain("For programs.")
    message: str = plain("For people, in English.")


def _warnings(root: Any) -> list[SupportContractWarning]:
    return [{"code": code, "message": MESSAGES[code]} for code in warnings(root)]  # type: ignore[misc]  # rows are dictionaries


@strawberry.type(
    description="A support contract that you have associated with your sign-in, for one channel (D5, D11)."
)
class SupportContractLink(Node):
    """Rows of `domain.entitlements.queries.links_of_viewer`."""

    id: strawberry.ID = global_id("contractlink")
    linked_at: datetime = plain("When you linked it.")
    channel: SupportChannel | None = one(
        services.channels_by_ids, key="channel_id", description="For which channel you linked it."
    )
    support_contract: SupportContract | None = one(
        queries.contract_by_ids, key="contract_id", description="The contract."
    )
    usable: bool = computed(
        _usable, needs=NEEDS, description="Whether it can pay: for the service asked about, or for any at all."
    )
    warnings: list[SupportContractWarning] = computed(
        _warnings, needs=NEEDS, description="What speaks against using it; empty when it is usable (D27)."
    )


LINK_ARGUMENTS: dict[str, Any] = {
    "service_id": (strawberry.ID | None, "The service that is to be paid for; without it, none in particular.")
}
ENTITLEMENT_ARGUMENTS: dict[str, Any] = {
    "unit": (EntitlementUnit | None, "Only balances of this unit."),
    "usable": (bool | None, "Only those that can be used now, or only those that cannot."),
}


@strawberry.type(description="What `supportContractVerify` answers with.")
class SupportContractVerifyPayload(MutationPayload):
    """What a contract shows to those who have both ids, before they link it."""

    display_name: str | None = plain("Access ID and plan (D18).")
    valid_until: datetime | None = plain("The first instant at which it counts no longer.")


@strawberry.type(description="What `supportContractLink` answers with.")
class SupportContractLinkPayload(MutationPayload):
    """Rows of the command."""

    support_contract: SupportContract | None = one(
        queries.contract_by_ids, key="contract_id", description="The contract."
    )
    link: SupportContractLink | None = one(
        queries.link_by_ids, key="link_id", description="The association with your sign-in."
    )


def _unlinked(root: Any) -> strawberry.ID | None:
    return strawberry.ID(encode("contractlink", root["link_id"])) if root["link_id"] else None


@strawberry.type(description="What `supportContractUnlink` answers with.")
class SupportContractUnlinkPayload(MutationPayload):
    """Rows of the command."""

    link_id: strawberry.ID | None = computed(
        _unlinked, needs=("link_id",), description="The id of the association that is no more."
    )
    support_contract: SupportContract | None = one(
        queries.contract_by_ids,
        key="contract_id",
        description="The contract; null where you no longer see it, now that it is not linked.",
    )


@strawberry.type(description="What `entitlementAdjust` answers with.")
class EntitlementAdjustPayload(MutationPayload):
    """Rows of the command."""

    entitlement: Entitlement | None = one(
        queries.entitlement_by_ids, key="entitlement_id", description="The balance after the correction."
    )
