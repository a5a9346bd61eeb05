"""What only a real server and real connections show."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.http.served import Served, served

pytestmark = pytest.mark.thorough
SLOW = b'{"query": "{ slow(seconds: 20) }"}'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def server(log: Path) -> Iterator[Served]:
    with served(log) as running:
        yield running


def connect(server: Served, headers: str, body: bytes = b"") -> socket.socket:
    """A connection on which the head of a POST has been sent, and some of its body."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def seen(server: Served, name: str, at_least: int) -> int:
    """How many operations `name` the executor saw, once there are `at_least`."""
    deadline = time.monotonic() + 10
    count = 0
    while count < at_least and time.monotonic() < deadline:
        count = httpx.get(f"{server.url}/seen").json()[name]
        time.sleep(0.02)
    return count


def test_a_connection_that_is_closed_stops_its_query(server: Served, log: Path) -> None:
    connection = connect(server, f"Content-Length: {len(SLOW)}", SLOW)
    assert seen(server, "begun", 1) == 1
    connection.close()
    assert seen(server, "cancelled", 1) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert [line["status"] for line in lines if line["path"] == "/graphql"] == [499]


def test_a_body_that_stops_coming_is_408(server: Served) -> None:
    with connect(server, "Content-Length: 1000", b'{"query":') as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_a_chunked_body_over_the_size_is_413(server: Served) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    with connect(server, "Transfer-Encoding: chunked", chunk * 8) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_stop_finishes_what_runs(server: Served) -> None:
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(httpx.post(f"{server.url}/graphql", json={"query": "{ slow(seconds: 1) }"}))

    asking = threading.Thread(target=ask)
    asking.start()
    assert seen(server, "begun", 1) == 1
    server.process.terminate()
    asking.join(10)
    assert [answer.json() for answer in answers] == [{"data": {"slow": "done"}}]
    assert server.process.wait(10) == 0


@pytest.mark.parametrize("path", ["/%ff%00", "/graphql?query=%ff%00", "/graphql?query={hello}&variables=%ed%a0%80"])
def test_addresses_that_are_no_text_do_not_upset_it(server: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        status = int(connection.recv(1000).split()[1])
    assert status in {200, 400, 404}


def test_partial_success_keeps_its_status(server: Served) -> None:
    answer = httpx.post(
        f"{server.url}/graphql",
        json={"query": "{ hello refused }"},
        headers={"accept": "application/graphql-response+json"},
    )
    assert answer.status_code == 294


def logged(log: Path, request_id: str, count: int) -> list[dict[str, Any]]:
    """The lines of one request; the last of them is written after the answer has left."""
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 10
    while len(found) < count and time.monotonic() < deadline:
        lines = [
            json.loads(line) for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")
        ]
        found = [line for line in lines if line["request_id"] == request_id]
    return found


def test_the_log_has_json_lines_with_the_request_id_and_the_traceback(server: Served, log: Path) -> None:
    answer = httpx.post(f"{server.url}/graphql", json={"query": "{ broken }"})
    request_id = answer.json()["errors"][0]["extensions"]["requestId"]
    error, access = logged(log, request_id, count=2)
    assert (error["level"], access["event"]) == ("error", "request")
    assert "ValueError: password=hunter2" in error["exception"]
