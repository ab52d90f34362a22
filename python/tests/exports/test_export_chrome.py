"""JSON for Chrome's trace viewer has all calls of all threads."""

import json
from pathlib import Path
from typing import Any

import pytest
import swifttrace
from exported import TASKS, WORKERS, Steps, record

WAITS = ("wait [task 2]", "wait [task 3]")


@pytest.fixture(scope="module")
def trace(recording: swifttrace.Recording, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("chrome") / "run.json"
    recording.export("chrome", path)
    return json.loads(path.read_text())


def thread_ids(recording: swifttrace.Recording) -> dict[tuple[int, int], tuple[int, int]]:
    """Maps the viewer's numbers of processes and threads to those of the recording."""
    return {(t.process, t.native_id): (t.process, t.index) for t in recording.threads}


def names_of_tracks(trace: Any) -> dict[tuple[int, int], str]:
    """The names of threads, greenlets and tasks, by the viewer's numbers."""
    names = [event for event in trace["traceEvents"] if event.get("name") == "thread_name"]
    return {(event["pid"], event["tid"]): event["args"]["name"] for event in names}


def test_each_event_has_what_the_format_requires(trace: Any) -> None:
    assert trace["displayTimeUnit"] == "ns"
    for event in trace["traceEvents"]:
        assert {"ph", "pid", "tid"} <= event.keys()
        if event["ph"] == "M":
            assert {"name", "args"} <= event.keys()
        else:
            assert event["ph"] in "BEi"
            assert isinstance(event["ts"], float)
        if event["ph"] in "Bi":
            assert event["name"]
            assert event["cat"] in ("call", "resume", "c", "exception")
        if event["ph"] == "i":
            assert event["s"] == "t"


def test_calls_of_each_thread(recording: swifttrace.Recording, trace: Any, steps: Steps) -> None:
    threads = thread_ids(recording)
    (main, *_) = threads.values()
    for key, name in names_of_tracks(trace).items():
        if " [task " in name:
            threads[key] = main
    categories = {"call": "call", "resume": "resume", "c_call": "c"}
    shown: dict[tuple[int, int], list[tuple[str, str | None, int]]] = {}
    for event in trace["traceEvents"]:
        if event["ph"] in "BE":
            key = threads[event["pid"], event["tid"]]
            kind = (
                event["cat"] if event["ph"] == "B" else event.get("args", {}).get("left", "return")
            )
            shown.setdefault(key, []).append((kind, event.get("name"), round(event["ts"] * 1000)))
    assert len(shown) == 3
    expected = {
        key: [
            (
                step.kind if step.is_end else categories[step.kind],
                None if step.is_end else step.function,
                step.time,
            )
            for step in each
        ]
        for key, each in steps.items()
    }
    assert shown == expected


def test_names_of_processes_and_threads(recording: swifttrace.Recording, trace: Any) -> None:
    names = [(pid, name) for (pid, _), name in names_of_tracks(trace).items()]
    tasks = [f"MainThread {name}" for name in ("together [task 1]", *WAITS)]
    assert sorted(names) == sorted(
        [(thread.process, thread.name) for thread in recording.threads]
        + [(recording.processes[0], name) for name in tasks]
    )
    assert {thread.name for thread in recording.threads} >= {"MainThread", "a; second thread"}


def test_values_and_exceptions(trace: Any) -> None:
    events = trace["traceEvents"]
    (first, *_) = [e for e in events if e["ph"] == "B" and e["name"] == "fib"]
    assert first["args"]["arguments"] == {"number": "6"}
    raised = [e for e in events if e["ph"] == "i" and e["name"] == "ValueError"]
    assert [e["args"]["message"] for e in raised] == ['it\'s; a\n"test"'] * 2


def test_greenlets_have_lines_of_their_own(tmp_path: Path) -> None:
    recording = record(tmp_path, GREENLETS)
    recording.export("chrome", tmp_path / "out.json")
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    tids = {e["name"]: e["tid"] for e in events if e["ph"] == "B"}
    assert len({tids["first"], tids["second"], tids[f"<module> {tmp_path.name}/program.py"]}) == 3
    for tid in tids.values():
        depth = 0
        for event in events:
            if event["tid"] == tid and event["ph"] in "BE":
                depth += 1 if event["ph"] == "B" else -1
                assert depth >= 0
        assert depth == 0


def test_tasks_have_lines_of_their_own(tmp_path: Path) -> None:
    recording = record(tmp_path, TASKS)
    recording.export("chrome", tmp_path / "out.json")
    trace = json.loads((tmp_path / "out.json").read_text())
    names = names_of_tracks(trace)
    calls: dict[str, list[str]] = {name: [] for name in names.values()}
    depths = dict.fromkeys(names.values(), 0)
    for event in trace["traceEvents"]:
        if event["ph"] in "BE":
            name = names[event["pid"], event["tid"]]
            depths[name] += 1 if event["ph"] == "B" else -1
            assert depths[name] >= 0
            if event["ph"] == "B":
                calls[name].append(event["name"])
    assert not any(depths.values())
    tasks = [f"MainThread {name}" for name in WORKERS]
    assert list(calls) == ["MainThread", "MainThread main [task 1]", *tasks]
    first, *others = [calls[name] for name in tasks]
    assert first.count("step") == 4 and first.count("turn") == 8
    assert others == [first, first]


GREENLETS = """
import greenlet


def first():
    other.switch()
    other.switch()


def second():
    one.switch()


one = greenlet.greenlet(first)
other = greenlet.greenlet(second)
one.switch()
"""
