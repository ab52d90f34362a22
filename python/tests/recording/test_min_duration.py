"""`--min-duration`: recordings without short calls."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import swifttrace
from running import run_python

PROGRAM = """
import asyncio, sys, threading, time

def give(value):
    return value

def fail(value):
    raise KeyError(value)

def count(limit):
    for number in range(limit):
        yield number

def attempt(value):
    try:
        return fail(value)
    except KeyError:
        return give(value)

def slow(seconds):
    give("first")
    attempt("x")
    time.sleep(seconds)
    give("last")
    return deep(40, seconds)

def deep(depth, seconds):
    if depth == 0:
        time.sleep(seconds)
        return 0
    give(depth)
    return deep(depth - 1, seconds) + 1

async def wait(seconds):
    give("waiting")
    await asyncio.sleep(seconds)
    return give("waited")

def work():
    for number in range(3000):
        attempt(number)
    sum(count(3))
    slow(0.3)

def main():
    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    asyncio.run(wait(0.3))

main()
"""


def record(folder: Path, *options: str, program: str = PROGRAM) -> Path:
    (folder / "program.py").write_text(program)
    ended = run_python("-m", "swifttrace", "record", *options, "program.py", cwd=folder)
    assert ended.status == 0, ended.stderr
    return folder / "run.swt"


def calls(path: Path) -> list[tuple[str, str, int]]:
    return [
        (event.event, event.function.name, event.depth)
        for event in swifttrace.open(path)
        if event.function is not None and event.event in ("call", "return")
    ]


@pytest.mark.parametrize("options", [[], ["--values=safe"], ["--calls", "--returns"]])
def test_what_is_recorded_is_what_took_so_long(tmp_path: Path, options: list[str]) -> None:
    path = record(tmp_path, "--min-duration", "200ms", *options)
    found = calls(path)
    names = {name for _, name, _ in found}
    assert {"<module>", "main", "work", "slow", "deep", "wait"} <= names
    # The innermost `deep` sleeps, so all 41 calls are long, in both threads.
    assert found.count(("call", "slow", 3)) + found.count(("call", "slow", 1)) == 2
    assert sum(event == "call" and name == "deep" for event, name, _ in found) == 82
    # Only those of the 12,000 short calls are left that were running when a chunk was full.
    assert sum(name in ("give", "fail", "attempt") for _, name, _ in found) < 20
    opened = sorted((name, depth) for event, name, depth in found if event == "call")
    assert opened == sorted((name, depth) for event, name, depth in found if event == "return")


def test_values_are_those_of_the_events(tmp_path: Path) -> None:
    path = record(tmp_path, "--min-duration", "200ms", "--values=safe")
    texts = [
        event.value
        for event in swifttrace.open(path)
        if event.event == "return" and event.function is not None and event.function.name == "deep"
    ]
    assert texts == [str(number) for number in range(41)] * 2


def test_nothing_is_left_out_by_no_duration(tmp_path: Path) -> None:
    all_events = calls(record(tmp_path, "--min-duration", "0ns"))
    assert all_events == calls(record(tmp_path, "--force"))
    assert sum(name == "give" for _, name, _ in all_events) > 12_000


def test_the_file_stays_small(tmp_path: Path) -> None:
    program = "def f(n): return n\nfor i in range(300_000): f(i)\n"
    whole = record(tmp_path, "--calls", "--returns", program=program).stat().st_size
    path = record(tmp_path, "--calls", "--returns", "--force", "--min-duration=1s", program=program)
    assert whole > 1_000_000
    assert path.stat().st_size < 100_000
    assert len(list(swifttrace.open(path))) < 10


def test_what_runs_when_the_program_is_killed_is_there(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import os, time\n"
        "def give(n): return n\n"
        "def stuck():\n"
        "    give(1)\n"
        "    print('now', flush=True)\n"
        "    time.sleep(100)\n"
        "stuck()\n"
    )
    command = [sys.executable, "-m", "swifttrace", "record", "--min-duration=10s", "program.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert [(event, name) for event, name, _ in calls(tmp_path / "run.swt")] == [
        ("call", "<module>"),
        ("call", "stuck"),
    ]


def test_a_suspended_call_is_kept(tmp_path: Path) -> None:
    program = (
        "def count():\n"
        "    yield 1\n"
        "    yield 2\n"
        "def quick(): return 1\n"
        "g = count()\n"
        "quick()\n"
        "next(g); next(g); next(g, None)\n"
        "quick()\n"
    )
    found = calls(record(tmp_path, "--min-duration=10s", program=program))
    assert [(event, name) for event, name, _ in found if name == "count"] == [
        ("call", "count"),
        ("return", "count"),
    ] * 3
    assert "quick" not in {name for _, name, _ in found}


def test_the_python_api_takes_seconds_and_text(tmp_path: Path) -> None:
    assert swifttrace.Recorder(tmp_path / "a.swt", min_duration=0.5).min_duration == 500_000_000
    assert swifttrace.Recorder(tmp_path / "a.swt", min_duration="20us").min_duration == 20_000
    for wrong in (-1, float("nan"), "soon", "1", "1.2.3ms", "٣ms"):
        with pytest.raises(ValueError, match=r"duration"):
            swifttrace.Recorder(tmp_path / "a.swt", min_duration=wrong)
    with pytest.raises(TypeError, match="min_duration must be"):
        swifttrace.Recorder(tmp_path / "a.swt", min_duration=None)  # type: ignore[arg-type]


def test_a_wrong_duration_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('ran')\n")
    ended = run_python(
        "-m", "swifttrace", "record", "--min-duration=soon", "program.py", cwd=tmp_path
    )
    assert ended.status == 2
    assert "invalid duration" in ended.stderr
    assert "ran" not in ended.stdout
