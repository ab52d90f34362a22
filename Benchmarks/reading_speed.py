"""Measures how fast a recording of 100 million events is read, and what memory that takes.

    python Benchmarks/reading_speed.py [EVENTS]

Every view decodes every event. `a table, not kept` does the least besides: it fills columns
that all events have. To open is to read what is defined and where the events are, none of these.

The file has some 2 bytes an event; it is written to the current folder, and removed. Each view
runs in a process of its own, so that its peak memory is its own. Times are those of the processor,
so that what else the machine does matters little.
"""

import json
import os
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

start = time.process_time()
recording = swifttrace.open(sys.argv[1])
opened = time.process_time()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
eval(sys.argv[2])
print(json.dumps({
    "open": opened - start,
    "seconds": time.process_time() - opened,
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


def main():
    path = f"reading-{os.getpid()}.swt"
    try:
        subprocess.run([sys.executable, "-c", RECORD, path, str(EVENTS)], check=True)
        print(f"{EVENTS:,} events, {os.path.getsize(path):,} bytes")
        for name, code in VIEWS.items():
            output = subprocess.check_output([sys.executable, "-c", VIEW, path, code])
            found = json.loads(output)
            print(
                f"{name:<18} {found['seconds']:6.2f} s  {EVENTS / found['seconds'] / 1e6:6.1f} "
                f"million events/s  peak {found['peak'] / 1024:.0f} MB "
                f"({found['before'] / 1024:.0f} MB before), opened in {found['open'] * 1e3:.1f} ms"
            )
    finally:
        if os.path.exists(path):
            os.unlink(path)


if __name__ == "__main__":
    main()
