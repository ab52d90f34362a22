"""Measures time and memory for reading a recording of 100 million events.

    python Benchmarks/reading_speed.py [EVENTS]

Every view decodes all events, and a comparison those of both recordings. `a table, not kept` does
the least work besides decoding: it fills columns that all events have.

Then recordings of a hundredth, of as many and of five times as many events are opened. Opening
reads the header. The first access, to the threads, reads definitions and finds the chunks of
events. Both times are medians over several new processes, without imports of Python modules.

The file has about 2 bytes per event; it is written to the current folder, and removed. Each view
runs in a new process, so that its peak memory can be measured. Times are CPU times, so that other
load has little effect.
"""

import json
import os
import statistics
import subprocess
import sys

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000

RECORD = """\
import sys
import swifttrace

def callee(number):
    return number

def run(events):
    for number in range(events // 5):
        callee(number)

with swifttrace.record(sys.argv[1]):
    run(int(sys.argv[2]))
"""

VIEW = """\
import collections, json, resource, sys, time
import swifttrace
if "pyarrow" in sys.argv[2]:
    import pyarrow

recording = swifttrace.open(sys.argv[1])
start = time.process_time()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
eval(sys.argv[2])
print(json.dumps({
    "seconds": time.process_time() - start,
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    "before": before,
}))
"""

VIEWS = {
    "a table, not kept": (
        "collections.deque(pyarrow.RecordBatchReader.from_stream(recording), maxlen=0)"
    ),
    "stats": "recording.stats()",
    "stats with lines": "recording.stats(lines=True)",
    "callers": "recording.callers('callee')",
    "callees": "recording.callees('run')",
    "paths": "recording.paths('*')",
    "diff with itself": "recording.diff(swifttrace.open(sys.argv[1]))",
}


OPENING = """\
import json, sys, time
import swifttrace
swifttrace.open  # Imports it.

start = time.process_time()
recording = swifttrace.open(sys.argv[1])
opened = time.process_time()
assert len(recording.threads) == 1
print(json.dumps([opened - start, time.process_time() - opened]))
"""


def main():
    path = f"reading-{os.getpid()}.swt"
    try:
        record(path, EVENTS)
        for name, code in VIEWS.items():
            output = subprocess.check_output([sys.executable, "-c", VIEW, path, code])
            found = json.loads(output)
            events = 2 * EVENTS if "diff" in name else EVENTS
            print(
                f"{name:<18} {found['seconds']:6.2f} s  {events / found['seconds'] / 1e6:6.1f} "
                f"million events/s  peak {found['peak'] / 1024:.0f} MB "
                f"({found['before'] / 1024:.0f} MB before)"
            )
        measure_opening(path)
        for events in (EVENTS // 100, EVENTS * 5):
            os.unlink(path)
            record(path, events)
            measure_opening(path)
    finally:
        if os.path.exists(path):
            os.unlink(path)


def record(path, events):
    subprocess.run([sys.executable, "-c", RECORD, path, str(events)], check=True)
    print(f"{events:,} events, {os.path.getsize(path):,} bytes")


def measure_opening(path):
    times = [
        json.loads(subprocess.check_output([sys.executable, "-c", OPENING, path]))
        for _ in range(11)
    ]
    opening, look = (statistics.median(values) * 1e3 for values in zip(*times, strict=True))
    print(f"opened in {opening:.2f} ms, first look {look:.2f} ms")


if __name__ == "__main__":
    main()
