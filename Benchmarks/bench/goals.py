"""The goals for speed, and the figures that a result reaches."""

import math
from collections.abc import Callable
from typing import NamedTuple

from . import figures, growth_figures
from .figures import Result

# The oldest minor version with goals. The figures of older versions are shown without a limit.
OLDEST = 12


class Goal(NamedTuple):
    """A goal: a figure must be at most `limit`, or at least `limit` if `is_least`.

    `limits` has limits by minor version of Python 3; the key 0 is for all other versions.
    """

    title: str
    unit: str
    limits: dict[int, float]
    reached: Callable[[Result], float]
    is_least: bool = False
    digits: int = 2

    def limit(self, result: Result) -> float:
        """Return the limit for the Python of a result."""
        if minor(result) < OLDEST:
            return math.nan
        return self.limits.get(minor(result), self.limits.get(0, math.nan))

    def told(self, result: Result) -> str:
        """Return the figure and the limit, as in `0.71 (≤ 0.8)`; in bold if the goal is missed."""
        reached, limit = self.reached(result), self.limit(result)
        sign = "≥" if self.is_least else "≤"
        figure = figures.text(reached, self.digits, self.unit)
        missed = reached < limit if self.is_least else reached > limit
        figure = f"**{figure}**" if missed else figure
        return figure if math.isnan(limit) else f"{figure} ({sign} {limit:.3g}{self.unit})"


def minor(result: Result) -> int:
    """Return the minor version: 12 for Python 3.12."""
    return int(result["python"].split(".")[1])


def ours(result: Result, key: str) -> str:
    """Return the key for the default source, or for `settrace` if `auto` is not measured."""
    auto = f"{key}-auto"
    is_measured = any(
        auto in runs for runs in [*result["runs"].values(), *result["whole"].values()]
    )
    return auto if is_measured else f"{key}-settrace"


def _rejects(result: Result) -> float:
    key = ours(result, "rejects")
    if minor(result) < 12:
        return figures.ratio(result, key, "empty-settrace")
    return figures.mean(figures.over_untraced(result, name, key) for name in result["runs"])


GOALS = [
    Goal(
        "recording call+line+return: added time, over an empty function's under PyEval_SetTrace",
        "",
        {12: 0.8, 0: 1.2},
        lambda result: figures.ratio(result, ours(result, "recorder"), "empty-settrace"),
    ),
    Goal(
        "recording call+return: added time, over VizTracer's, while the program runs",
        "",
        {0: 0.75},
        lambda result: figures.ratio(result, ours(result, "recorder-calls"), "viztracer"),
    ),
    Goal(
        "the same, from start to a readable file of all events",
        "",
        {0: 0.05},
        lambda result: figures.whole_ratio(result, ours(result, "recorder-calls"), "viztracer"),
        digits=3,
    ),
    Goal(
        "recording everything: added time, over that of coverage's C tracer",
        "",
        {0: 1 / 3},
        lambda result: figures.ratio(result, ours(result, "recorder"), "coverage-c"),
    ),
    Goal(
        "the Python original's added time, over that of EventLogger, to /dev/null",
        "",
        {0: 30},
        lambda result: figures.ratio(result, "original-events", ours(result, "events")),
        is_least=True,
        digits=1,
    ),
    Goal(
        "a filter that rejects all: over untraced; on 3.11 added time, over an empty hook's",
        "",
        {0: 1.03},
        _rejects,
        digits=3,
    ),
    Goal(
        "`python -m swifttrace record` of an empty script, over `python`",
        " ms",
        {0: 40},
        lambda result: figures.start(result, "swifttrace record"),
        digits=1,
    ),
    *[
        Goal(
            f"growth, {title}: greatest over least time for each event",
            "",
            {},
            lambda result, series=series: growth_figures.flatness(result, series),  # type: ignore[misc]
        )
        for series, title in growth_figures.SERIES.items()
    ],
]
