"""`make serve` as a newcomer sees it: what is printed works as it is written."""

import re
import shlex
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.demo.accounts import ACCOUNTS
from app.postgres import EmbeddedServer
from tests.support.processes import Served, bailiwick, environment, serving_demo

pytestmark = pytest.mark.thorough


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo, and what it said."""

    served: Served
    said: str
    env: dict[str, str]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo on a machine that has never seen it; its secret key is made, not given."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-demo-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        env = environment(Path(name) / "data", BAILIWICK_SECRET_KEY="")
        with serving_demo(env) as served:
            yield Demo(served, served.said(), env)
            served.interrupt()
        EmbeddedServer(Path(name) / "data" / "postgres").destroy()


def viewer(demo: Demo, token: str) -> str:
    """The email address of whom the token is for."""
    answer = httpx.post(
        f"{demo.served.url}/graphql",
        json={"query": "{ viewer { user { email } } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    email: str = answer.json()["data"]["viewer"]["user"]["email"]
    return email


def test_the_address_and_every_account_are_printed(demo: Demo) -> None:
    assert f"Bailiwick answers at {demo.served.url}/graphql\n" in demo.said
    assert re.findall(r"^  (\S+@\S+)  ", demo.said, re.MULTILINE) == [account.email for account in ACCOUNTS]


def test_the_printed_command_gets_a_token_that_works(demo: Demo) -> None:
    command = demo.said[demo.said.index("curl") :].split("\n\n")[0].replace("\\\n", " ")
    _curl, _silent, url, *fields = shlex.split(command)
    answer = httpx.post(url, data=dict(field.split("=") for field in fields if field != "-d"))

    assert answer.status_code == 200
    assert viewer(demo, answer.json()["access_token"]) == "admin@meridian.example"


def test_the_token_command_works_beside_the_running_server(demo: Demo) -> None:
    done = bailiwick("token", "owner@alder.example", env=demo.env)

    assert done.returncode == 0, done.stderr
    assert viewer(demo, done.stdout.strip()) == "owner@alder.example"


def test_nobody_gets_no_token(demo: Demo) -> None:
    done = bailiwick("token", "nobody@alder.example", env=demo.env)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_the_demo_is_loaded_once(demo: Demo) -> None:
    done = bailiwick("demo", env=demo.env)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0 rows in ")


def test_what_is_mailed_can_be_read_in_the_browser(demo: Demo) -> None:
    """The worker beside the server keeps it; nothing but `make serve` runs."""
    token = bailiwick("token", "agent@northstar.example", env=demo.env).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}

    def ask(query: str, **variables: object) -> Any:
        asked = {"query": query, "variables": variables}
        return httpx.post(f"{demo.served.url}/graphql", json=asked, headers=headers).json()["data"]

    [ticket] = ask("{ tickets(first: 1, filter: {statuses: [OPEN]}) { nodes { id number } } }")["tickets"]["nodes"]
    reply = "mutation($id: ID!, $input: TicketReplyAddInput!) { ticketReplyAdd(ticketId: $id, input: $input) { %s } }"
    ask(reply % "userErrors { code }", id=ticket["id"], input={"body": "Please try again."})
    assert f"Mail that it sends is at {demo.served.url}/mail\n" in demo.said
    deadline = time.monotonic() + 60
    while ticket["number"] not in httpx.get(f"{demo.served.url}/mail").text:
        assert time.monotonic() < deadline, "no mail arrives"
        time.sleep(0.2)


def test_outside_demo_mode_the_demo_is_not_served(demo: Demo) -> None:
    database = EmbeddedServer(Path(demo.env["BAILIWICK_DATA_FOLDER"]) / "postgres").url("bailiwick", "bailiwick_app")
    with tempfile.TemporaryDirectory() as elsewhere:
        env = environment(Path(elsewhere), DATABASE_URL=database, PORT="0")
        done = bailiwick("serve", env=env)

    assert done.returncode == 1
    assert done.stderr == (
        "bailiwick: an account has the demo's password: remove the demo data, or start with --demo\n"
    )
