"""What speaks against paying with a contract that somebody has linked: it is shown with a warning, not hidden (D27)."""

from enum import StrEnum
from typing import Any

from domain.entitlements.model import CLOUD_ONLY, ContractStatus
from domain.services.model import ServiceFamily


class ContractWarningCode(StrEnum):
    """Why a linked contract cannot be used."""

    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    NOT_YET_VALID = "NOT_YET_VALID"
    NO_AVAILABLE_INCIDENTS = "NO_AVAILABLE_INCIDENTS"
    CLOUD_SERVICES_ONLY = "CLOUD_SERVICES_ONLY"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    OTHER_CHANNEL = "OTHER_CHANNEL"


Code = ContractWarningCode
MESSAGES = {
    Code.EXPIRED: "The support contract has expired.",
    Code.REVOKED: "The support contract has been withdrawn.",
    Code.NOT_YET_VALID: "The support contract is not valid yet.",
    Code.NO_AVAILABLE_INCIDENTS: "No incident is left on the support contract.",
    Code.CLOUD_SERVICES_ONLY: "Contracts of this programme pay for services in the cloud only.",
    Code.NOT_ELIGIBLE: "The support contract does not cover this service.",
    Code.OTHER_CHANNEL: "The support contract is linked for another channel than this service's.",
}
BY_STATUS = {
    ContractStatus.EXPIRED: Code.EXPIRED,
    ContractStatus.REVOKED: Code.REVOKED,
    ContractStatus.PENDING_ACTIVATION: Code.NOT_YET_VALID,
}
NEEDS = ("status", "program", "has_incident", "covered", "family", "channel_id", "needed_channel_id")


def warnings(link: dict[str, Any]) -> list[ContractWarningCode]:
    """For a row of `queries.links_of_viewer`; where no service was asked about, only what is true for every service."""
    found = []
    if link["status"] in BY_STATUS:
        found.append(BY_STATUS[link["status"]])
    if not link["has_incident"]:
        found.append(Code.NO_AVAILABLE_INCIDENTS)
    if link["covered"] is False:
        local = link["program"] in CLOUD_ONLY and link["family"] is ServiceFamily.ON_PREMISES
        found.append(Code.CLOUD_SERVICES_ONLY if local else Code.NOT_ELIGIBLE)
    if link["needed_channel_id"] not in (None, link["channel_id"]):
        found.append(Code.OTHER_CHANNEL)
    return found
