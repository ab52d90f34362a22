"""Calls that are recorded in part: unknown times, and lower bounds, are marked."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
import swifttrace
from running import run_python

# A long loop, of which the last events are kept: the calls of `main` and of the module are evicted.
LOOP = """\
def step(n):
    return n + 1

def main():
    n = 0
    while n < 300000:
        n = step(n)
    return "done"

main()
"""

FORKED = """\
import os, time

def work():
    child = os.fork()
    if child == 0:
        inner()
    else:
        os.waitpid(child, 0)
    return child

def inner():
    time.sleep(0.01)

work()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording that has the last events of the loop."""
    path: Path = tmp_path_factory.mktemp("parts")
    (path / "loop.py").write_text(LOOP)
    options = ("--max-size", "256K", "--keep", "last", "--calls", "--returns")
    assert run_python("-m", "swifttrace", "record", *options, "loop.py", cwd=path).status == 0
    return path


def test_show_says_what_is_a_part(folder: Path) -> None:
    shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=folder)
    *steps, main, module = [line for line in shown.stdout.splitlines() if "└" in line]
    # Only the ends of both are recorded.
    assert main.split("└")[1].split() == module.split("└")[1].split() == ["?"]
    assert len(steps) > 1000
    assert not [line for line in steps[2:] if "≥" in line or "?" in line]


def test_time_since_the_first_event_is_a_lower_bound(folder: Path) -> None:
    options = ("--max-size", "256K", "--keep", "last", "-o", "lines.swt")
    ended = run_python("-m", "swifttrace", "record", *options, "loop.py", cwd=folder)
    assert ended.status == 0
    shown = run_python("-m", "swifttrace", "show", "--tail", "2", "lines.swt", cwd=folder)
    main, module = shown.stdout.splitlines()
    assert re.fullmatch(r"  └  ≥ [\d.]+ [µm]?s", main), main
    assert module == "└  ?"
    rows = {row.name: row for row in swifttrace.open(folder / "lines.swt").stats()}
    assert rows["main"].total > 0
    table = run_python("-m", "swifttrace", "stats", "lines.swt", cwd=folder).stdout
    (row,) = [line for line in table.splitlines() if " main " in line]
    assert row.count("≥") == 3


def test_stats_say_so_too(folder: Path) -> None:
    rows = {row.name: row for row in swifttrace.open(folder / "run.swt").stats()}
    # The oldest chunk may begin within a step.
    assert rows.pop("step").without_start <= 1
    assert {
        name: (row.calls, row.without_start) for name, row in rows.items() if row.is_partial
    } == {
        "main": (0, 1),
        "<module>": (0, 1),
    }
    table = run_python("-m", "swifttrace", "stats", "run.swt", cwd=folder).stdout
    (module,) = [line for line in table.splitlines() if "<module" in line]
    assert "?" in module
    found = json.loads(
        run_python("-m", "swifttrace", "stats", "--format", "json", "run.swt", cwd=folder).stdout
    )
    assert {row["name"]: row["without_start"] for row in found}["main"] == 1
    text = run_python("-m", "swifttrace", "stats", "--format", "csv", "run.swt", cwd=folder).stdout
    columns = list(csv.DictReader(io.StringIO(text)))
    assert {row["function"]: row["without_start"] for row in columns}["main"] == "1"
    (stack,) = swifttrace.open(folder / "run.swt").callers("main")
    assert stack.is_partial
    shown = run_python("-m", "swifttrace", "callers", "run.swt", "main", cwd=folder).stdout
    assert shown.splitlines()[0].endswith("?")


def test_timelines_say_so(folder: Path) -> None:
    text = run_python(
        "-m", "swifttrace", "export", "--to", "chrome", "-o", "-", "run.swt", cwd=folder
    ).stdout
    begun = [
        event["name"]
        for event in json.loads(text)["traceEvents"]
        if event["ph"] == "B" and event["args"].get("began") == "before"
    ]
    assert begun[-2:] == ["main", f"<module> {folder.name}/loop.py"]


def test_a_forked_child_has_parts(tmp_path: Path) -> None:
    (tmp_path / "fork.py").write_text(FORKED)
    assert run_python("-m", "swifttrace", "record", "fork.py", cwd=tmp_path).status == 0
    recording = swifttrace.open(tmp_path / "run.swt")
    child = recording.processes[1]
    shown = run_python(
        "-m", "swifttrace", "show", "--process", child, "run.swt", cwd=tmp_path
    ).stdout.replace(f"[{child}] ", "")
    assert re.findall(r"^( *)└.*  (\?|≥|[\d.]+)", shown, re.MULTILINE)[1:] == [
        ("  ", "≥"),
        ("", "?"),
    ]
    rows = {row.name: row for row in recording.stats(process=child)}
    assert rows["work"].is_partial
    assert not rows["inner"].is_partial


def test_a_call_whose_end_is_lost_is_a_lower_bound(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(
        "import os, signal\ndef f():\n    g()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "def g():\n    pass\nf()\n"
    )
    run_python("-m", "swifttrace", "record", "killed.py", cwd=tmp_path)
    rows = {row.name: row for row in swifttrace.open(tmp_path / "run.swt").stats()}
    assert {name: row.without_end for name, row in rows.items()} == {
        "<module>": 1,
        "f": 1,
        "g": 0,
    }
    table = run_python("-m", "swifttrace", "stats", "run.swt", cwd=tmp_path).stdout
    assert len([line for line in table.splitlines() if "≥" in line]) == 2
