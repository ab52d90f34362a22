"""Times of events agree with the system's clock, and never go back."""

import struct
from pathlib import Path

from conftest import ClockRun, Run
from recordings import read_whole
from running import TIMEOUT


def test_times_are_those_of_the_system(clock_run: ClockRun) -> None:
    folder, process = clock_run
    assert process.wait(TIMEOUT) == 0
    data = (folder / "times").read_bytes()
    numbers = struct.unpack(f"={len(data) // 8}Q", data)
    before, after = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    recording, events = read_whole(folder / "run.swt")
    times = [event.time + recording.clock for event in events if event.function.name == "mark"]
    # About 3,000 on an idle machine.
    assert len(times) == len(before) > 100
    early = [max(0, start - time) for start, time in zip(before, times, strict=True)]
    late = [max(0, time - end) for end, time in zip(after, times, strict=True)]
    off = sorted(map(max, early, late))
    # Nanoseconds. The clock is compared with the system's regularly.
    assert off[-1] < 30_000
    assert off[len(off) * 99 // 100] < 10_000


def test_the_start_is_told_by_both_clocks(run_program: Run, tmp_path: Path) -> None:
    program = """
import time, swifttrace
def f(): pass
print(time.time_ns(), time.perf_counter_ns())
with swifttrace.record("run.swt"): f()
print(time.time_ns(), time.perf_counter_ns())
"""
    first, last = [tuple(map(int, line.split())) for line in run_program(program).lines()]
    recording, events = read_whole(tmp_path / "run.swt")
    slack = 100_000  # Nanoseconds.
    assert first[0] - slack <= recording.start <= last[0] + slack
    assert first[1] - slack <= recording.clock <= last[1] + slack
    assert events[-1].time + recording.clock <= last[1] + slack
