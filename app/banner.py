"""What `bailiwick serve` says once it answers."""

from app.settings import Settings

SHOWN = "admin@meridian.example"


def browsable(settings: Settings) -> str:
    """The address to open from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def banner(settings: Settings) -> str:
    """The address and, in demo mode, who may sign in and how."""
    url = browsable(settings)
    lines = [f"Bailiwick answers at {url}/graphql"]
    if settings.demo:
        from app.demo.accounts import ACCESS_ID, ACCOUNTS, CONTRACT_ID, PASSWORD  # noqa: PLC0415 - only a demo needs it

        width = max(len(account.email) for account in ACCOUNTS)
        lines += ["", f"Demo accounts, all with the password {PASSWORD}:", ""]
        lines += [f"  {one.email:{width}}  {one.role}, {one.tenant}" for one in ACCOUNTS]
        lines += ["", f"A support contract to link: Access ID {ACCESS_ID}, Contract ID {CONTRACT_ID}"]
        lines += ["", f"Mail that it sends is at {url}/mail"]
        lines += ["", "A token to call it with:", ""]
        lines += [f"  curl -s {url}/auth/token -d grant_type=password \\"]
        lines += [f"       -d username={SHOWN} -d password={PASSWORD}"]
    return "\n".join([*lines, "", "Ctrl-C stops it."])
