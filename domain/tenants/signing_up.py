"""Asking for an account, or for a new password: the same is done for every address, whoever it belongs to (C2-C4, C15).

All that happens here is that a mail is asked for. What it says, and whether there is one, is found out by the worker
(`domain.tenants.account_mail`): neither the answer nor the time that it takes can tell whether there is an account.
"""

import re
from dataclasses import dataclass
from typing import Any

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.records.attempts import Attempts
from domain.records.commands import announce, audit
from domain.support.contact import check_email, check_name
from domain.tenants.account_mail import PASSWORD_RESET, SIGN_UP

MAILS_TO_ADDRESS = 5
MAILS_FROM_ADDRESS = 30
"""In a quarter of an hour: to one mail address, and asked for from one IP address."""
LONGEST_LANGUAGE = 35
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class SignUp:
    """Who wants an account, as it was entered (C4); `language` is a tag of BCP 47."""

    first_name: str
    last_name: str
    email: str
    language: str | None = None


@requires(Permission.ACCOUNT_SIGN_UP)
async def sign_up(grant: Grant, given: SignUp) -> None:
    """Ask for a mail with a link to create a password (C5)."""
    problems = Problems()
    names = {
        "first_name": check_name(given.first_name, problems, "firstName"),
        "last_name": check_name(given.last_name, problems, "lastName"),
    }
    email = check_email(given.email, problems, "email").lower()
    language = check_language(given.language, problems, "language")
    problems.refuse_if_any()
    await _ask(grant, SIGN_UP, email, **names, language=language)


@requires(Permission.ACCOUNT_SIGN_UP)
async def request_reset(grant: Grant, email: str) -> None:
    """Ask for a mail with a link to choose another password (C15)."""
    problems = Problems()
    address = check_email(email, problems, "email").lower()
    problems.refuse_if_any()
    await _ask(grant, PASSWORD_RESET, address)


def check_language(given: str | None, problems: Problems, *path: str) -> str | None:
    """An optional tag of a language, such as `en` or `pt-BR`."""
    tag = (given or "").strip()
    if tag and (len(tag) > LONGEST_LANGUAGE or not _LANGUAGE.fullmatch(tag)):
        problems.add(ErrorCode.OUT_OF_RANGE, "This is no tag of a language, such as en or pt-BR.", *path)
    return tag or None


async def _ask(grant: Grant, template: str, email: str, **more: Any) -> None:
    """Let the mail be written, and note who asked for it, unless too many were."""
    limits = {f"mail:{email}": MAILS_TO_ADDRESS}
    if grant.actor.ip_address:
        limits[f"address:{grant.actor.ip_address}"] = MAILS_FROM_ADDRESS
    if not await Attempts("account", limits).count(grant):
        refuse(ErrorCode.RATE_LIMITED, "This was asked for too often: wait a quarter of an hour.")
    audit(grant, template.replace("_", ".", 1), "user", None, after={"email": email})
    announce(grant, "mail", grant.actor.tenant_id, {"to": email, "template": template, **more})
