"""Root fields of support contracts and entitlements."""

import strawberry

from resolvers import entitlements, support_contracts
from schema.entitlements import (
    Entitlement,
    EntitlementAdjustPayload,
    SupportContract,
    SupportContractLinkPayload,
    SupportContractUnlinkPayload,
    SupportContractVerifyPayload,
)
from schema.relay import Connection


@strawberry.type
class EntitlementQueries:
    """What can be asked."""

    entitlement: Entitlement | None = strawberry.field(
        resolver=entitlements.entitlement, description="One balance by its id."
    )
    entitlements: Connection[Entitlement] = strawberry.field(
        resolver=entitlements.entitlements,
        description="The balances of the support contracts that you see, in the order in which they were given.",
    )
    support_contract: SupportContract | None = strawberry.field(
        resolver=support_contracts.support_contract, description="One support contract by its id."
    )
    eligible_support_contracts: list[SupportContract] = strawberry.field(
        resolver=support_contracts.eligible_support_contracts,
        description="Your support contracts that can pay for an incident about a service: what does not cover it, "
        "has expired or is used up is not among them (D17).",
    )


@strawberry.type
class EntitlementMutations:
    """What can be done."""

    support_contract_verify: SupportContractVerifyPayload = strawberry.field(
        resolver=support_contracts.support_contract_verify,
        description="Look up a support contract by its Access ID and Contract ID without linking it (D16). "
        "Failed attempts are counted, and further ones refused for a while.",
    )
    support_contract_link: SupportContractLinkPayload = strawberry.field(
        resolver=support_contracts.support_contract_link,
        description="Associate a support contract with your sign-in, once for all later requests (D5, D10). "
        "Failed attempts are counted, and further ones refused for a while.",
    )
    support_contract_unlink: SupportContractUnlinkPayload = strawberry.field(
        resolver=support_contracts.support_contract_unlink,
        description="End such an association; what was drawn stays drawn.",
    )
    entitlement_adjust: EntitlementAdjustPayload = strawberry.field(
        resolver=entitlements.entitlement_adjust,
        description="Correct a balance by hand, with a reason that stays in its ledger.",
    )
