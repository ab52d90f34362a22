"""Events per second and bytes per event of each export, for recordings of pyperformance's programs.

    python Benchmarks/export_speed.py [NAME...]

With names, measures only these formats. Measures the engine alone: it exports an open recording to
a file in the folder for temporary files. Times are CPU times, so that other load has little effect:
`own` is the user time, `whole` adds the system time for the file. Each is the best of three.

`(write)` writes constant bytes, as many as `jsonl` and in blocks: the cost of the system alone for
the largest export.
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyperformance
import swifttrace
from swifttrace._reading.export import FORMATS

PROGRAMS = ["deltablue", "richards", "raytrace", "nqueens", "json_dumps"]
PROGRAM = Path(__file__).parent / "bench" / "programs.py"
ROUNDS = 3
BLOCK = bytes(1 << 18)


def record(name: str, folder: Path) -> Path:
    """Record a program with library code."""
    file = folder / f"{name}.swt"
    sources = Path(pyperformance.__file__).parent / "data-files" / "benchmarks"
    program = [PROGRAM, sources, name, 1]
    command = ["-m", "swifttrace", "record", "--all", "-o", file, *program]
    subprocess.run([sys.executable, *map(str, command)], capture_output=True, check=True)
    return file


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the user time, and the user and system time, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = os.times()
        work()
        end = os.times()
        own = end.user - begin.user
        times.append((own + end.system - begin.system, own))
    whole, own = min(times)
    return max(own, 1e-3), max(whole, 1e-3)


def write(target: Path, size: int) -> None:
    """Write `size` bytes."""
    with open(target, "wb", buffering=0) as file:
        for _ in range(size // len(BLOCK)):
            file.write(BLOCK)


def measure(program: str, names: list[str], folder: Path) -> None:
    """Measure the formats on one program."""
    file = record(program, folder)
    recording = swifttrace.open(file)
    count = sum(1 for _ in recording)
    target = folder / "export"
    largest = 0

    def show(name: str, work: Callable[[], object]) -> None:
        own, whole = seconds(work)
        print(
            f"{program:12}{name:11}{count:11,}{count / own / 1e6:9.1f}{count / whole / 1e6:8.1f}"
            f"{target.stat().st_size / count:12.2f}",
            flush=True,
        )

    for name in names:
        show(name, functools.partial(recording.export, name, target))
        largest = max(largest, target.stat().st_size)
    show("(write)", lambda: write(target, largest))
    file.unlink()


def main() -> None:
    """Measure all formats, or those named by arguments."""
    names = sys.argv[1:] or [name for name in FORMATS if name != "parquet"]
    with tempfile.TemporaryDirectory() as folder:
        print("                                  million events/s:")
        print("program     format          events      own   whole   bytes an event", flush=True)
        for program in PROGRAMS:
            measure(program, names, Path(folder))


if __name__ == "__main__":
    main()
