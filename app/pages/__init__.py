"""What the server's own pages have in common: one layout, one style, and that they run nothing and are kept nowhere."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).parent
STYLE: Final = "/pages/style.css"
POLICY: Final = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
"""No script, and nobody else's frame; what a page's forms and frames may do, it adds."""


class Pages:
    """The pages of one folder, inside the layout."""

    def __init__(self, folder: Path, policy: str, **headers: str) -> None:
        loader = FileSystemLoader([folder, FOLDER])
        self._pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._headers = headers_of(POLICY + policy) | headers

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        """One of them."""
        return HTMLResponse(self._pages.get_template(name).render(values, style=STYLE), status, headers=self._headers)


def headers_of(policy: str) -> dict[str, str]:
    """Those of every page, with the policy of its content."""
    return {"Content-Security-Policy": policy, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def style_route() -> Route:
    """Where the style is, for the application."""
    style = (FOLDER / "style.css").read_text()

    async def answer(_request: Request) -> Response:
        return Response(style, media_type="text/css")

    return Route(STYLE, answer)
