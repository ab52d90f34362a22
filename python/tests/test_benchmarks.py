"""The figures and tables of docs/benchmarks.md, for hand-made results."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "Benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The modules of the benchmarks, which are not part of the package."""
    monkeypatch.syspath_prepend(str(FOLDER))
    names = ["figures", "goals", "growth_figures", "render", "tables"]
    yield SimpleNamespace(**{name: importlib.import_module(f"bench.{name}") for name in names})
    for name in [name for name in sys.modules if name.split(".")[0] == "bench"]:
        del sys.modules[name]


def run(cpu: float, **more: float) -> dict[str, float]:
    return {"cpu": cpu, "wall": cpu, "base_kb": 10, "peak_kb": 30, **more}


def result() -> dict[str, Any]:
    """Results of two programs. One of them fails under VizTracer."""
    counts = {"call": 100, "line": 300, "return": 100, "exception": 0}
    programs = {}
    for name, bare in [("a", 1.0), ("b", 10.0)]:
        programs[name] = {
            "none": [run(bare)] * 3,
            "none-few": [run(bare / 10)],
            "empty-settrace": [run(3 * bare)] * 3,
            "recorder-auto": [run(2 * bare, bytes=1000)] * 3,
            "viztracer": [run(5 * bare)] if name == "a" else ["more than 30 s"],
            "original-events": [run(bare)],
        }
    sizes = {"1": 100e-9, "2": 150e-9}
    processes = {
        size: {
            "none": [{"cpu": 1.0, "wall": 1.0, "events": 1}],
            "recorder": [{"cpu": 1.0 + cost, "wall": 1.0 + cost, "events": 1}],
        }
        for size, cost in sizes.items()
    }
    return {
        "python": "3.12.1",
        "platform": "system",
        "machine": "machine",
        "date": "2026-01-01",
        "versions": {"swifttrace": "0.1.0"},
        "counts": {"a": counts, "b": counts},
        "few_counts": {"a": counts, "b": counts},
        "runs": programs,
        "whole": {
            "a": {
                "none": [{"wall": 1.0}],
                "recorder-calls-auto": [{"wall": 1.4, "bytes": 2_000_000}],
                "viztracer": [{"wall": 11.0, "bytes": 9_000_000}],
            }
        },
        "starts": {"none": [0.01, 0.01], "swifttrace record": [0.03, "status 1: no"]},
        "growth": {"processes": processes},
    }


def test_a_tracer_in_figures(bench: Any) -> None:
    row = bench.figures.row(result(), "recorder-auto")
    assert row.untraced == pytest.approx(2)
    assert row.hook == pytest.approx(0.5)
    assert row.size == pytest.approx(2)
    assert row.memory == 20
    assert (row.programs, row.failed) == (2, 0)


def test_what_failed_is_counted_and_not_measured(bench: Any) -> None:
    row = bench.figures.row(result(), "viztracer")
    assert row.untraced == pytest.approx(5)
    assert (row.programs, row.failed) == (1, 1)


def test_a_small_part_is_reckoned_up(bench: Any) -> None:
    assert bench.figures.added(result(), "b", "original-events") == pytest.approx(90)


def test_spread(bench: Any) -> None:
    assert bench.figures.spread([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 3)


def test_goals(bench: Any) -> None:
    told = [goal.told(result()) for goal in bench.goals.GOALS]
    assert told[0] == "0.50 (≤ 0.8)"
    assert told[1] == "- (≤ 0.75)"
    assert told[2] == "0.040 (≤ 0.05)"
    assert told[6] == "20.0 ms (≤ 40 ms)"
    assert told[-1] == "1.50"
    missed = result()
    missed["runs"]["a"]["recorder-auto"] = [run(9.0)]
    assert bench.goals.GOALS[0].told(missed) == "**1.41** (≤ 0.8)"


def test_what_stands_between_tables_stays(bench: Any) -> None:
    page = "Before.\n<!-- bench: goals -->\nold\n<!-- bench end -->\nAfter.\n"
    filled = bench.render.fill(page, [result()])
    assert filled.startswith("Before.\n<!-- bench: goals -->\n| goal | 3.12.1 |\n")
    assert filled.endswith("|\n<!-- bench end -->\nAfter.\n")
    assert bench.render.fill(filled, [result()]) == filled


def test_every_table_of_the_page_is_there(bench: Any) -> None:
    page = (FOLDER.parent / "docs" / "benchmarks.md").read_text()
    filled = bench.render.fill(page, [result()])
    assert all(f"<!-- bench: {name} -->\n| " in filled for name in bench.tables.TABLES)


def test_columns_of_other_versions_stay(bench: Any) -> None:
    page = "<!-- bench: machine -->\n<!-- bench end -->\n"
    older = {**result(), "python": "3.9.0", "versions": {"swifttrace": "0.0.9", "hunter": "3"}}
    first = bench.render.fill(page, [older])
    both = bench.render.fill(first, [result()])
    rows = [line.strip("| ").split(" | ") for line in both.splitlines()[1:-1]]
    assert rows[0] == ["Python", "3.9.0", "3.12.1"]
    assert ["swifttrace", "0.0.9", "0.1.0"] in rows
    assert ["hunter", "3", "-"] in rows
    assert bench.render.kept(both, [result()]) == ["3.9.0"]
    assert bench.render.fill(both, [older, result()]) == both


def test_a_table_that_there_is_not(bench: Any) -> None:
    with pytest.raises(bench.render.Refused, match="there is no table 'golas'"):
        bench.render.fill("<!-- bench: golas -->\n<!-- bench end -->", [result()])
