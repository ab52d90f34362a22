"""Figures derived from a result's JSON: added time, ratios, spread, bytes for each event."""

import math
import statistics
from collections.abc import Iterable
from typing import Any, NamedTuple

from .tracers import TRACERS

Result = dict[str, Any]


class Row(NamedTuple):
    """Figures of a tracer over all programs: geometric means of ratios, medians of the others."""

    key: str
    untraced: float  # Time, as a multiple of the untraced time.
    hook: float  # Added time, as a multiple of the empty trace function's; NaN if not measured.
    nanoseconds: float  # Added time for each event of the program.
    spread: float  # Interquartile range of a program's times, divided by their median.
    size: float  # Bytes for each recorded event; NaN if there is no file.
    memory: float  # Growth of peak memory, in KB.
    programs: int
    failed: int


def good(runs: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the runs that succeeded."""
    return [run for run in runs if isinstance(run, dict)]


def mean(values: Iterable[float]) -> float:
    """Return the geometric mean of the values above zero; NaN if there are none."""
    kept = [value for value in values if value > 0 and math.isfinite(value)]
    return statistics.geometric_mean(kept) if kept else math.nan


def middle(values: Iterable[float]) -> float:
    """Return the median; NaN if there are no values."""
    kept = [value for value in values if not math.isnan(value)]
    return statistics.median(kept) if kept else math.nan


def spread(values: list[float]) -> float:
    """Return the interquartile range divided by the median; NaN for fewer than three values."""
    if len(values) < 3 or not statistics.median(values):
        return math.nan
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / statistics.median(values)


def times(result: Result, name: str, key: str) -> list[float]:
    """Return the CPU times of a program under a tracer; empty if its last run failed."""
    runs = result["runs"].get(name, {}).get(key, [])
    if not runs or isinstance(runs[-1], str):
        return []
    return [run["cpu"] for run in good(runs)]


def is_few(key: str) -> bool:
    """Return whether a tracer runs only a small part of each program."""
    return TRACERS[key].is_slow


def added(result: Result, name: str, key: str) -> float:
    """Return the seconds that a tracer adds to a program, extrapolated if it ran a part of it."""
    bare = middle(times(result, name, "none"))
    if not is_few(key):
        return middle(times(result, name, key)) - bare
    few = middle(times(result, name, "none-few"))
    return (middle(times(result, name, key)) - few) * bare / few


def over_untraced(result: Result, name: str, key: str) -> float:
    """Return a program's time under a tracer, divided by its untraced time."""
    return 1 + added(result, name, key) / middle(times(result, name, "none"))


def ratio(result: Result, key: str, other: str) -> float:
    """Return the geometric mean of the quotients of the added times of two tracers."""
    names = result["runs"]
    return mean(added(result, name, key) / _positive(added(result, name, other)) for name in names)


def _positive(value: float) -> float:
    return value if value > 0 else math.nan


def recorded(result: Result, name: str, key: str) -> int:
    """Return the number of events of a program that a recorder stores."""
    counts: dict[str, int] = result["counts"][name]
    kinds = ["call", "return"] if key.startswith("recorder-calls") else list(counts)
    return sum(counts[kind] for kind in kinds)


def row(result: Result, key: str) -> Row | None:
    """Return a tracer's figures, or None if it did not run."""
    names = [name for name, runs in result["runs"].items() if runs.get(key)]
    if not names:
        return None
    kept = [name for name in names if times(result, name, key)]
    sizes = [
        run["bytes"] / recorded(result, name, key)
        for name in kept
        for run in good(result["runs"][name][key])
        if key.startswith("recorder") and "bytes" in run
    ]
    memory = [
        run["peak_kb"] - run["base_kb"] for name in kept for run in good(result["runs"][name][key])
    ]
    events = {name: sum(result["counts"][name].values()) for name in kept}
    return Row(
        key,
        mean(over_untraced(result, name, key) for name in kept),
        mean(
            added(result, name, key) / _positive(added(result, name, "empty-settrace"))
            for name in kept
        ),
        middle(added(result, name, key) / events[name] * 1e9 for name in kept),
        middle(spread(times(result, name, key)) for name in kept),
        mean(sizes),
        middle(memory),
        len(kept),
        len(names) - len(kept),
    )


def rows(result: Result) -> list[Row]:
    """Return the figures of all tracers that ran, in the order of `TRACERS`."""
    found = (row(result, key) for key in TRACERS)
    return [one for one in found if one is not None]


def walls(result: Result, name: str, key: str) -> list[float]:
    """Return the durations of whole processes, in seconds."""
    return [run["wall"] for run in good(result["whole"].get(name, {}).get(key, []))]


def whole_added(result: Result, name: str, key: str) -> float:
    """Return the seconds that a tracer adds to a whole process, until its file can be read."""
    bare = middle(walls(result, name, "none"))
    if not is_few(key):
        return middle(walls(result, name, key)) - bare
    # Extrapolates the time added to the small part by the number of events.
    all_events, few_events = (
        sum(result[counts][name].values()) for counts in ("counts", "few_counts")
    )
    part = middle(walls(result, name, key)) - middle(walls(result, name, "none-few"))
    return part * float(all_events / few_events)


def whole_size(result: Result, name: str, key: str) -> float:
    """Return the size of the file that a tracer writes for a whole process, in bytes."""
    runs = good(result["whole"].get(name, {}).get(key, []))
    return middle(float(run["bytes"]) for run in runs if "bytes" in run)


def whole_ratio(result: Result, key: str, other: str) -> float:
    """Return the geometric mean of the quotients of the times two tracers add to processes."""
    return mean(
        whole_added(result, name, key) / _positive(whole_added(result, name, other))
        for name in result["whole"]
    )


def start(result: Result, key: str) -> float:
    """Return the milliseconds that a command takes longer than `python` on an empty script."""
    starts = result["starts"]
    seconds = [
        [one for one in starts.get(name, []) if isinstance(one, float)] for name in (key, "none")
    ]
    return (middle(seconds[0]) - middle(seconds[1])) * 1000


def text(value: float, digits: int = 2, unit: str = "") -> str:
    """Return a number as text for a table, or a dash for NaN."""
    return "-" if math.isnan(value) else f"{value:,.{digits}f}{unit}"
