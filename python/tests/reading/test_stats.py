"""`stats` agrees with the counts of CPython's profile function."""

import collections
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import swifttrace
from running import Ended, run_python

PROGRAM = """\
import threading
import time

class Tree:
    def __init__(self, depth):
        self.children = [Tree(depth - 1) for _ in range(2)] if depth else []

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def fail(n):
    raise KeyError(n)

def through(n):
    fail(n)

def catch(n):
    try:
        through(n)
    except KeyError:
        return n
    return None

def slow():
    time.sleep(0.2)

def never():
    return 1

def main():
    fib(12)
    for _ in Tree(5).walk():
        pass
    for n in range(7):
        catch(n)
    slow()
    thread = threading.Thread(target=fib, args=[8])
    thread.start()
    thread.join()

main()
"""

# Counts calls by `sys.setprofile`, which also reports resumes of generators as calls.
ORACLE = """\
import collections, dis, json, sys, threading

calls = collections.Counter()
path = sys.argv[1]

def hook(frame, event, argument):
    code = frame.f_code
    if event == "call" and code.co_filename == path:
        if not code.co_flags & 0x20 or frame.f_lasti < 8:
            calls[code.co_qualname] += 1

with open(path) as file:
    program = compile(file.read(), path, "exec")
threading.setprofile(hook)
sys.setprofile(hook)
exec(program, {"__name__": "__main__"})
sys.setprofile(None)
json.dump(calls, sys.stdout)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of the program."""
    path: Path = tmp_path_factory.mktemp("stats")
    (path / "program.py").write_text(PROGRAM)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=path).status == 0
    return path


def stats(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "stats", *options, "run.swt", cwd=folder)


def by_name(folder: Path) -> dict[str, swifttrace.FunctionStats]:
    return {row.name: row for row in swifttrace.open(folder / "run.swt").stats()}


def test_calls_are_those_that_the_profiler_hook_counts(folder: Path) -> None:
    (folder / "oracle.py").write_text(ORACLE)
    program = str(folder / "program.py")
    output = subprocess.run(
        [sys.executable, "oracle.py", program], cwd=folder, stdout=subprocess.PIPE, check=True
    ).stdout
    expected = json.loads(output)
    found = {name: row.calls for name, row in by_name(folder).items()}
    assert found == expected
    assert found["fib"] == 465 + 67
    assert found["Tree.walk"] == 63


def test_exceptions_are_raised_and_passed_through(folder: Path) -> None:
    rows = by_name(folder)
    assert [(rows[name].raised, rows[name].passed) for name in ("fail", "through", "catch")] == [
        (7, 0),
        (0, 7),
        (0, 0),
    ]


def test_the_end_of_an_await_is_no_exception(tmp_path: Path) -> None:
    program = """\
import asyncio

async def leaf():
    await asyncio.sleep(0)

async def numbers():
    for number in range(3):
        await leaf()
        yield number

async def fail():
    await leaf()
    raise KeyError

async def main():
    async for number in numbers():
        pass
    try:
        await fail()
    except KeyError:
        pass
    try:
        await through()
    except KeyError:
        pass

async def through():
    await fail()

asyncio.run(main())
"""
    (tmp_path / "program.py").write_text(program)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
    recording = swifttrace.open(tmp_path / "run.swt")
    assert any(event.value == "StopIteration" for event in recording)
    rows = {row.name: row for row in recording.stats()}
    raised = {name: row.raised for name, row in rows.items() if row.raised}
    assert raised == {"fail": 2, "main": 1}
    assert [[f.name for f in s.frames][-1] for s in recording.paths("StopAsync*")] == ["main"]
    assert {name: row.passed for name, row in rows.items() if row.passed} == {"through": 1}
    assert recording.paths("StopIteration") == ()


