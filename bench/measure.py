"""Measures one workload of one contender: the load generator's figures, and what the servers spent meanwhile."""

import json
import subprocess
import sys
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from bench.asking import Message
from bench.load import UNIQUE
from bench.postgres import EDGES, Postgres
from bench.targets import Target

CONNECTIONS = 8
COUNTED = 10
LEARNING = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Seconds, requests a second, CPU seconds for 1,000 requests, MiB, and the generator's share of a core."""

    rate: float
    p50: float
    p99: float
    server: float
    postgres: float
    memory: float
    load: float
    sent: float


def run(target: Target, messages: list[Message], postgres: Postgres, seconds: float) -> Figures:
    """Load a contender for some seconds."""
    family = _family(target.process)
    database = postgres.process
    _forget_peaks(family)
    before = _cpu(family), _cpu(_family(database))
    loaded = _load(target, messages, seconds)
    server, below = _cpu(family) - before[0], _cpu(_family(database)) - before[1]
    thousands = loaded["sent"] / 1000
    return Figures(server=server / thousands, postgres=below / thousands, memory=max(map(_peak, family)), **loaded)


def statements(target: Target, messages: list[Message], postgres: Postgres) -> tuple[float, float]:
    """How many statements a request sends, and how many begin or end a transaction besides."""
    with httpx.Client(timeout=60) as client:
        for _ in range(LEARNING):  # all connections of the pool: their types, and their statements
            _repeat(client, target, messages)
        with postgres.noting() as sent:
            _repeat(client, target, messages)
    edges = sum(word in EDGES for word in sent)
    return (len(sent) - edges) / COUNTED, edges / COUNTED


def _load(target: Target, messages: list[Message], seconds: float) -> dict[str, float]:
    url = urlsplit(target.url)
    job = {
        "host": url.hostname,
        "port": url.port,
        "connections": CONNECTIONS,
        "seconds": seconds,
        "messages": [asdict(message) for message in messages],
    }
    command = [sys.executable, str(Path(__file__).with_name("load.py"))]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{target.name}: {done.stderr}")
    return dict(json.loads(done.stdout))


def _repeat(client: httpx.Client, target: Target, messages: list[Message]) -> None:
    for number in range(COUNTED):
        message = messages[number % len(messages)]
        content = message.body.replace(UNIQUE.decode(), uuid.uuid4().hex)
        client.post(f"{target.url}{message.path}", content=content, headers=message.headers).raise_for_status()


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in processes if each.is_running())


def _forget_peaks(processes: list[psutil.Process]) -> None:
    for path in (Path(f"/proc/{each.pid}/clear_refs") for each in processes):
        if path.exists():
            path.write_text("5")


def _peak(process: psutil.Process) -> float:
    """The most memory that a process had since its peak was forgotten, in MiB; where no Linux tells, what it has."""
    path = Path(f"/proc/{process.pid}/status")
    if not path.exists():
        return float(process.memory_info().rss) / 2**20
    [line] = [line for line in path.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
