"""Addresses of endpoints as they are entered: what is wrong is told at once, without asking any name server.

Where a name leads is looked at when it is called, at the address that is called (`app.webhooks.sending`): an answer of
today says nothing about tomorrow's, and what names of our own network lead to is nobody's business.
"""

import re
from ipaddress import ip_address
from typing import Final

from yarl import URL

from domain.errors import ErrorCode, Problems
from domain.webhooks.networks import Reach

LONGEST: Final = 2048
LOCAL: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")
NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
NO_URL: Final = "This is no address of the form https://host/path."
NOT_ALLOWED: Final = "Webhooks are sent to public addresses alone."


def check_url(text: str, reach: Reach, problems: Problems, *path: str) -> str:
    """The address in its one spelling; what is wrong is noted at `path`."""
    if len(text) > LONGEST:
        message = f"The address has {len(text)} characters; at most {LONGEST} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=LONGEST, actual=len(text))
        return ""
    url = _parsed(text.strip())
    if url is None:
        problems.add(ErrorCode.INVALID_URL, NO_URL, *path)
        return ""
    for code, message in _faults(url, reach):
        problems.add(code, message, *path)
    return str(url)


def _parsed(text: str) -> URL | None:
    if not text.isprintable() or "\\" in text or " " in text:
        return None
    try:
        url = URL(text)
        return url if url.scheme and url.port and _is_host(url.raw_host or "") else None
    except ValueError:
        return None


def _is_host(host: str) -> bool:
    return _is_address(host) or NAME.fullmatch(host) is not None


def _faults(url: URL, reach: Reach) -> list[tuple[ErrorCode, str]]:
    faults = []
    if url.scheme not in ({"https", "http"} if reach.http else {"https"}):
        faults.append((ErrorCode.INVALID_URL, "The address must begin with https://."))
    if url.raw_user is not None or url.raw_password is not None:
        faults.append((ErrorCode.INVALID_URL, "The address must have no user name and no password."))
    if url.raw_fragment:
        faults.append((ErrorCode.INVALID_URL, "The address must have no fragment (#)."))
    if not _is_port_allowed(url):
        faults.append((ErrorCode.INVALID_URL, "The port must be the usual one, or one from 1024 on."))
    if not _is_host_allowed(url.raw_host or "", reach):
        faults.append((ErrorCode.ADDRESS_NOT_ALLOWED, NOT_ALLOWED))
    return faults


def _is_port_allowed(url: URL) -> bool:
    return url.is_default_port() or (url.port or 0) >= 1024


def _is_host_allowed(host: str, reach: Reach) -> bool:
    """Addresses as they are; names unless they are known to be local, which those of networks of our own may be."""
    if _is_address(host):
        return reach.allows(host)
    labels = host.rstrip(".").split(".")
    if _is_number(labels[-1]):  # 127.1, 2130706433, 0x7f.1: other spellings of addresses
        return False
    return bool(reach.networks) or (len(labels) > 1 and labels[-1].lower() not in LOCAL)


def _is_address(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_number(label: str) -> bool:
    try:
        int(label, 0) if label[:2].lower() == "0x" else int(label)
    except ValueError:
        return label.lower() == "0x"
    return True
