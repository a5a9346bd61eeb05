"""Verifying an Access ID and a Contract ID (D4, D16, D19): short secrets, so that guesses are counted and noted.

What is found out is committed before anything is done with it: a refusal must not take the count back.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import column, func, select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.entitlements.model import Program
from domain.entitlements.presentation import display_name, masked
from domain.entitlements.secrets import ContractSecrets
from domain.errors import ErrorCode, Problem, RefusedError
from domain.records.attempts import Attempts
from domain.records.commands import audit

DIGITS = re.compile(r"[0-9]{1,40}")
FAILURES_OF_USER = 10
FAILURES_OF_ADDRESS = 50
FAILURES_OF_ACCESS_ID = 20
INVALID = Problem(ErrorCode.INVALID_CONTRACT_IDS, "No support contract has this Access ID and Contract ID.")
TOO_MANY = Problem(ErrorCode.RATE_LIMITED, "Too many attempts failed: try again in 15 minutes.")
NOBODY = Problem(ErrorCode.FORBIDDEN, "Support contracts are linked to the sign-in of a person.")


@dataclass(frozen=True, slots=True)
class ContractIds:
    """Both ids as they were entered, without white space around them: nothing is stripped or padded (D19)."""

    access_id: str
    contract_id: str

    @classmethod
    def entered(cls, access_id: str, contract_id: str) -> "ContractIds":
        """From a form."""
        return cls(access_id.strip(), contract_id.strip())

    @property
    def missing(self) -> list[Problem]:
        """What was left blank."""
        values = {"accessId": self.access_id, "contractId": self.contract_id}
        blank = (name for name, value in values.items() if not value)
        return [Problem(ErrorCode.REQUIRED, "Enter the digits.", (name,)) for name in blank]

    @property
    def plausible(self) -> bool:
        """Whether both are digits."""
        return bool(DIGITS.fullmatch(self.access_id) and DIGITS.fullmatch(self.contract_id))


@dataclass(frozen=True, slots=True)
class Verified:
    """The contract that two ids name."""

    contract_id: UUID
    holder_id: UUID
    program: Program
    display_name: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one attempt: a contract, or why there is none."""

    verified: Verified | None
    problems: tuple[Problem, ...] = ()

    def contract(self) -> Verified:
        """The contract; raises `RefusedError`, with one answer for all that can be wrong with the ids."""
        if self.verified is None:
            raise RefusedError(self.problems)
        return self.verified


@requires(Permission.CONTRACT_LINK)
async def verify(grant: Grant, ids: ContractIds, secrets: ContractSecrets) -> Finding:
    """Look two ids up, once: refuses nothing itself, so that its transaction is committed whatever it finds."""
    if grant.actor.principal is not PrincipalKind.USER:
        return Finding(None, (NOBODY,))
    if ids.missing:
        return Finding(None, tuple(ids.missing))
    attempts = _attempts(grant, ids)
    if not await attempts.count(grant):
        return await _noted(grant, ids, Finding(None, (TOO_MANY,)))
    verified = await _found(grant, ids, secrets) if ids.plausible else None
    if verified is None:
        return await _noted(grant, ids, Finding(None, (INVALID,)))
    await attempts.take_back(grant)
    return await _noted(grant, ids, Finding(verified))


async def _found(grant: Grant, ids: ContractIds, secrets: ContractSecrets) -> Verified | None:
    """The contract among those with this Access ID; each is compared, so that the time tells nothing."""
    columns = ("contract_id", "contract_hash", "holder_id", "programme", "plan", "ends_at")
    candidates = func.find_support_contracts(ids.access_id).table_valued(*(column(name) for name in columns))
    rows = (await grant.run(select(*candidates.c))).all()
    matching = [row for row in rows if secrets.matches(ids.contract_id, row.contract_hash)]
    if not matching:
        return None
    row = matching[0]
    name = display_name(ids.access_id, row.plan)
    return Verified(row.contract_id, row.holder_id, Program(row.programme), name, row.ends_at)


async def _noted(grant: Grant, ids: ContractIds, finding: Finding) -> Finding:
    """Note the attempt, with no more of the ids than tells which contract it was about."""
    outcome = "VERIFIED" if finding.verified else finding.problems[0].code.value
    after = {"outcome": outcome, "access_id": masked(ids.access_id) if ids.plausible else None}
    key = finding.verified.contract_id if finding.verified else None
    audit(grant, "support_contract.verify", "support_contract", key, after=after)
    return finding


def _attempts(grant: Grant, ids: ContractIds) -> Attempts:
    limits = {f"user:{grant.actor.user_id}": FAILURES_OF_USER}
    if grant.actor.ip_address:
        limits[f"address:{grant.actor.ip_address}"] = FAILURES_OF_ADDRESS
    if ids.plausible:
        limits[f"access:{ids.access_id}"] = FAILURES_OF_ACCESS_ID
    return Attempts("contract", limits)
