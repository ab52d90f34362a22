"""The tables of docs/benchmarks.md, in Markdown, from the results of several Pythons."""

import math
from collections.abc import Callable, Sequence

from . import figures, growth_figures, whole
from .figures import Result, Row
from .goals import GOALS
from .tracers import TRACERS


def table(heads: Sequence[str], lines: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a table with the first columns aligned left and the others right."""
    rule = ["---"] * left + ["---:"] * (len(heads) - left)
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, rule, *lines])


def heads(results: Sequence[Result], first: str) -> list[str]:
    """Return the headings: the name of the first column, and the versions of Python."""
    return [first, *(result["python"] for result in results)]


def machine(results: Sequence[Result]) -> str:
    """Return the machine, date and versions of the results."""
    first = [
        ("date", "date"),
        ("processors", "machine"),
        ("system", "platform"),
    ]
    lines = [[title, *(str(result[key]) for result in results)] for title, key in first]
    for name in results[0]["versions"]:
        lines.append([name, *(result["versions"].get(name, "-") for result in results)])
    return table(heads(results, "Python"), lines)


def goals(results: Sequence[Result]) -> str:
    """Return the goals, and the figures of each Python."""
    lines = [[goal.title, *(goal.told(result) for result in results)] for goal in GOALS]
    return table(heads(results, "goal"), lines)


def _tracers(results: Sequence[Result], cell: Callable[[Row], str]) -> str:
    rows = [{row.key: row for row in figures.rows(result)} for result in results]
    lines = []
    for key, tracer in TRACERS.items():
        cells = [cell(found[key]) if key in found else "-" for found in rows]
        if key != "none" and any(one != "-" for one in cells):
            lines.append([tracer.title, *cells])
    return table(heads(results, "tracer"), lines)


def _marked(row: Row, value: str) -> str:
    return f"{value} ({row.failed} failed)" if row.failed else value


def untraced(results: Sequence[Result]) -> str:
    """Return the times as multiples of the untraced time, and the spread."""

    def cell(row: Row) -> str:
        value = figures.text(row.untraced)
        return _marked(row, value if math.isnan(row.spread) else f"{value} ± {row.spread:.0%}")

    return _tracers(results, cell)


def hook(results: Sequence[Result]) -> str:
    """Return the added times as multiples of the empty trace function's."""
    return _tracers(results, lambda row: figures.text(row.hook))


def nanoseconds(results: Sequence[Result]) -> str:
    """Return the added nanoseconds for each event of a program."""
    return _tracers(results, lambda row: figures.text(row.nanoseconds, 0))


def sizes(results: Sequence[Result]) -> str:
    """Return the bytes for each recorded event."""
    return _tracers(results, lambda row: figures.text(row.size))


def memory(results: Sequence[Result]) -> str:
    """Return the growth of peak memory, in KB."""
    return _tracers(results, lambda row: figures.text(row.memory, 0))


def whole_processes(results: Sequence[Result]) -> str:
    """Return the seconds that tracers add to whole processes, and file sizes, by program."""
    lines = []
    names = list(results[0]["whole"])
    for name in names:
        for key in TRACERS:
            if key == "none" or not any(key in result["whole"].get(name, {}) for result in results):
                continue
            cells = []
            for result in results:
                seconds = figures.text(figures.whole_added(result, name, key), 2, " s")
                size = figures.whole_size(result, name, key) / 1e6
                cells.append(seconds if math.isnan(size) else f"{seconds}, {size:,.1f} MB")
            lines.append([name, TRACERS[key].title, *cells])
    return table(["program", *heads(results, "tracer")], lines, left=2)


def starts(results: Sequence[Result]) -> str:
    """Return the milliseconds that commands take longer than `python` on an empty script."""
    keys = [key for key in whole.START_KEYS if key != "none"]
    lines = [
        [key, *(figures.text(figures.start(result, key), 1) for result in results)] for key in keys
    ]
    return table(heads(results, "command"), lines)


def _point(point: growth_figures.Point, series: str) -> str:
    text = f"{point.nanoseconds:.1f} ({point.low:.1f} to {point.high:.1f})"
    return f"{text}, on the clock {point.wall:.1f}" if series == "processes" else text


def growth(results: Sequence[Result]) -> str:
    """Return the nanoseconds that the recorder adds to an event, at each size."""
    lines = []
    for series, title in growth_figures.SERIES.items():
        found = [
            {point.size: point for point in growth_figures.points(result, series)}
            for result in results
        ]
        for size in sorted({size for points in found for size in points}):
            cells = []
            for points in found:
                point = points.get(size)
                cells.append(_point(point, series) if point else "-")
            lines.append([title, f"{size:,}", *cells])
        if found and any(found):
            walls = [
                f"{figures.text(growth_figures.flatness(result, series))}, noise "
                f"{growth_figures.noise(result, series) * 100:.0f} %"
                if points
                else "-"
                for result, points in zip(results, found, strict=True)
            ]
            lines.append([title, "greatest over least", *walls])
    return table(["what grows", *heads(results, "size")], lines)


TABLES: dict[str, Callable[[Sequence[Result]], str]] = {
    "machine": machine,
    "goals": goals,
    "untraced": untraced,
    "hook": hook,
    "nanoseconds": nanoseconds,
    "sizes": sizes,
    "memory": memory,
    "whole": whole_processes,
    "starts": starts,
    "growth": growth,
}
