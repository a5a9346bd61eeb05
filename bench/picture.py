"""The growth as a picture: an SVG drawn by hand, on logarithmic scales, readable on light and dark ground."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bench.results import Results

WIDTH, HEIGHT = 900, 370
COLOURS = {
    "ours": ("#0969da", "#58a6ff"),
    "hand-written": ("#6e7781", "#9da7b3"),
    "postgraphile": ("#bc4c00", "#f0883e"),
    "usual": ("#cf222e", "#ff7b72"),
    "floor": ("#8250df", "#bc8cff"),
}
DASHES = {"a": "", "e": "7 4", "f": "2 4"}
TITLE = "p50 in ms: (a) solid, (e) dashed, (f) dotted"
CUSTOMERS = {"a1": 1, "a10": 10, "a": 50, "a100": 100}
Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a panel."""

    contender: str
    points: Points
    dashes: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves with axes, left and right bounded by `left` and `left + 350`."""

    left: float
    title: str
    below: str
    curves: list[Curve]
    WIDE = 350
    TOP, BOTTOM = 70, 310

    def __iter__(self) -> Iterator[str]:
        """Its parts, if there is anything to be drawn."""
        points = [point for curve in self.curves for point in curve.points]
        if not points:
            return
        xs, ys = _bounds([x for x, _ in points]), _bounds([y for _, y in points])
        yield f'<text x="{self.left}" y="{self.TOP - 22}" class="title">{self.title}</text>'
        yield from self._axes(xs, ys, sorted({x for x, _ in points}))
        for curve in self.curves:
            places = [(self._x(x, xs), self._y(y, ys)) for x, y in curve.points]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            yield f'<polyline points="{path}" class="line {curve.contender}" stroke-dasharray="{curve.dashes}"/>'
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" class="dot {curve.contender}"/>' for x, y in places)

    def _axes(self, xs: tuple[float, float], ys: tuple[float, float], marks: list[float]) -> Iterator[str]:
        for power in range(math.floor(ys[0]), math.ceil(ys[1]) + 1):
            y = self._y(10**power, ys)
            yield f'<line x1="{self.left}" x2="{self.left + self.WIDE}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            yield f'<text x="{self.left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>'
        for mark in marks:
            yield f'<text x="{self._x(mark, xs):.1f}" y="{self.BOTTOM + 20}" text-anchor="middle">{mark:g}</text>'
        yield f'<text x="{self.left + self.WIDE / 2}" y="{self.BOTTOM + 40}" text-anchor="middle">{self.below}</text>'

    def _x(self, value: float, bounds: tuple[float, float]) -> float:
        first, last = bounds
        return self.left + 15 + (math.log10(value) - first) / ((last - first) or 1) * (self.WIDE - 30)

    def _y(self, value: float, bounds: tuple[float, float]) -> float:
        first, last = math.floor(bounds[0]), math.ceil(bounds[1])
        return self.BOTTOM - (math.log10(value) - first) / ((last - first) or 1) * (self.BOTTOM - self.TOP)


def growth(results: Results) -> str:
    """The picture: what longer lists cost, and what a larger database costs."""
    drawn = [name for name in results.contenders() if name in COLOURS]
    panels = [
        Panel(60, "(a) requests/s", "customers in the answer", list(_by_customers(results, drawn))),
        Panel(510, TITLE, "times the database", list(_by_scale(results, drawn))),
    ]
    parts = [*_style(drawn), *(part for panel in panels for part in panel), *_legend(drawn)]
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Growth">'
    return "\n".join([opening, *parts, "</svg>", ""])


def _by_customers(results: Results, drawn: list[str]) -> Iterator[Curve]:
    for name in drawn:
        lines = [(many, results.line(results.scale, key, name)) for key, many in CUSTOMERS.items()]
        points: Points = [(many, line.median.rate) for many, line in lines if line]
        if points:
            yield Curve(name, points)


def _by_scale(results: Results, drawn: list[str]) -> Iterator[Curve]:
    scales = sorted({line.scale for line in results.lines})
    for name in drawn if len(scales) > 1 else []:
        for key, dashes in DASHES.items():
            lines = [(scale, results.line(scale, key, name)) for scale in scales]
            points: Points = [(scale, line.median.p50 * 1000) for scale, line in lines if line]
            if points:
                yield Curve(name, points, dashes)


def _style(drawn: list[str]) -> Iterator[str]:
    light = " ".join(f".{name} {{ --c: {COLOURS[name][0]} }}" for name in drawn)
    dark = " ".join(f".{name} {{ --c: {COLOURS[name][1]} }}" for name in drawn)
    yield "<style>"
    yield "text { font: 13px system-ui, sans-serif; fill: #57606a } .title { font-weight: 600 }"
    yield ".grid { stroke: #8c959f; stroke-opacity: .35 } .line { fill: none; stroke: var(--c); stroke-width: 2.2 }"
    yield f".dot, .name {{ fill: var(--c) }} {light}"
    yield f"@media (prefers-color-scheme: dark) {{ text {{ fill: #9da7b3 }} {dark} }}"
    yield "</style>"


def _legend(drawn: list[str]) -> Iterator[str]:
    for place, name in enumerate(drawn):
        x = 60 + place * 150
        yield f'<circle cx="{x}" cy="20" r="5" class="dot {name}"/><text x="{x + 10}" y="25">{name}</text>'


def _bounds(values: list[float]) -> tuple[float, float]:
    return math.log10(min(values)), math.log10(max(values))
