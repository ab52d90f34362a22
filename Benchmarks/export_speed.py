"""Events a second of each export, of recordings of pyperformance's programs, and bytes an event.

The engine's part alone is measured: a recording that is open already, to a file in memory. Three
exports each; the median counts. `python export_speed.py [NAME...]` measures some formats only.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyperformance
import swifttrace
from swifttrace._export import FORMATS

PROGRAMS = ["deltablue", "richards", "raytrace", "nqueens", "json_dumps"]
PROGRAM = Path(__file__).parent / "bench" / "programs.py"
ROUNDS = 3


def record(name: str, folder: Path) -> Path:
    """Record a program, all of its code."""
    file = folder / f"{name}.swt"
    sources = Path(pyperformance.__file__).parent / "data-files" / "benchmarks"
    program = [PROGRAM, sources, name, 1]
    command = ["-m", "swifttrace", "record", "--all", "-o", file, *program]
    subprocess.run([sys.executable, *map(str, command)], capture_output=True, check=True)
    return file


def seconds(recording: swifttrace.Recording, name: str, target: Path) -> float:
    """Return how long an export takes."""
    begin = time.perf_counter()
    recording.export(name, target)
    return time.perf_counter() - begin


def main() -> None:
    """Measure all formats, or those that are named."""
    names = sys.argv[1:] or list(FORMATS)
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        print("program       format         events   million events/s   bytes an event")
        for program in PROGRAMS:
            file = record(program, Path(folder))
            recording = swifttrace.open(file)
            count = sum(1 for _ in recording)
            for name in names:
                target = Path(folder) / "export"
                median = statistics.median(seconds(recording, name, target) for _ in range(ROUNDS))
                speed, size = count / median / 1e6, target.stat().st_size / count
                print(f"{program:14}{name:11}{count:10,}{speed:19.1f}{size:17.2f}", flush=True)
            file.unlink()


if __name__ == "__main__":
    main()
