"""`make bench`: what is measured can be chosen by the environment variables that README.md lists."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.authorization import cost
from bench.contender import Contender
from bench.contenders import contenders
from bench.database import database
from bench.expected import tickets
from bench.measure import Figures, run, statements
from bench.postgres import Postgres
from bench.report import draw, report
from bench.results import Line, Results, command, machine
from bench.targets import Target, running
from bench.workloads import Workload, Workloads

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SCALES = [int(scale) for scale in os.environ.get("BENCH_SCALES", "1,10").split(",")]
WORKLOADS = os.environ.get("BENCH_WORKLOADS", "a,b,c,d,e,f,g,a1,a10,a100").split(",")
GROWING = {"a", "e", "f"}
"""What is measured at every scale."""


def main() -> None:
    """Measure everything, keep the results, and print the tables."""
    results = Results([], machine(), command(), SECONDS, cost())
    entered = contenders()
    for scale in SCALES:
        with tempfile.TemporaryDirectory(prefix="bailiwick-bench-") as name, database(scale) as server:
            postgres = Postgres(server)
            results.lines += _measured(scale, entered, postgres, Path(name))
            results.save()
    draw(results)
    print(f"\n{report(results)}")


def _measured(scale: int, entered: list[Contender], postgres: Postgres, folder: Path) -> Iterator[Line]:
    """A line for each workload and contender."""
    with running(entered, postgres, folder) as targets:
        made = Workloads(postgres, targets[0])
        for key in WORKLOADS if scale == SCALES[0] else [key for key in WORKLOADS if key in GROWING]:
            yield from _rounds(scale, made, made.of(key), targets, postgres)


def _rounds(
    scale: int, made: Workloads, workload: Workload, targets: list[Target], postgres: Postgres
) -> Iterator[Line]:
    """Rounds in which the contenders take turns, each beginning with another one."""
    asked = {target.name: made.messages(workload, target) for target in targets}
    entered = [target for target in targets if asked[target.name]]
    sent = {target.name: statements(target, asked[target.name], postgres) for target in entered}
    runs = {target.name: list[Figures]() for target in entered}
    for number in range(ROUNDS):
        for target in entered[number % len(entered) :] + entered[: number % len(entered)]:
            before = tickets(postgres) if workload.writes else 0
            figures = run(target, asked[target.name], postgres, SECONDS)
            if workload.writes and tickets(postgres) - before != figures.sent:
                raise SystemExit(f"{target.name}: {figures.sent} invitations made {tickets(postgres) - before} tickets")
            runs[target.name].append(figures)
            told = f"{figures.rate:.1f}/s, p50 {figures.p50 * 1000:.1f} ms"
            print(f"scale {scale}, ({workload.key}), round {number + 1}, {target.name}: {told}", flush=True)
    for target in entered:
        yield Line(scale, workload.key, workload.title, target.name, *sent[target.name], runs[target.name])


if __name__ == "__main__":
    main()
