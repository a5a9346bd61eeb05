"""Answers in parts from a real server, over HTTP/1.1 and HTTP/2."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.app.http.increments import APOLLO_3, DEFERRED
from tests.app.http.served import Served, served
from tests.support.node import node

pytestmark = pytest.mark.thorough
BODY = json.dumps({"query": DEFERRED}).encode()
HEAD = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
PIECES = [
    b"\r\n---" + HEAD + b'{"data":{"hello":"you"},"hasNext":true}\r\n---',
    HEAD + b'{"incremental":[{"data":{"viewer":"0"},"path":[],"label":"0"}],"hasNext":true}\r\n---',
    HEAD + b'{"incremental":[{"data":{"viewer":"1"},"path":[],"label":"1"}],"hasNext":true}\r\n---',
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def server(log: Path) -> Iterator[Served]:
    with served(log, "tests.app.http.increments:create") as running:
        yield running


def assert_stopped(server: Served, log: Path) -> None:
    """The parts ended when the client left, and the log tells so."""
    deadline = time.monotonic() + 10
    statuses: list[int] = []
    while not statuses and time.monotonic() < deadline:
        time.sleep(0.02)
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        statuses = [line["status"] for line in lines if line["path"] == "/graphql"]
    assert statuses == [499]
    assert httpx.get(f"{server.url}/seen").json() == {"ended": True}


def test_over_http_1_1_each_part_is_a_chunk_until_the_client_leaves(server: Served, log: Path) -> None:
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: {APOLLO_3}\r\nContent-Type: application/json\r\n"
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
        while PIECES[2] not in received:
            received += connection.recv(10_000)
    headers, _, body = received.partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in headers
    assert body == b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in PIECES)
    assert_stopped(server, log)


def test_over_http_2_each_part_is_a_frame_until_the_client_leaves(server: Served, log: Path) -> None:
    told = node(Path(__file__).parent, "http2.mjs", server.url, APOLLO_3, DEFERRED)
    assert [piece.encode() for piece in json.loads(told)] == PIECES
    assert_stopped(server, log)
