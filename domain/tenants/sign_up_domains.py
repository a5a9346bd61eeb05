"""Which domains of addresses an organisation may list, so that whoever proves one joins it (C6, docs/adr/0015)."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import aliased

from authz.grant import Grant
from authz.permissions import Permission
from authz.roles import CUSTOMER_ROLES, Role
from domain.errors import ErrorCode, Problems
from domain.support.contact import check_email
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus

FIELD = "signUpDomains"
MOST_DOMAINS = 20
FREE_MAIL = re.compile(
    r"(126|163|qq|aol|fastmail|hey|mail|naver|zoho|gmail|googlemail|rocketmail|ymail|icloud|mac|me|live|msn)\.com"
    r"|gmx\.(at|ch|com|de|net)|(hotmail|outlook)\.(co\.uk|com|de|es|fr|it)|yahoo\.(ca|co\.jp|co\.uk|com|de|es|fr|in|it)"
    r"|(freenet|online|posteo|t-online|web)\.de|(bk|inbox|list|mail|yandex)\.ru|mailbox\.org|yandex\.com"
    r"|(free|laposte|orange|wanadoo)\.(fr|net)|(pm|proton)\.me|protonmail\.(ch|com)|(tuta|tutanota)\.(com|de|io)"
    r"|(alice|libero|tiscali|virgilio)\.it|(interia|onet|o2|wp)\.pl|(bluewin|hispeed)\.ch|(email|seznam)\.cz"
)
"""Where anybody gets an address: the commonest. What is not among them is held by the rule of one's own address."""


async def checked_domains(grant: Grant, given: Sequence[str], problems: Problems) -> list[str]:
    """Distinct domains in lower case: nobody lists one in which it has not proved an address of its own.

    So an organisation cannot make members of other people's staff; and who may invite nobody lets nobody in this way.
    """
    if not grant.actor.holds(Permission.USER_INVITE):
        problems.add(ErrorCode.FORBIDDEN, "Only who may invite people says which domains let people in.", FIELD)
    elif not problems.too_many(given, MOST_DOMAINS, "domains", FIELD):
        proved = await _proved(grant) if given else set()
        return list(dict.fromkeys(_checked(text, proved, problems, index) for index, text in enumerate(given)))
    return []


def _checked(text: str, proved: set[str], problems: Problems, index: int) -> str:
    noted = Problems()
    domain = _domain(check_email(f"somebody@{text.strip().removeprefix('@')}", noted))
    if noted:
        problems.add(ErrorCode.OUT_OF_RANGE, "This is no domain of e-mail addresses.", FIELD, str(index))
    elif FREE_MAIL.fullmatch(domain) or domain not in proved:
        message = "List domains in which you or the owner have proved an address, and none of free mail."
        problems.add(ErrorCode.DOMAIN_NOT_ALLOWED, message, FIELD, str(index))
    return domain


async def _proved(grant: Grant) -> set[str]:
    """The domains of the actor's and the owner's addresses, as far as they are proved; none but for a customer."""
    if grant.actor.role not in CUSTOMER_ROLES:
        return set()
    member = aliased(Membership)
    own = (member.tenant_id == grant.actor.tenant_id, member.status == MembershipStatus.ACTIVE)
    responsible = (User.id == grant.actor.user_id) | (member.role == Role.TENANT_OWNER)
    proved = (User.status == UserStatus.ACTIVE, User.email_verified_at.is_not(None))
    people = grant.select(User, User.email).join(member, member.user_id == User.id)
    return {_domain(email) for email in await grant.all(people.where(*own, *proved, responsible))}


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
