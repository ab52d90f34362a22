"""The plots of docs/benchmarks.md, made by matplotlib. Equal results give equal files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt

from . import figures, growth_figures
from .figures import Result
from .tracers import TRACERS

# IDs in the SVG are derived from its content instead of random; text stays text.
matplotlib.rcParams.update({"svg.hashsalt": "swifttrace", "svg.fonttype": "none", "font.size": 9})


def save(figure: Any, path: Path) -> None:
    """Write a figure as SVG, without a date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)
    # matplotlib writes spaces at the ends of some lines.
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n")


def ratios(results: Sequence[Result], path: Path) -> None:
    """Draw the times of all tracers, as multiples of the untraced time; the smallest at the top."""
    found = [{row.key: row for row in figures.rows(result)} for result in results]
    keys = [key for key in TRACERS if key != "none" and any(key in rows for rows in found)]

    def least(key: str) -> float:
        return figures.mean(rows[key].untraced for rows in found if key in rows)

    keys.sort(key=least, reverse=True)
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(keys) + 1.2))
    height = 0.8 / len(results)
    for number, (result, rows) in enumerate(zip(results, found, strict=True)):
        places = [place for place, key in enumerate(keys) if key in rows]
        values = [rows[keys[place]].untraced for place in places]
        offset = height * ((len(results) - 1) / 2 - number)
        axes.barh(
            [place + offset for place in places],
            values,
            height,
            label=f"Python {result['python']}",
        )
    axes.set_yticks(range(len(keys)), [TRACERS[key].title for key in keys])
    axes.set_xscale("log")
    axes.set_xlabel("time over the untraced time, geometric mean over the programs (log)")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.grid(axis="x", which="both", linewidth=0.3)
    axes.set_axisbelow(True)
    axes.legend()
    save(figure, path)


def growth(results: Sequence[Result], path: Path) -> None:
    """Draw the time that the recorder adds to an event against the size, with quartiles."""
    titles = growth_figures.SERIES
    figure, all_axes = plt.subplots(1, len(titles), figsize=(3 * len(titles), 3), sharey=True)
    for axes, (series, title) in zip(all_axes, titles.items(), strict=True):
        for result in results:
            points = growth_figures.points(result, series)
            if not points:
                continue
            middles = [point.nanoseconds for point in points]
            errors = [
                [point.nanoseconds - point.low for point in points],
                [point.high - point.nanoseconds for point in points],
            ]
            sizes = [point.size for point in points]
            axes.errorbar(
                sizes, middles, errors, marker="o", capsize=3, label=f"Python {result['python']}"
            )
            axes.set_xscale("log")
            axes.set_xticks(sizes, [short(size) for size in sizes])
            axes.minorticks_off()
        axes.set_xlabel(title)
        axes.grid(linewidth=0.3)
    all_axes[0].set_ylim(bottom=0)
    all_axes[0].set_ylabel("added ns for each event")
    all_axes[0].legend()
    save(figure, path)


def short(size: int) -> str:
    """Return the label of a number on an axis: 4 M for four million."""
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size:,}"
