"""Bytes an event of recordings of calls, lines, returns and exceptions; definitions count too."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAMS = ["deltablue", "richards", "raytrace", "nqueens", "json_dumps"]
PROGRAM = Path(__file__).with_name("pyperformance_program.py")


def main() -> None:
    """Record each program, and print what the file has of it."""
    total_events = total_bytes = 0
    print("program         events        bytes   bytes an event")
    for name in PROGRAMS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "run.swt"
            command = ["-m", "swifttrace", "record", "--all", "-o", file, PROGRAM, name]
            done = subprocess.run(
                [sys.executable, *map(str, command)], capture_output=True, text=True, check=True
            )
            found = re.search(r"recorded ([\d,]+) events", done.stderr)
            assert found, done.stderr
            events, size = int(found[1].replace(",", "")), file.stat().st_size
        print(f"{name:12}{events:10,}{size:13,}{size / events:10.2f}")
        total_events += events
        total_bytes += size
    print(f"{'all':12}{total_events:10,}{total_bytes:13,}{total_bytes / total_events:10.2f}")


if __name__ == "__main__":
    main()
