"""Times of whole processes, from start to a readable file, and of starts on an empty script."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from .processes import attempt
from .programs import PROGRAMS
from .tracers import has_sources

LIMIT = 180  # Maximum duration of a whole process, in seconds.
LONG = 45  # A process that takes longer runs only once.
START_LIMIT = 30
ROUNDS = 3

# hunter prints events as text; it has no other kind of file.
HUNTER = """
import os, runpy, sys
import hunter
out, few = sys.argv[1], sys.argv[2:]
sys.argv = few
file = open(out, "w")
hunter.trace(action=hunter.CallPrinter(stream=file))
runpy.run_path(few[0], run_name="__main__")
hunter.stop()
file.close()
"""


def sources() -> list[str]:
    """Return the sources of this swifttrace."""
    if not has_sources() or sys.version_info < (3, 12):
        return ["settrace"]
    return ["auto", "settrace", "monitoring"]


def commands(
    program: str, calls: int, is_quick: bool, folder: str
) -> dict[str, tuple[list[str], str]]:
    """Return, for each tracer, a command and the file that it writes."""
    script = str(Path(__file__).with_name("programs.py"))
    base = [script, os.environ["BENCH_PROGRAMS"], program]
    words = [*base, str(PROGRAMS[program].times(False, is_quick))]
    few = [*base, str(PROGRAMS[program].times(True, is_quick))]
    out = os.path.join(folder, "out")
    found: dict[str, tuple[list[str], str]] = {"none": (words, ""), "none-few": (few, "")}
    for source in sources():
        record = ["-m", "swifttrace", "record", "--all", "--force", "-o", out + ".swt"]
        if has_sources():
            record += ["--source", source]
        found[f"recorder-{source}"] = ([*record, *words], out + ".swt")
        kept = ["--calls", "--returns"]
        found[f"recorder-calls-{source}"] = ([*record, *kept, *words], out + ".swt")
    entries = str(max(1_000_000, int(calls * 1.2)))
    viztracer = ["-m", "viztracer", "--ignore_c_function", "--tracer_entries", entries, "--quiet"]
    found["viztracer"] = ([*viztracer, "-o", out + ".json", *words], out + ".json")
    coverage = ["-m", "coverage", "run", "--pylib", f"--data-file={out}.coverage", *words]
    found["coverage-c"] = (coverage, out + ".coverage")
    if sys.version_info >= (3, 12):
        found["coverage-sysmon"] = (coverage, out + ".coverage")
    found["cprofile"] = (["-m", "cProfile", "-o", out + ".pstats", *words], out + ".pstats")
    found["hunter"] = (["-c", HUNTER, out + ".txt", *few], out + ".txt")
    counted = ["-m", "trace", "--count", "--file", out + ".counts", "--coverdir", out + ".cover"]
    found["trace-count"] = ([*counted, *few], out + ".counts")
    return found


def chosen(key: str, environment: dict[str, str]) -> dict[str, str]:
    """Return the environment for a tracer, which selects the core of coverage."""
    cores = {"coverage-c": "ctrace", "coverage-sysmon": "sysmon"}
    return environment | ({"COVERAGE_CORE": cores[key]} if key in cores else {})


def measure(
    names: list[str],
    counts: dict[str, Any],
    is_quick: bool,
    end: float,
    environment: dict[str, str],
    folder: str,
) -> dict[str, dict[str, list[Any]]]:
    """Run whole processes in turns: once, and up to three times until `end`."""
    rounds = 1 if is_quick else ROUNDS
    found: dict[str, dict[str, list[Any]]] = {}
    for turn in range(rounds):
        for name in names:
            for key, (words, file) in commands(
                name, counts[name]["call"], is_quick, folder
            ).items():
                known = found.setdefault(name, {}).setdefault(key, [])
                is_long = any(isinstance(run, str) or run["wall"] > LONG for run in known)
                if known and (is_long or time.monotonic() > end):
                    continue
                command = [sys.executable, *words]
                result = attempt(command, chosen(key, environment), folder, LIMIT)
                if isinstance(result, dict):
                    result = {"wall": result["wall"]}
                    if file:
                        result["bytes"] = os.path.getsize(file)
                if file and os.path.exists(file):
                    os.unlink(file)
                if isinstance(result, str):
                    print(f"whole, {name}, {key}: {result}", flush=True)
                known.append(result)
        print(f"whole processes, round {turn + 1} of {rounds}", flush=True)
    return found


START_KEYS = [
    "none",
    "import swifttrace",
    "swifttrace record",
    "viztracer",
    "coverage run",
    "cProfile",
    "trace --count",
    "hunter",
]


def start_commands(folder: str) -> dict[str, list[str]]:
    """Return the commands whose start times on an empty script are compared."""
    script = os.path.join(folder, "empty.py")
    Path(script).write_text("")
    record = ["-m", "swifttrace", "record", "--force", "-o", os.path.join(folder, "start.swt")]
    viztracer = ["-m", "viztracer", "--quiet", "-o", os.path.join(folder, "start.json")]
    words = [
        [script],
        ["-c", "import swifttrace"],
        [*record, script],
        [*viztracer, script],
        ["-m", "coverage", "run", "--data-file=start.cov", script],
        ["-m", "cProfile", "-o", "start.pstats", script],
        ["-m", "trace", "--count", "--coverdir", folder, script],
        ["-c", HUNTER, os.path.join(folder, "start.txt"), script],
    ]
    return dict(zip(START_KEYS, words, strict=True))


def starts(number: int, environment: dict[str, str], folder: str) -> dict[str, list[Any]]:
    """Start each command `number` times, in turns. Return the seconds of each."""
    found: dict[str, list[Any]] = {}
    for _ in range(number):
        for key, words in start_commands(folder).items():
            result = attempt([sys.executable, *words], environment, folder, START_LIMIT)
            found.setdefault(key, []).append(result if isinstance(result, str) else result["wall"])
    return found
