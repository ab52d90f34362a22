"""Figures derived from the growth in a result's JSON: time for each event, and its flatness."""

import math
from typing import Any, NamedTuple

from . import figures

# The series, and the quantity that grows in each.
SERIES = {
    "calls": "number of calls",
    "threads": "threads under the GIL",
    "depth": "depth of the stack",
    "processes": "processes at the same time",
}


class Point(NamedTuple):
    """The time that the recorder adds for each event, at one size."""

    size: int
    nanoseconds: float  # Median of the rounds.
    low: float  # Lower quartile.
    high: float  # Upper quartile.
    wall: float  # Median of wall-clock time, divided by the events of all processes.


def points(result: dict[str, Any], series: str) -> list[Point]:
    """Return the points of a series, smallest size first."""
    found = []
    for size, runs in result.get("growth", {}).get(series, {}).items():
        pairs = [
            (bare, traced)
            for bare, traced in zip(runs["none"], runs["recorder"], strict=True)
            if isinstance(bare, dict) and isinstance(traced, dict)
        ]
        if not pairs:
            continue
        costs = sorted((t["cpu"] - b["cpu"]) / t["events"] * 1e9 for b, t in pairs)
        walls = [(t["wall"] - b["wall"]) / t["events"] * 1e9 for b, t in pairs]
        quarter = (len(costs) - 1) // 4
        found.append(
            Point(
                int(size),
                figures.middle(costs),
                costs[quarter],
                costs[-1 - quarter],
                figures.middle(walls),
            )
        )
    return sorted(found)


def flatness(result: dict[str, Any], series: str) -> float:
    """Return the greatest time for an event divided by the least, in a series."""
    costs = [point.nanoseconds for point in points(result, series)]
    return max(costs) / min(costs) if costs and min(costs) > 0 else math.nan


def noise(result: dict[str, Any], series: str) -> float:
    """Return the greatest interquartile range at one size, divided by the median there."""
    ranges = [(point.high - point.low) / point.nanoseconds for point in points(result, series)]
    return max(ranges) if ranges else math.nan
