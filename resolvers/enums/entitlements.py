"""The enums of support contracts and entitlements."""

from domain.entitlements.model import ContractSharing, ContractStatus, EntitlementUnit, Program, TransactionKind
from domain.entitlements.warnings import MESSAGES, ContractWarningCode
from resolvers.enums.describe import describe

__all__ = [
    "ContractSharing",
    "ContractStatus",
    "ContractWarningCode",
    "EntitlementUnit",
    "Program",
    "TransactionKind",
]

describe(
    Program,
    "The programme under which a support contract was given.",
    CORE="Bought, or part of a membership: for all products that it names.",
    SCS="Signature Cloud Support for core products: services in the cloud only.",
    SCS_AZURE="Signature Cloud Support for Azure: services in the cloud only.",
    ASFP="Advanced Support for Partners: services in the cloud only.",
)
describe(
    ContractStatus,
    "Where a support contract, or a balance on it, stands now.",
    PENDING_ACTIVATION="It cannot be used yet.",
    ACTIVE="It can be used.",
    EXHAUSTED="Nothing is left of it.",
    EXPIRED="Its time is over.",
    REVOKED="The platform has withdrawn it.",
)
describe(
    ContractSharing,
    "Who may link a support contract.",
    ANY_WITH_IDS="Anyone who has both ids.",
    OWN_TENANT="People of the organisation that holds it.",
)
describe(
    EntitlementUnit,
    "What a balance counts.",
    INCIDENT="Incidents, which are whole.",
    HOUR="Hours, with up to two decimals.",
)
describe(
    TransactionKind,
    "Why a balance changed.",
    GRANT="It was given.",
    DEBIT="A ticket drew on it.",
    CREDIT="What a ticket drew was given back.",
    EXPIRE="Its time was over.",
    ADJUST="It was corrected by hand.",
)
describe(ContractWarningCode, "Why a linked support contract cannot be used.", **MESSAGES)
