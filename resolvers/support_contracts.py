"""Asking for support contracts, and associating them with sign-ins."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import strawberry

from authz.errors import ForbiddenError
from authz.gate import Gate
from authz.permissions import Permission
from domain.entitlements import commands, queries
from domain.entitlements.verification import ContractIds, Finding, verify
from domain.services import queries as services
from execution.ask import several
from execution.ids import decode_as
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found

OfService = Annotated[strawberry.ID, strawberry.argument(description="The service that is to be paid for.")]
OfChannel = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The channel of the request; by default the service's own, and no other has any."),
]


@strawberry.input(description="The two ids that together name a support contract (D4).")
class ContractIdsInput(MutationInput):
    """What verifying and linking begin with."""

    access_id: str = strawberry.field(description="All its digits, with leading zeros (D19).")
    contract_id: str = strawberry.field(description="All its digits, with leading zeros; it is never returned.")


@strawberry.input(description="Which support contract to look up.")
class SupportContractVerifyInput(ContractIdsInput):
    """Input of `supportContractVerify`."""


@strawberry.input(description="Which support contract to link, and for what.")
class SupportContractLinkInput(ContractIdsInput):
    """Input of `supportContractLink`."""

    channel_id: strawberry.ID = strawberry.field(
        description="The channel of the requests that it is to pay for; your sign-in must be of its kind (D11)."
    )


@strawberry.input(description="Further to the association that is to end.")
class SupportContractUnlinkInput(MutationInput):
    """Input of `supportContractUnlink`."""


async def support_contract(info: Info, id: Id) -> Any:
    """One support contract by its id."""
    return await found(info.context, "contract", id)


async def eligible_support_contracts(info: Info, service_id: OfService, channel_id: OfChannel = None) -> Any:
    """Those that can pay for an incident about a service."""
    context = info.context
    key = decode_as("service", service_id)
    service = await context.get(services.by_ids, key)
    if channel_id is not None and decode_as("channel", channel_id) != service["channel_id"]:
        return []
    wanted = {"service_id": key, "channel_id": service["channel_id"]}
    return await context.answer(several(queries.eligible_contracts, wanted))


async def support_contract_verify(info: Info, input: Annotated[SupportContractVerifyInput, INPUT]) -> Any:
    """Look a contract up."""
    finding = await _finding(info, input)

    async def command(_gate: Gate) -> Changed:
        return {"contract_id": _required(finding).contract().contract_id}

    payload = await mutate(info, _sealed(info, input), command)
    verified = finding.verified if finding else None
    if verified is not None and not payload["user_errors"]:
        payload |= {"display_name": verified.display_name, "valid_until": verified.valid_until}
    return payload


async def support_contract_link(info: Info, input: Annotated[SupportContractLinkInput, INPUT]) -> Any:
    """Link a contract."""
    finding = await _finding(info, input)

    async def command(gate: Gate) -> Changed:
        contract = _required(finding)
        link_id = await commands.link(gate, contract, key_of("channel", input.channel_id, "channelId"))
        return {"link_id": link_id, "contract_id": contract.contract().contract_id}

    return await mutate(info, _sealed(info, input), command)


async def support_contract_unlink(info: Info, link_id: Id, input: Annotated[SupportContractUnlinkInput, INPUT]) -> Any:
    """Unlink a contract."""

    async def command(gate: Gate) -> Changed:
        key = key_of("contractlink", link_id, "linkId")
        return {"contract_id": await commands.unlink(gate, key), "link_id": key}

    return await mutate(info, input, command, link_id=link_id)


async def _finding(info: Info, given: ContractIdsInput) -> Finding | None:
    """What comes of the ids, committed before it is acted upon; None for those who may not try."""
    context = info.context
    if not context.gate.holds(Permission.CONTRACT_LINK):
        return None
    ids = ContractIds.entered(given.access_id, given.contract_id)
    return await context.run(partial(verify, ids=ids, secrets=context.facilities.contract_secrets))


def _required(finding: Finding | None) -> Finding:
    if finding is None:
        raise ForbiddenError
    return finding


def _sealed(info: Info, given: ContractIdsInput) -> ContractIdsInput:
    """The input as it may be remembered with an idempotency key: without the secret half of the ids."""
    return replace(given, contract_id=info.context.facilities.contract_secrets.hash(given.contract_id.strip()))
