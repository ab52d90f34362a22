"""Speed of reading a recording as a table and of writing it as Parquet, against pyarrow alone.

    python Benchmarks/arrow_speed.py [EVENTS]

pyarrow uses one core. Times are CPU times, system time included, so that other load has little
effect. Each is the best of three.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import swifttrace
from swifttrace._reading.parquet import _options

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000

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


def show(name: str, rows: int, work: Callable[[], object]) -> None:
    """Print the number of rows per second."""
    best = float("inf")
    for _ in range(3):
        begin = os.times()
        work()
        end = os.times()
        best = min(best, end.user + end.system - begin.user - begin.system)
    print(f"{name:44}{rows / best / 1e6:6.1f} million rows/s", flush=True)


def drain(table: object) -> None:
    """Read a table without keeping it."""
    for _ in pyarrow.RecordBatchReader.from_stream(table):
        pass


def write(table: pyarrow.Table, path: Path, **options: object) -> None:
    """Write a table from memory."""
    with pyarrow.parquet.ParquetWriter(path, table.schema, **options) as writer:
        for batch in table.to_batches():
            writer.write_batch(batch)


def main() -> None:
    """Measure reading and writing."""
    pyarrow.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as folder:
        file, target = Path(folder) / "run.swt", Path(folder) / "run.parquet"
        subprocess.run([sys.executable, "-c", RECORD, file, str(EVENTS)], check=True)
        recording = swifttrace.open(file)
        show("batches, not kept", EVENTS, lambda: drain(recording))
        show("to_parquet", EVENTS, lambda: recording.to_parquet(target))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = target.stat().st_size / EVENTS
        print(f"  {size:.2f} bytes a row; peak memory of the process {peak:.0f} MB")
        show("pyarrow.table(recording)", EVENTS, lambda: pyarrow.table(recording))
        table = pyarrow.table(recording)
        options = _options(table.schema)
        show(
            "pyarrow writes that from memory, so stored",
            EVENTS,
            lambda: write(table, target, **options),
        )
        show("pyarrow writes that from memory, as it would", EVENTS, lambda: write(table, target))


if __name__ == "__main__":
    main()
