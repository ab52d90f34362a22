"""Figures derived from a result's JSON: added time, ratios, spread, bytes for each event."""

import math
import statistics
from collections.abc import Iterable
from typing import Any, NamedTuple

from .tracers import TRACERS

Result = dict[str, Any]


class Row(NamedTuple):
    """A tracer in figures that hold for all programs: geometric means, and medians of the rest."""

    key: str
    untraced: float  # Times the untraced time.
    hook: float  # Added time, over the empty trace function's; NaN where that was not measured.
    nanoseconds: float  # Added for each event of the program.
    spread: float  # Interquartile range of the times of a program, over their median.
    size: float  # Bytes for each event that is recorded; NaN if there is no file.
    memory: float  # KB by which the peak of memory grew.
    programs: int
    failed: int


def good(runs: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the runs that came to their end."""
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
    """Return the interquartile range over the median; NaN for fewer than three values."""
    if len(values) < 3 or not statistics.median(values):
        return math.nan
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / statistics.median(values)


def times(result: Result, name: str, key: str) -> list[float]:
    """Return the CPU times of a program under a tracer; none if its last run failed."""
    runs = result["runs"].get(name, {}).get(key, [])
    if not runs or isinstance(runs[-1], str):
        return []
    return [run["cpu"] for run in good(runs)]


def is_few(key: str) -> bool:
    """Return whether a tracer runs only a small part of each program."""
    return TRACERS[key].is_slow


def added(result: Result, name: str, key: str) -> float:
    """Return the seconds that a tracer adds to a program, as if it had run the whole of it."""
    bare = middle(times(result, name, "none"))
    if not is_few(key):
        return middle(times(result, name, key)) - bare
    few = middle(times(result, name, "none-few"))
    return (middle(times(result, name, key)) - few) * bare / few


def over_untraced(result: Result, name: str, key: str) -> float:
    """Return a program's time under a tracer, over that without."""
    return 1 + added(result, name, key) / middle(times(result, name, "none"))


def ratio(result: Result, key: str, other: str) -> float:
    """Return the added time of a tracer over another's: geometric mean over the programs."""
    names = result["runs"]
    return mean(added(result, name, key) / _positive(added(result, name, other)) for name in names)


def _positive(value: float) -> float:
    return value if value > 0 else math.nan


def recorded(result: Result, name: str, key: str) -> int:
    """Return how many events a recorder keeps of a program."""
    counts: dict[str, int] = result["counts"][name]
    kinds = ["call", "return"] if key.startswith("recorder-calls") else list(counts)
    return sum(counts[kind] for kind in kinds)


def row(result: Result, key: str) -> Row | None:
    """Return a tracer's figures, or None if it did not run at all."""
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
    """Return the seconds that whole processes took."""
    return [run["wall"] for run in good(result["whole"].get(name, {}).get(key, []))]


def whole_added(result: Result, name: str, key: str) -> float:
    """Return the seconds that a tracer adds to a whole process, until its file can be read."""
    bare = middle(walls(result, name, "none"))
    if not is_few(key):
        return middle(walls(result, name, key)) - bare
    # The time added to the small part is extrapolated by the number of events.
    all_events, few_events = (
        sum(result[counts][name].values()) for counts in ("counts", "few_counts")
    )
    part = middle(walls(result, name, key)) - middle(walls(result, name, "none-few"))
    return part * float(all_events / few_events)


def whole_size(result: Result, name: str, key: str) -> float:
    """Return the bytes of the file that a tracer leaves of a whole process."""
    runs = good(result["whole"].get(name, {}).get(key, []))
    return middle(float(run["bytes"]) for run in runs if "bytes" in run)


def whole_ratio(result: Result, key: str, other: str) -> float:
    """Return what a tracer adds to whole processes over what another adds: geometric mean."""
    return mean(
        whole_added(result, name, key) / _positive(whole_added(result, name, other))
        for name in result["whole"]
    )


def start(result: Result, key: str) -> float:
    """Return the milliseconds that a command on an empty script takes more than `python`."""
    starts = result["starts"]
    seconds = [
        [one for one in starts.get(name, []) if isinstance(one, float)] for name in (key, "none")
    ]
    return (middle(seconds[0]) - middle(seconds[1])) * 1000


def text(value: float, digits: int = 2, unit: str = "") -> str:
    """Return a number for a table: a dash if there is none."""
    return "-" if math.isnan(value) else f"{value:,.{digits}f}{unit}"
