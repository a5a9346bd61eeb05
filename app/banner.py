"""What `bailiwick serve` says once it answers."""

from app.settings import Settings
from app.startup_checks import DEMO_PASSWORD

ACCOUNTS = (
    ("agent@northstar.example", "support agent of the platform, Northstar Online"),
    ("lead@northstar.example", "support lead of the platform"),
    ("operator@northstar.example", "operator of the platform"),
    ("admin@meridian.example", "administrator of the partner Meridian IT, 250 customers"),
    ("staff@meridian.example", "user of the partner Meridian IT"),
    ("admin@borealis.example", "administrator of the indirect provider Borealis Distribution"),
    ("admin@quayside.example", "administrator of the indirect reseller Quayside Resellers"),
    ("owner@alder.example", "tenant owner of Alder & Finch, a customer of Meridian IT"),
    ("service@alder.example", "service administrator there"),
    ("apps@alder.example", "application administrator there, of one service"),
    ("custom@alder.example", "customized administrator there"),
    ("user@alder.example", "standard user there"),
    ("colleague@alder.example", "another standard user there"),
    ("owner@tarnvalley.example", "tenant owner of Tarn Valley Clinic, US Government environment"),
    ("owner@solstice.example", "tenant owner of Solstice Foods, which manages itself"),
    ("owner@lonepine.example", "tenant owner of Lone Pine Labs, customer of nobody"),
)


def browsable(settings: Settings) -> str:
    """The address to open from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def banner(settings: Settings) -> str:
    """The address and, in demo mode, who may sign in and how."""
    url = browsable(settings)
    lines = [f"Bailiwick answers at {url}/graphql"]
    if settings.demo:
        width = max(len(email) for email, _ in ACCOUNTS)
        lines += ["", f"Demo accounts, all with the password {DEMO_PASSWORD}:", ""]
        lines += [f"  {email:{width}}  {what}" for email, what in ACCOUNTS]
        lines += ["", "A token to call it with:", ""]
        lines += [f"  curl -s {url}/auth/token -d grant_type=password \\"]
        lines += [f"       -d username={ACCOUNTS[3][0]} -d password={DEMO_PASSWORD}"]
    return "\n".join([*lines, "", "Ctrl-C stops it."])
