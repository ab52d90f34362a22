"""Figures derived from the growth in a result's JSON: time for each event, and its flatness."""

import math
from typing import Any, NamedTuple

from . import figures

# Kinds of growth, and what grows.
SERIES = {
    "calls": "number of calls",
    "threads": "threads under the GIL",
    "depth": "depth of the stack",
    "processes": "processes at the same time",
}


class Point(NamedTuple):
    """One size: nanoseconds that the recorder adds for each event."""

    size: int
    nanoseconds: float  # The median of the rounds,
    low: float  # and their quartiles.
    high: float
    wall: float  # Median by the wall clock, over the events of all processes.


def points(result: dict[str, Any], series: str) -> list[Point]:
    """Return the sizes of one kind of growth, the least first."""
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
    """Return the greatest time for an event over the least of one kind of growth."""
    costs = [point.nanoseconds for point in points(result, series)]
    return max(costs) / min(costs) if costs and min(costs) > 0 else math.nan


def noise(result: dict[str, Any], series: str) -> float:
    """Return the widest range between quartiles at one size, over its median."""
    ranges = [(point.high - point.low) / point.nanoseconds for point in points(result, series)]
    return max(ranges) if ranges else math.nan
