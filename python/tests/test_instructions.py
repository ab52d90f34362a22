"""The cost of an event: instructions within Benchmarks/instructions.toml, and no allocation."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "Benchmarks"))

from bench import instructions, native
from bench.instructions import Count

# Counting takes half a minute of CPU time. For other versions, use `make instructions`.
COUNTED = [(3, 12), (3, 14), (3, 15)]

COUNT = Count("settrace", "recorder", "line", 500.0, 70.0)
NAME = ("settrace", "recorder", "line")


def test_no_event_takes_more_instructions_than_allowed() -> None:
    if sys.version_info[:2] not in COUNTED:
        pytest.skip(
            "instructions are counted with other versions; `make instructions` counts here too"
        )
    reason = instructions.problem()
    if reason:
        pytest.skip(f"instructions cannot be counted: {reason}")
    counts = instructions.measure()
    assert instructions.excesses(counts, instructions.thresholds()) == [], instructions.table(
        counts, instructions.thresholds()
    )
    # Shows that hooks are called: an empty one costs hundreds of instructions with CPython's own.
    assert all(count.empty > 50 for count in counts)


def test_more_than_is_allowed_is_told() -> None:
    assert instructions.excesses([COUNT], {NAME: 70}) == []
    assert instructions.excesses([COUNT], {NAME: 69}) == [
        "settrace, recorder, line: 70 instructions, 69 are allowed"
    ]


def test_a_count_without_a_threshold_is_told() -> None:
    assert instructions.excesses([COUNT], {}) == ["settrace, recorder, line: there is no threshold"]


def test_costs_are_worked_out_of_parts() -> None:
    parts = {
        "between": 1000,
        "lines": 1000 + 70 + 30 * instructions.LINES + 50,
        "calls": 1000 - 30 + (70 + 30) * instructions.DEPTH,
        "returns": 1000 - 30 + 50 * instructions.DEPTH,
    }
    assert instructions.costs_of_events(parts) == pytest.approx((70, 30, 50), abs=0.01)


@pytest.mark.parametrize("source", instructions.sources())
def test_an_event_allocates_nothing(source: str, tmp_path: Path) -> None:
    reason = instructions.preload_problem()
    if reason:
        pytest.skip(f"allocations cannot be counted: {reason}")
    counter = native.build("count_malloc", tmp_path)
    native.build("bench_hooks", tmp_path)
    hook_of = {
        f"{tracer}-{source}": instructions.empty_hook(source, tracer)
        for tracer in instructions.EVENTS
    }
    # A tracer that allocates shows that allocations are counted.
    tracers = [*hook_of, *dict.fromkeys(hook_of.values()), "empty-settrace", "python-list"]
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "bench.counted_allocations",
            str(tmp_path / "run.swt"),
            *dict.fromkeys(tracers),
        ],
        env=instructions.environment(counter, PYTHONMALLOC="malloc"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    counts = {tracer: int(count) for tracer, count in lines}
    added = {tracer: counts[tracer] - counts[hook] for tracer, hook in hook_of.items()}
    assert added == dict.fromkeys(hook_of, 0)
    assert counts["python-list"] - counts["empty-settrace"] > instructions.DEPTH
