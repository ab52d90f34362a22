"""`--max-size`: the file does not exceed it, and missing events are counted."""

import re
from pathlib import Path

import pytest
from conftest import RunRecorded
from recordings import COUNTING, counted, read_whole
from running import run_python
from swifttrace import Event, Recording

PROGRAM = (
    COUNTING
    + """
import sys, threading
sys.setswitchinterval(1e-4)

def count_up(name, count):
    for _ in range(count):
        step()
    last()

def last(): pass
def first(): pass

first()
threads = [
    threading.Thread(target=count_up, args=(n, COUNT), name=f"worker {n}") for n in range(THREADS)
]
for thread in threads: thread.start()
for thread in threads: thread.join()
count_up("main", COUNT)
"""
)


@pytest.mark.parametrize("keep", ["first", "last"])
@pytest.mark.parametrize(
    ("threads", "count", "options"),
    [(0, 30_000, ()), (4, 8000, ("--values", "safe")), (40, 1000, ())],
)
def test_what_is_kept_and_what_is_missing(
    run_recorded: RunRecorded,
    tmp_path: Path,
    keep: str,
    threads: int,
    count: int,
    options: tuple[str, ...],
) -> None:
    program = PROGRAM.replace("COUNT)", f"{count})").replace("COUNT,", f"{count},")
    done = run_recorded(
        program.replace("THREADS", str(threads)), "--max-size", "512K", "--keep", keep, *options
    )
    assert (done.stdout, done.status) == ("", 0)
    (line,) = done.stderr.splitlines()
    told = re.fullmatch(
        r"swifttrace: recorded ([\d,]+) events in 1 file, ([\d,]+) bytes, ([\d,]+) dropped: .*",
        line,
    )
    assert told is not None
    kept, size, dropped = [int(number.replace(",", "")) for number in told.groups()]
    file = tmp_path / "run.swt"
    assert file.stat().st_size == size <= 512 * 1024
    recording, events = read_whole(file)
    assert len(events) == kept
    assert sum(thread.dropped for thread in recording.threads) == dropped > 0
    # All events are recorded or counted: 11 for each step, and some others.
    around = kept + dropped - 11 * (threads + 1) * count
    assert (threads + 1) * (count + 2) < around < (threads + 1) * (2 * count + 60) + 400
    check_gap(recording, events, keep)
    names = [event.function.name for event in events if event.event == "call"]
    if keep == "first":
        assert "first" in names
    else:
        # After starting 40 other threads, the main thread has not filled its first chunk.
        assert ("first" in names) <= (threads == 40)
        assert names[-1] == "last"
        assert [event.event for event in events[-4:]] == ["line", "return", "return", "return"]
    check_show(tmp_path, recording)
    assert counted(tmp_path) > 0


def check_gap(recording: Recording, events: list[Event], keep: str) -> None:
    """Checks that no recorded event is in the gap of its thread."""
    for thread in recording.threads:
        if not thread.dropped:
            continue
        assert thread.dropped_from <= thread.dropped_until
        times = [event.time for event in events if event.thread == thread.index]
        if keep == "first":
            assert all(time <= thread.dropped_from for time in times)
        else:
            assert all(time >= thread.dropped_until for time in times)


def check_show(folder: Path, recording: Recording) -> None:
    """Checks that `show` prints the gaps."""
    shown = run_python("-m", "swifttrace", "show", "--tail", "1", "run.swt", cwd=folder)
    assert shown.status == 0
    (process,) = recording.processes
    expected = [
        f"swifttrace: process {process}, thread {thread.index}: {thread.dropped:,} events are "
        f"missing, from {thread.dropped_from / 1e9:.6f} s to {thread.dropped_until / 1e9:.6f} s"
        for thread in recording.threads
        if thread.dropped
    ]
    assert shown.stderr.splitlines() == expected


def test_the_last_events_of_one_thread_among_silent_ones(
    run_recorded: RunRecorded, tmp_path: Path
) -> None:
    # The chunks of the waiting threads fill the file.
    program = (
        COUNTING
        + """
import threading
ready, go = threading.Barrier(41), threading.Event()
def wait(): pass
def worker():
    wait()
    ready.wait()
    go.wait()
for _ in range(40): threading.Thread(target=worker, daemon=True).start()
ready.wait()
for _ in range(20_000): step()
go.set()
"""
    )
    assert run_recorded(program, "--max-size", "512K", "--keep", "last").status == 0
    _, events = read_whole(tmp_path / "run.swt")
    kept = sum(event.event == "call" and event.function.name == "step" for event in events)
    # Most of the file has the latest events: about 12,000, or half as many if a busy machine makes
    # the times between events longer. One thread's share of the file would be a few hundred.
    assert kept > 3000
    assert counted(tmp_path) == 20_000


@pytest.mark.parametrize("keep", ["first", "last"])
def test_more_definitions_than_there_is_room_for(
    run_recorded: RunRecorded, tmp_path: Path, keep: str
) -> None:
    # A function that is defined again is a new one.
    program = (
        COUNTING
        + """
for number in range(4000):
    space = {}
    exec(compile(f"def made_{number}(): pass\\nmade_{number}()", "made.py", "exec"), space)
for _ in range(100): step()
"""
    )
    assert run_recorded(program, "-o", "all.swt").status == 0
    everything = len(read_whole(tmp_path / "all.swt")[1])
    done = run_recorded(program, "--max-size", "256K", "--keep", keep)
    assert done.status == 0
    (line,) = done.stderr.splitlines()
    (thread,) = read_whole(tmp_path / "run.swt")[0].threads
    assert f", {thread.dropped:,} dropped: " in line
    assert (tmp_path / "run.swt").stat().st_size <= 256 * 1024
    _, events = read_whole(tmp_path / "run.swt")
    assert len(events) > 1000
    assert len(events) + thread.dropped == everything


@pytest.mark.parametrize("size", ["255K", "0", "-1", "x", "1.5M", "9999999999999G", ""])
def test_a_size_that_cannot_be(run_recorded: RunRecorded, size: str) -> None:
    done = run_recorded("print('run')", f"--max-size={size}")
    assert (done.stdout, done.status) == ("", 2)
    assert len(done.stderr.splitlines()) == 1
