"""`make bench`: BENCH_SECONDS for each workload and round (5), BENCH_ROUNDS (3)."""

import os
import platform
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from bench.expected import tickets
from bench.measure import Figures, run, statements
from bench.targets import running
from bench.workloads import REFERENCE, Workload, workloads

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
HEAD = (
    "workload",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "SQL",
    "transaction edges",
    "server CPU s / 1,000",
    "PostgreSQL CPU s / 1,000",
    "peak MiB",
    "rate to bare",
    "CPU to bare",
)


def main() -> None:
    """Measure everything, the workloads of a round one after the other, and print the medians."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-bench-") as name, running(Path(name)) as (postgres, *servers):
        asked = workloads(postgres, *servers)
        counted = {each.name: statements(each, postgres) for each in asked}
        before = tickets(postgres)
        measured = {each.name: list[Figures]() for each in asked}
        for number in range(ROUNDS):
            for each in asked:
                measured[each.name].append(run(each, postgres, SECONDS))
                print(f"round {number + 1} {each.name}: {measured[each.name][-1].rate:.1f}/s", flush=True)
        sent = sum(round(figures.sent) for figures in measured[asked[-1].name])
        if tickets(postgres) - before != sent:
            raise SystemExit(f"{sent} invitations made {tickets(postgres) - before} tickets")
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(asked, counted, measured)))


def table(
    asked: list[Workload], counted: dict[str, tuple[float, float]], measured: dict[str, list[Figures]]
) -> Iterator[str]:
    """The medians, as Markdown."""
    medians = {
        name: Figures(*map(statistics.median, zip(*map(astuple, runs), strict=True))) for name, runs in measured.items()
    }
    yield f"| {' | '.join(HEAD)} |"
    yield f"|---|{'---:|' * (len(HEAD) - 1)}"
    for each in asked:
        one = medians[each.name]
        cells = [f"{one.rate:.1f}", f"{one.p50 * 1000:.1f}", f"{one.p99 * 1000:.1f}"]
        cells += [f"{number:g}" for number in counted[each.name]]
        cells += [f"{one.server:.2f}", f"{one.postgres:.2f}", f"{one.memory:.0f}"]
        pairs = list(zip(measured[each.name], measured[REFERENCE], strict=True))
        cells.append(f"{statistics.median(run.rate / bare.rate for run, bare in pairs):.2f}")
        cells.append(f"{statistics.median(run.server / bare.server for run, bare in pairs):.2f}")
        yield f"| {each.name} | {' | '.join(cells)} |"
    yield f"\nThe load generator took at most {max(one.load for one in medians.values()):.0%} of a core."


if __name__ == "__main__":
    main()
