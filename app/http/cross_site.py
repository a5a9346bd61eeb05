"""Refuses what a browser sends for another site without asking (CSRF).

A POST must be `application/json`, which no browser sends across sites without a preflight, or, with files, have a
header that forces one; credentials travel in `Authorization`, never in cookies. What is left is GET, for queries only.
It passes when it has a header that forces a preflight, when the browser says that it comes from this site, or when no
browser speaks: a browser tells by `Sec-Fetch-Site`, an older one by `Origin`. Other clients need no header at all.
"""

from typing import Final

from starlette.datastructures import Headers

from app.http.errors import CrossSiteError

PREFLIGHT_HEADERS: Final = ("x-bailiwick-request", "apollo-require-preflight", "authorization")
OWN_SITE: Final = frozenset({"same-origin", "none"})


def refuse_cross_site(headers: Headers, origins: tuple[str, ...]) -> None:
    """Raise `CrossSiteError` for a GET that a foreign page may have caused; `origins` may send any."""
    if any(name in headers for name in PREFLIGHT_HEADERS):
        return
    if headers.get("content-type", "").lower().startswith("application/json"):
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and ("*" in origins or origin in origins):
        return
    if site in OWN_SITE or (site is None and _is_own(origin, headers)):
        return
    raise CrossSiteError("Send the header X-Bailiwick-Request with requests from other sites.")


def require_preflight(headers: Headers) -> None:
    """Raise `CrossSiteError` for a form, which any page may send anywhere, without a header that no form can have."""
    if not any(name in headers for name in PREFLIGHT_HEADERS):
        raise CrossSiteError("Send the header X-Bailiwick-Request with files.")


def _is_own(origin: str | None, headers: Headers) -> bool:
    return origin is None or origin.partition("://")[2] == headers.get("host")
