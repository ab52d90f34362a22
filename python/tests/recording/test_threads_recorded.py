"""Threads have their own chunks, names and numbers; their events are merged by time."""

from pathlib import Path

from conftest import RunRecorded
from recordings import COUNTING, check_steps, counted, read_whole

PROGRAM = (
    COUNTING
    + """
import sys, threading
sys.setswitchinterval(1e-5)
times = {}

def work(count):
    for _ in range(count):
        inner(count)
    times[threading.current_thread().name] = (threading.get_native_id(), threading.get_ident())

threads = [threading.Thread(target=work, args=(100 + n,), name=f"worker {n}") for n in range(20)]
threads.append(threading.Thread(target=work, args=(7,), name="n\\u00e4me " * 20))
for thread in threads: thread.start()
work(300)
for thread in threads: thread.join()
for name, (native, ident) in times.items(): print(native, ident, name)
"""
)


def test_names_numbers_and_order(run_recorded: RunRecorded, tmp_path: Path) -> None:
    done = run_recorded(PROGRAM)
    assert done.status == 0
    shown = {}
    for line in done.stdout.splitlines():
        native, ident, name = line.split(" ", 2)
        shown[int(native)] = (int(ident), name)
    recording, events = read_whole(tmp_path / "run.swt")
    counts = {f"worker {number}": 100 + number for number in range(20)} | {"MainThread": 300}
    threads = {thread.index: thread for thread in recording.threads}
    assert sorted(threads) == list(range(22))
    for thread in threads.values():
        ident, name = shown[thread.native_id]
        assert thread.ident == ident
        # Names are cut to at most 48 bytes, between characters.
        assert (
            thread.name == name if len(name) < 40 else name.startswith(thread.name) and thread.name
        )
        assert thread.dropped == 0
        own = [event for event in events if event.thread == thread.index]
        count = sum(e.function.name == "inner" and e.event == "call" for e in own)
        assert count == counts.get(name, 7)
        # Calls and returns of a thread are paired, so there are no events of other threads.
        depth = own[0].depth
        for event in own:
            if event.event == "call":
                assert event.depth == depth
                depth += 1
            elif event.event == "return":
                depth -= 1
                assert event.depth == depth
    assert len({(e.thread) for e in events[len(events) // 4 : len(events) // 2]}) > 1


def test_threads_without_end(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = (
        COUNTING
        + """
import threading
for _ in range(1000):
    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
"""
    )
    assert run_recorded(program).status == 0
    # A thread's first chunk is small.
    assert (tmp_path / "run.swt").stat().st_size < 1000 * 5000
    recording, events = read_whole(tmp_path / "run.swt")
    assert len(recording.threads) == 1001
    check_steps(events, counted(tmp_path))
    assert counted(tmp_path) == 1000
