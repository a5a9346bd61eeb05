"""How contracts are named for people (D18, D32)."""

from datetime import datetime

from domain.entitlements.model import Program

PROGRAMMES = {Program.CORE: "Core", Program.SCS: "SCS", Program.SCS_AZURE: "SCS Azure", Program.ASFP: "ASfP"}
SHOWN = 4
UNKNOWN = "unk"


def masked(access_id: str) -> str:
    """The first digits of an Access ID, at most half of them, and an x for each of the others (AMB-29)."""
    shown = min(SHOWN, len(access_id) // 2)
    return access_id[:shown] + "x" * (len(access_id) - shown)


def display_name(access_id: str, plan_name: str) -> str:
    """What lists of contracts show (D18)."""
    return f"{access_id} - {plan_name}"


def label(
    valid_from: datetime, program: Program, partner_number: str | None, country: str | None, access_id: str
) -> str:
    """What tells a partner's contracts apart, whose plans have no names: year, programme, partner, country (D32)."""
    year = f"{valid_from.year % 100:02d}"
    who = f"{partner_number or UNKNOWN} - {country or UNKNOWN}"
    return f"{year} {PROGRAMMES[program]} - {who} ({masked(access_id)})"
