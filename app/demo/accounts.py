"""Who may sign in to the demo, and what to try."""

from typing import NamedTuple

PASSWORD = "bailiwick-demo"


class Account(NamedTuple):
    """An account with a name of its own, and what it shows."""

    email: str
    role: str
    tenant: str


NORTHSTAR = "Northstar Online"
MERIDIAN = "Meridian IT"
BOREALIS = "Borealis Distribution"
QUAYSIDE = "Quayside Resellers"
ALDER = "Alder & Finch"
TARN_VALLEY = "Tarn Valley Clinic"
SOLSTICE = "Solstice Foods"
LONE_PINE = "Lone Pine Labs"
OUTSIDER = "consultant@elsewhere.example"

ACCOUNTS = (
    Account("agent@northstar.example", "support agent", f"{NORTHSTAR}, the platform"),
    Account("lead@northstar.example", "support lead", NORTHSTAR),
    Account("operator@northstar.example", "operator", NORTHSTAR),
    Account("admin@meridian.example", "partner administrator", f"{MERIDIAN}, a direct partner with 250 customers"),
    Account("staff@meridian.example", "partner user, some customers kept from it", MERIDIAN),
    Account("admin@borealis.example", "partner administrator", f"{BOREALIS}, an indirect provider with 40 customers"),
    Account("admin@quayside.example", "partner administrator", f"{QUAYSIDE}, an indirect reseller with 40 customers"),
    Account("owner@alder.example", "tenant owner", f"{ALDER}, managed by {MERIDIAN}"),
    Account("service@alder.example", "service administrator", ALDER),
    Account("apps@alder.example", "application administrator of one service", ALDER),
    Account("custom@alder.example", "customized administrator", ALDER),
    Account("user@alder.example", "standard user", ALDER),
    Account("colleague@alder.example", "standard user", ALDER),
    Account(OUTSIDER, "of no organisation, copied in on one ticket", ALDER),
    Account("owner@tarnvalley.example", "tenant owner", f"{TARN_VALLEY}, US Government environment"),
    Account("owner@solstice.example", "tenant owner", f"{SOLSTICE}, manages itself since it took over from {MERIDIAN}"),
    Account("owner@lonepine.example", "tenant owner", f"{LONE_PINE}, customer of nobody"),
)

# A support contract of Alder & Finch that nobody has linked yet: for trying `supportContractLink`.
ACCESS_ID = "0045120931"
CONTRACT_ID = "00720415"
