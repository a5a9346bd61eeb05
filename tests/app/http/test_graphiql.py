"""GraphiQL for browsers: our own files under a strict policy; demo accounts in demo mode only."""

import html
import re

import orjson
import pytest

from app.http.options import Demo, DemoAccount
from tests.app.http.client import client
from tests.app.http.server import Options

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DEMO = Demo((DemoAccount("o'hara@meridian.example", "<Staff>"),), "pass\"word'</script>")


def directives(policy: str) -> dict[str, str]:
    """A content-security policy by directive."""
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}


async def test_a_browser_gets_the_page_under_a_policy_without_inline_scripts() -> None:
    async with client() as bailiwick:
        page = await bailiwick.http.get("/graphql", headers=BROWSER)
    policy = directives(page.headers["content-security-policy"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    assert policy["frame-ancestors"] == "'none'"
    assert re.findall(r"<script[^>]*>([^<]*)", page.text) == [""]


async def test_everything_that_the_page_loads_is_served() -> None:
    async with client() as bailiwick:
        page = (await bailiwick.http.get("/graphql", headers=BROWSER)).text
        loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page)
        types = [(await bailiwick.http.get(path)).headers["content-type"].split(";")[0] for path in loaded]
    assert types == ["text/css", "text/javascript"]
    assert "http" not in page


async def test_the_accounts_of_demo_mode_stand_in_the_page_whole_and_escaped() -> None:
    async with client(Options(demo=DEMO, example="{ hello }")) as bailiwick:
        page = (await bailiwick.http.get("/graphql", headers=BROWSER)).text
    found = re.search(r'data-options="([^"]*)"', page)
    assert found is not None
    assert orjson.loads(html.unescape(found[1])) == {
        "demo": {
            "accounts": [{"email": "o'hara@meridian.example", "label": "<Staff>"}],
            "password": "pass\"word'</script>",
        },
        "example": "{ hello }",
    }
    assert page.count("</script>") == 1


async def test_outside_demo_mode_no_account_stands_in_the_page() -> None:
    async with client() as bailiwick:
        page = (await bailiwick.http.get("/graphql", headers=BROWSER)).text
    assert "&quot;demo&quot;:null" in page


@pytest.mark.parametrize("path", ["/graphql/assets/../app.py", "/graphql/assets/..%2f..%2fapp.py", "/graphql/assets/x"])
async def test_no_other_file_is_served(path: str) -> None:
    async with client() as bailiwick:
        assert (await bailiwick.http.get(path)).status_code == 404


async def test_graphiql_can_be_turned_off() -> None:
    async with client(Options(graphiql=False)) as bailiwick:
        page = await bailiwick.http.get("/graphql", headers={"accept": "text/html"})
        asset = await bailiwick.http.get("/graphql/assets/graphiql.js")
    assert (page.status_code, asset.status_code) == (406, 404)
