"""Prints the allocations of each event: of the traced program itself, and of the tracer.

    python -m bench.allocations

The program runs with N and with 2N turns, and the difference is divided by the number of events, so
that one-time allocations do not count. It runs with `count_malloc.c` preloaded and
`PYTHONMALLOC=malloc`, so that the interpreter's own allocations count too.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import native
from .growth_run import calls
from .processes import clean_environment
from .tracers import TRACERS, Place, available

TURNS = 20_000
EVENTS = 5  # In each turn of `calls`.
MEASURED = ["recorder", "recorder-calls", "events", "calls", "lines", "returns", "rejects"]


def count(tracer: str, turns: int, folder: str) -> int:
    """Return the number of allocations of a traced run."""
    library = ctypes.CDLL(None)
    library.count_malloc.restype = ctypes.c_ulong
    with TRACERS[tracer].start(Place(os.path.join(folder, "run.swt"))):
        before = int(library.count_malloc())
        calls(turns)
        return int(library.count_malloc()) - before


def per_event(tracer: str, folder: str) -> float:
    """Return the number of allocations for each additional event."""
    count(tracer, 1000, folder)
    once, twice = (count(tracer, turns, folder) for turns in (TURNS, 2 * TURNS))
    return (twice - once) / (TURNS * EVENTS)


def report(folder: str) -> None:
    """Print the allocations that each tracer adds to those of the untraced program."""
    base = per_event("none", folder)
    print("allocations an event; the program's own left out")
    for key in available():
        tracer = TRACERS[key]
        ours = tracer.source is not None and key.removesuffix(f"-{tracer.source}") in MEASURED
        if ours or key.startswith("empty") or key == "python-list":
            print(f"  {tracer.title:54}{per_event(key, folder) - base:8.2f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if "count_malloc" in os.environ.get("LD_PRELOAD", ""):
            report(folder)
            return
        native.build("bench_hooks", Path(folder))
        counter = native.build("count_malloc", Path(folder))
        environment = clean_environment(Path(folder))
        environment |= {"LD_PRELOAD": str(counter), "PYTHONMALLOC": "malloc"}
        command = [sys.executable, "-m", "bench.allocations"]
        raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
