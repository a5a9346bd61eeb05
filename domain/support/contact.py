"""Who to answer: contact name and email, additional recipients, phone (spec A13-A16, AMB-1).

Each check notes what is wrong in `problems`, never raises for bad input, and returns the normalised value;
that value means something only if nothing was noted.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.errors import ErrorCode, Problems
from domain.support.text import composed

MAX_NAME = 200
MAX_EMAIL = 254
"""The longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3)."""
MAX_EMAIL_LOCAL = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1)."""
MAX_PHONE = 40
MAX_RECIPIENTS = 50

_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Unicode's Bidi_Control: invisible, come along with pasted text, and can make a name read as another."""
_UNSAFE = {"Cc", "Cs", "Co", "Cn"}
"""Control characters (NUL among them), lone surrogates, private and unassigned code points."""
_PHONE = re.compile(r"[+\uff0b]?[\d\s()./\-\u2010-\u2015]+")
"""Digits of any script with the usual separators; letters and extensions are not dialled."""
_NOT_IN_ISO_3166 = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}


@dataclass(frozen=True, slots=True)
class PhoneCountryCode:
    """One entry of the list of country codes: ISO 3166 region ("DE"), calling code (49), English name."""

    region: str
    calling_code: int
    name: str


def check_name(value: str | None, problems: Problems, *path: str) -> str:
    """A required name on one line (A13): white space collapsed, NFC, invisible direction marks dropped.

    Other control characters and lone surrogates are refused, since dropping them could change what was meant.
    """
    text = composed(_DIRECTION_MARKS.sub("", value or ""))
    name = " ".join((text or "").split())
    if text is None or any(unicodedata.category(c) in _UNSAFE for c in name):
        problems.add(ErrorCode.INVALID_TEXT, "The name contains characters that are not text.", *path)
    elif len(name) > MAX_NAME:
        message = f"The name has {len(name)} characters; at most {MAX_NAME} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=MAX_NAME, actual=len(name))
    elif not any(unicodedata.category(c)[0] in "LNPS" for c in name):
        problems.add(ErrorCode.REQUIRED, "Enter a name.", *path)
    return name


def check_email(value: str | None, problems: Problems, *path: str) -> str:
    """A required email address (A14), its domain in lower case. Only the syntax is checked, without DNS.

    Before the @ it is of ASCII: no mail of ours gets to another, as not every server takes those.
    """
    address = (value or "").strip()
    local = len(address.rpartition("@")[0].encode("utf-8", "replace"))
    if not address:
        problems.add(ErrorCode.REQUIRED, "Enter an email address.", *path)
    elif len(address) > MAX_EMAIL:
        message = f"The email address has {len(address)} characters; at most {MAX_EMAIL} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=MAX_EMAIL, actual=len(address))
    elif local > MAX_EMAIL_LOCAL:
        message = f"The part before the @ has {local} bytes; at most {MAX_EMAIL_LOCAL} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=MAX_EMAIL_LOCAL, actual=local)
    else:
        try:
            return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError as error:
            problems.add(ErrorCode.INVALID_EMAIL, str(error), *path)
    return address


def ascii_address(address: str) -> str:
    """As mail servers have it: a domain of other letters in its ASCII form. Raises ValueError where it has none."""
    if address.isascii():
        return address
    return str(validate_email(address, check_deliverability=False, allow_smtputf8=False).ascii_email)


def split_recipients(values: Iterable[str]) -> list[tuple[int, str]]:
    """The addresses in each element, split at commas and semicolons, with the index of their element (A15).

    Trimmed, empty pieces dropped; of those that differ in case only, the first is kept.
    """
    found: dict[str, tuple[int, str]] = {}
    for index, value in enumerate(values):
        for piece in map(str.strip, re.split("[,;]", value)):
            if piece:
                found.setdefault(piece.casefold(), (index, piece))
    return list(found.values())


def few_recipients(values: Iterable[str], problems: Problems, *path: str) -> list[tuple[int, str]]:
    """The same, none of them where they are more than 50: not even looked at."""
    pieces = split_recipients(values)
    return [] if problems.too_many(pieces, MAX_RECIPIENTS, "recipients", *path) else pieces


def check_recipients(values: Sequence[str] | None, problems: Problems, *path: str) -> list[str]:
    """Distinct, valid additional recipients, at most 50 (A15); a bad one is noted at its element's index."""
    pieces = few_recipients(values or (), problems, *path)
    addresses = [check_email(piece, problems, *path, str(index)) for index, piece in pieces]
    return list({address.casefold(): address for address in reversed(addresses)}.values())[::-1]


def check_phone(country_code: str | None, number: str | None, problems: Problems, *path: str) -> str | None:
    """An optional phone number in E.164, such as "+4930901820" (A16).

    Country code, a region of `phone_country_codes()`, and number come together (AMB-1). An extension has no
    place in E.164 and is refused rather than lost.
    """
    region = (country_code or "").strip().upper()
    digits = " ".join(_DIRECTION_MARKS.sub("", number or "").split())
    if not region and not digits:
        return None
    known = _check_region(region, problems, *path, "countryCode")
    if not digits:
        problems.add(ErrorCode.REQUIRED, "Enter the phone number of this country code.", *path, "number")
    elif len(digits) > MAX_PHONE:
        message = f"The phone number has {len(digits)} characters; at most {MAX_PHONE} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, "number", limit=MAX_PHONE, actual=len(digits))
    elif known and (e164 := _e164(region, digits)) is None:
        message = f"This is not a phone number of the country code {region}; leave extensions out."
        problems.add(ErrorCode.INVALID_PHONE, message, *path, "number")
    elif known:
        return e164
    return None


def _check_region(region: str, problems: Problems, *path: str) -> bool:
    """Whether numbers can be of this region."""
    if not region:
        problems.add(ErrorCode.REQUIRED, "Choose the country code of the phone number.", *path)
    elif region not in phonenumbers.SUPPORTED_REGIONS:
        problems.add(ErrorCode.INVALID_PHONE, "This country code is not in the list.", *path)
    return region in phonenumbers.SUPPORTED_REGIONS


@cache
def phone_country_codes() -> tuple[PhoneCountryCode, ...]:
    """Every country code to choose from, by name (A16)."""
    names = _country_names() | _NOT_IN_ISO_3166
    codes = (
        PhoneCountryCode(region, phonenumbers.country_code_for_region(region), names[region])
        for region in phonenumbers.SUPPORTED_REGIONS
    )
    return tuple(sorted(codes, key=lambda code: code.name))


def _e164(region: str, digits: str) -> str | None:
    if not _PHONE.fullmatch(digits):
        return None
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    same_country = parsed.country_code == phonenumbers.country_code_for_region(region)
    if not same_country or not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _country_names() -> dict[str, str]:
    """English names by ISO 3166 code, from the table that comes with the time zone data."""
    table = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in table.splitlines() if not line.startswith("#"))
