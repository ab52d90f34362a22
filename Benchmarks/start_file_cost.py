"""Cost of `swifttrace.pth`, which traces child Pythons, at each start of an untraced Python.

    python Benchmarks/start_file_cost.py

The file is in site-packages, and `site` runs its one line. This program measures `site.addsitedir`
of a folder with that file, and of a folder with a file that has only a comment, each followed by
compiling and running one line. So two costs that Python has anyway do not count: reading the first
`.pth` file, which most environments have from other packages, and initializing the compiler, which
the program's own first line needs too. Times are from many new processes, alternately with each
folder. Instructions, on which other load has little effect, are printed if `valgrind` is
installed.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 300
START_FILE = Path(__file__).resolve().parent.parent / "python" / "swifttrace.pth"

PROGRAM = """
import site, sys, time
start = time.perf_counter_ns()
site.addsitedir(sys.argv[1])
exec("pass")
print(time.perf_counter_ns() - start)
"""


def run(folder, *before):
    """Runs a new Python that adds the folder. Returns its output and that of the tool before it."""
    command = [*before, sys.executable, "-I", "-S", "-c", PROGRAM, folder]
    environment = {key: value for key, value in os.environ.items() if key != "SWIFTTRACE"}
    environment["PYTHONHASHSEED"] = "0"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def nanoseconds(folder):
    return int(run(folder)[0])


def instructions(folder):
    """Returns the number of instructions; None if valgrind is missing."""
    if shutil.which("valgrind"):
        options = ["--tool=callgrind", "--callgrind-out-file=/dev/null"]
        stderr = run(folder, "valgrind", *options)[1]
        found = re.search(r"Collected : (\d+)", stderr)
        return int(found[1]) if found else None
    return None


def main():
    with tempfile.TemporaryDirectory() as with_file, tempfile.TemporaryDirectory() as without:
        shutil.copy(START_FILE, with_file)
        (Path(without) / START_FILE.name).write_text("# nothing\n")
        times = {with_file: [], without: []}
        for _ in range(RUNS):
            for folder, list in times.items():
                list.append(nanoseconds(folder))
        for what, choose in [("median", statistics.median), ("least", min)]:
            cost = choose(times[with_file]) - choose(times[without])
            print(f"{what} of {RUNS} starts: {cost / 1000:.1f} µs")
        counts = [instructions(folder) for folder in (with_file, without)]
        if None in counts:
            print("instructions: there is no valgrind, which counts them")
        else:
            print(f"instructions: {counts[0] - counts[1]:,}")


if __name__ == "__main__":
    main()
