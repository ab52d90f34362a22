"""Records 100 million events, and prints the growth of the process's memory.

    python Benchmarks/recording_memory.py [EVENTS]

The file has about 2 bytes per event; it is written to the current folder, and removed.
"""

import os
import sys
import time

import swifttrace

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000


def callee(number):
    return number


def run(events):
    """Makes `events` events: each turn has two lines, a call, its line, and a return."""
    for number in range(events // 5):
        callee(number)


def resident():
    """Returns the resident memory of the process, and the part not backed by files, in KB."""
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["VmRSS"].split()[0]), int(fields["RssAnon"].split()[0])


def main():
    path = f"memory-{os.getpid()}.swt"
    try:
        with swifttrace.record(path):
            run(100_000)
            before = resident()
            start = time.perf_counter()
            run(EVENTS)
            seconds = time.perf_counter() - start
            after = resident()
        size = os.path.getsize(path)
    finally:
        if os.path.exists(path):
            os.unlink(path)
    growth, anonymous = (b - a for a, b in zip(before, after, strict=True))
    print(f"{EVENTS:,} events in {seconds:.1f} s, {size:,} bytes")
    print(f"the process has grown by {growth:,} KB, {anonymous:,} KB of them its own memory")
    sys.exit(growth >= 32 * 1024)


if __name__ == "__main__":
    main()
