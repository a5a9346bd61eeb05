"""The tables, as Markdown, and the picture: `python -m bench.report` makes them anew from what was measured last."""

from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figures
from bench.picture import growth
from bench.results import Line, Results

PICTURE = Path(__file__).with_name("growth.svg")
HEAD = (
    "workload",
    "contender",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "SQL",
    "server CPU s / 1,000",
    "PostgreSQL CPU s / 1,000",
    "peak MiB",
    "ours is",
)
TABLE = "abcdefg"
BY_CUSTOMERS = {"a1": 1, "a10": 10, "a": 50, "a100": 100}


def report(results: Results) -> str:
    """All tables, and what is told below them."""
    tables = [list(made(results)) for made in (_main, _by_customers, _by_scale)]
    parts = [_table(rows) for rows in tables if len(rows) > 1]
    return "\n\n".join("\n".join(part) for part in [*parts, _foot(results)])


def draw(results: Results) -> None:
    """Write the picture."""
    PICTURE.write_text(growth(results))


def _table(rows: list[list[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield f"|{'|'.join('---' if name in {'workload', 'contender'} else '---:' for name in row)}|"


def _main(results: Results) -> Iterator[list[str]]:
    yield list(HEAD)
    for workload in TABLE:
        ours = results.line(results.scale, workload, "ours")
        for contender in results.contenders():
            line = results.line(results.scale, workload, contender)
            if line and ours:
                yield [f"({workload}) {line.title}", contender, *_cells(line), f"{ours.ratio(line):.2f} ×"]


def _cells(line: Line) -> list[str]:
    one: Figures = line.median
    statements = f"{line.statements:g} + {line.edges:g}"
    times = [_short(one.rate), _short(one.p50 * 1000), _short(one.p99 * 1000)]
    return [*times, statements, f"{one.server:.2f}", f"{one.postgres:.2f}", f"{one.memory:.0f}"]


def _by_customers(results: Results) -> Iterator[list[str]]:
    yield ["contender", *(f"(a) with {many}, requests/s" for many in BY_CUSTOMERS.values())]
    for contender in results.contenders():
        lines = [results.line(results.scale, workload, contender) for workload in BY_CUSTOMERS]
        if any(lines):
            yield [contender, *(_rate(line) for line in lines)]


def _by_scale(results: Results) -> Iterator[list[str]]:
    scales = sorted({line.scale for line in results.lines})
    yield ["workload", "contender", *(f"{scale} ×, p50 ms" for scale in scales), "last to first"]
    for workload in "aef":
        for contender in results.contenders():
            lines = [results.line(scale, workload, contender) for scale in scales]
            found = [line for line in lines if line]
            if len(scales) > 1 and len(found) == len(scales):
                medians = [line.median.p50 for line in found]
                cells = [_short(median * 1000) for median in medians]
                yield [f"({workload}) {found[0].title}", contender, *cells, f"{medians[-1] / medians[0]:.2f} ×"]


def _foot(results: Results) -> Iterator[str]:
    rounds = max((len(line.runs) for line in results.lines), default=0)
    busiest = max((run.load for line in results.lines for run in line.runs), default=0)
    if results.command:
        yield f"Made by `{results.command}`."
    yield f"{results.machine}. Medians of {rounds} rounds of {results.seconds:g} s."
    yield f"The load generator took at most {busiest:.0%} of a core."
    if spent := results.authorization:
        yield (
            f"Authorization with {spent['lines']:,.0f} lines of policy in {spent['roles']:,.0f} custom roles: "
            f"{spent['known']:.1f} µs a request, {spent['new']:.0f} µs for the first of a role."
        )


def _rate(line: Line | None) -> str:
    return _short(line.median.rate) if line else ""


def _short(number: float) -> str:
    """Three digits."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def main() -> None:
    """Tables and picture once more."""
    results = Results.load()
    draw(results)
    print(report(results))


if __name__ == "__main__":
    main()
