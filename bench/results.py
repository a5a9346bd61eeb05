"""What was measured, kept as JSON so that tables and the picture can be made again."""

import json
import os
import platform
import shlex
import statistics
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from bench.measure import Figures

PLACES = {"BENCH_DATA", "BENCH_RESULTS"}
"""Variables that say where files are kept, not what is measured."""
PATH = Path(os.environ.get("BENCH_RESULTS", Path(__file__).parent / "results.json"))


@dataclass(frozen=True, slots=True)
class Line:
    """One contender in one workload at one scale: its runs in the order of the rounds, and statements of a request."""

    scale: int
    workload: str
    title: str
    contender: str
    statements: float
    edges: float
    runs: list[Figures]

    @property
    def median(self) -> Figures:
        """The median of each figure."""
        return Figures(*map(statistics.median, zip(*map(astuple, self.runs), strict=True)))

    def ratio(self, other: "Line") -> float:
        """How many times the other's requests it answers: the median of the ratios within a round."""
        return statistics.median(one.rate / two.rate for one, two in zip(self.runs, other.runs, strict=True))


@dataclass(slots=True)
class Results:
    """All lines, and what belongs to none of them."""

    lines: list[Line]
    machine: str = ""
    command: str = ""
    seconds: float = 0
    authorization: dict[str, float] | None = None

    @property
    def scale(self) -> int:
        """At which everything was measured."""
        return self.lines[0].scale

    def line(self, scale: int, workload: str, contender: str) -> Line | None:
        """One line, if it was measured."""
        key = scale, workload, contender
        return next((each for each in self.lines if (each.scale, each.workload, each.contender) == key), None)

    def contenders(self) -> list[str]:
        """Who was measured, in the order of the table."""
        return list(dict.fromkeys(each.contender for each in self.lines))

    def save(self) -> None:
        """Write all of it."""
        PATH.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls) -> "Results":
        """Read what the last run wrote."""
        read = json.loads(PATH.read_text())
        return cls(lines=[_line(each) for each in read.pop("lines")], **read)


def _line(read: dict[str, Any]) -> Line:
    return Line(runs=[Figures(**run) for run in read.pop("runs")], **read)


def machine() -> str:
    """What it was measured on."""
    described = f"{platform.platform()}, Python {platform.python_version()}"
    return f"{described}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start"


def command() -> str:
    """What was called, with the variables that were set: who calls it again measures the same."""
    chosen = sorted((name, value) for name, value in os.environ.items() if name.startswith("BENCH_"))
    return " ".join([*(f"{name}={shlex.quote(value)}" for name, value in chosen if name not in PLACES), "make bench"])
