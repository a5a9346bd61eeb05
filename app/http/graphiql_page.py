"""The GraphiQL page: its own files only, no inline scripts; made from app/http/graphiql by `npm run build`."""

import html
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app.http.options import HttpOptions

ASSETS: Final = "/graphql/assets"
FILES: Final = Path(__file__).parent / "static" / "graphiql"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; "
    "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bailiwick GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{assets}/graphiql.css">
<script type="module" src="{assets}/graphiql.js"></script>
</head>
<body><div id="graphiql" data-options="{options}"></div></body>
</html>
"""


def files() -> Mount:
    """The route of the page's script and styles."""
    return Mount(ASSETS, StaticFiles(directory=FILES))


def render(options: HttpOptions[Any]) -> str:
    """The page; the accounts and their password stand in it in demo mode only."""
    shown = {"demo": asdict(options.demo) if options.demo else None, "example": options.example}
    return PAGE.format(assets=ASSETS, options=html.escape(orjson.dumps(shown).decode()))


def respond(page: str) -> Response:
    """The page as a response under its own policy."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "Accept"}
    return HTMLResponse(page, headers=headers)