def test_time_is_counted_once(folder: Path) -> None:
    rows = by_name(folder)
    whole = rows["<module>"].total
    assert all(0 <= row.own <= row.total for row in rows.values())
    # `fib` calls itself a thousand times, and `Tree.walk` resumes itself.
    assert rows["fib"].total < whole
    assert rows["main"].total <= whole
    assert rows["slow"].own >= 200_000_000
    threads = swifttrace.open(folder / "run.swt").stats(by="thread", thread=0)
    own = sum(row.own for row in threads)
    assert own == next(row.total for row in threads if row.name == "<module>")


def test_lines_have_hits_and_time(folder: Path) -> None:
    rows = swifttrace.open(folder / "run.swt").stats(lines=True)
    lines = {line.line: line for row in rows for line in row.lines}
    hits: collections.Counter[int] = collections.Counter()
    for row in rows:
        hits.update({line.line: line.hits for line in row.lines if line.hits})
    events = collections.Counter(
        event.line for event in swifttrace.open(folder / "run.swt") if event.kind == "line"
    )
    assert hits == events
    number = PROGRAM.splitlines().index("    time.sleep(0.2)") + 1
    assert lines[number].own >= 200_000_000


def test_threads_are_counted_for_themselves(folder: Path) -> None:
    rows = swifttrace.open(folder / "run.swt").stats(by="thread")
    assert {(row.thread, row.calls) for row in rows if row.name == "fib"} == {(0, 465), (1, 67)}
    (row,) = swifttrace.open(folder / "run.swt").stats(thread=1)
    assert (row.name, row.calls, row.thread) == ("fib", 67, None)


def test_formats_agree(folder: Path) -> None:
    table = stats(folder, "--sort", "calls", "--top", "2")
    assert (table.stderr, table.status) == ("", 0)
    assert table.stdout.splitlines()[0].split()[:4] == ["calls", "total", "own", "mean"]
    assert [line.split()[0] for line in table.stdout.splitlines()[1:]] == ["532", "63"]
    found = json.loads(stats(folder, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(stats(folder, "--format", "csv").stdout)))
    assert [row["name"] for row in found] == [row["function"] for row in rows]
    assert [str(row["own"]) for row in found] == [row["own"] for row in rows]


def test_globs_choose(folder: Path) -> None:
    found = json.loads(stats(folder, "--format", "json", "--function", "Tree.*").stdout)
    names = {row["name"] for row in found}
    # Up to 3.11, a comprehension is a function.
    assert names - {"Tree.__init__.<locals>.<listcomp>"} == {"Tree.__init__", "Tree.walk"}
    assert json.loads(stats(folder, "--format", "json", "--exclude", "program.py").stdout) == []


def test_the_source_shows_what_never_ran(folder: Path) -> None:
    shown = stats(folder, "--source", "program.py")
    assert (shown.stderr, shown.status) == ("", 0)
    lines = shown.stdout.splitlines()[1:]
    assert len(lines) == len(PROGRAM.splitlines())
    unmarked = [line for line in lines if "!" not in line[:36]]
    marked = [line[36:].split(maxsplit=1)[1] for line in lines if line not in unmarked]
    assert marked == ["return None", "return 1"]
    hits = next(line for line in lines if line.endswith("raise KeyError(n)")).split()[0]
    assert hits == "7"


def test_what_cannot_be_is_said_in_one_line(folder: Path) -> None:
    for options, words in (
        (["--source", "other.py"], "--source other.py: it is not in the recording"),
        (["--sort", "colour"], "invalid choice: 'colour'"),
        (["--top", "-1"], "--top"),
    ):
        ended = stats(folder, *options)
        assert ended.status == 2
        assert ended.stdout == ""
        assert ended.stderr.startswith("swifttrace stats: ")
        assert words in ended.stderr
        assert ended.stderr.count("\n") == 1
    ended = run_python("-m", "swifttrace", "stats", "program.py", cwd=folder)
    assert ended.status == 2
    assert "program.py: this is no swifttrace recording: wrong magic bytes" in ended.stderr
    assert "offset 0" in ended.stderr
