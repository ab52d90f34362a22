"""Counts the instructions that swifttrace takes for an event, and compares them with thresholds.

Counts hardly depend on the machine and on what else runs there, as times do. Run by
`make instructions`; docs/benchmarks.md says how to read what it prints.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import native
from .counted_run import DEPTH, LINES

FOLDER = Path(__file__).resolve().parent.parent
THRESHOLDS = FOLDER / "instructions.toml"

# The events that each tracer handles.
EVENTS = {
    "recorder": ["call", "line", "return"],
    "recorder-calls": ["call", "return"],
    "events": ["call", "line", "return"],
    "calls": ["call"],
    "lines": ["line"],
    "returns": ["return"],
}
# Under sys.monitoring, these tracers have no line events, because they do not request them.
WITHOUT_LINES = ["recorder-calls", "calls", "returns"]


class Costs(NamedTuple):
    """Number of instructions for an event of each kind, including the interpreter's."""

    call: float
    line: float
    return_: float


class Count(NamedTuple):
    """Instructions for an event: those of an empty hook, and those that swifttrace adds."""

    source: str
    tracer: str
    event: str
    empty: float
    added: float


def problem() -> str | None:
    """Return the reason why instructions cannot be counted here, or None."""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return "the thresholds are for Linux on x86_64"
    if shutil.which("valgrind") is None:
        return "valgrind is missing; install the package valgrind"
    return preload_problem()


def preload_problem() -> str | None:
    """Return the reason why a library cannot be preloaded here, or None."""
    return "LD_PRELOAD is set" if "LD_PRELOAD" in os.environ else None


def environment(preloaded: Path, **others: str) -> dict[str, str]:
    """Return the environment for a counted run: this one without variables that change the counts.

    Modules in the folder of the preloaded library, and this package, can be imported.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONDEVMODE", "PYTHONMALLOC", "PYTHONWARNINGS")
    }
    path = [str(preloaded.parent), str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"LD_PRELOAD": str(preloaded), "PYTHONPATH": os.pathsep.join(path)}
    return kept | own | {"PYTHONHASHSEED": "0"} | others


def sources() -> list[str]:
    """Return the sources of events of this Python."""
    return ["settrace", "monitoring"] if sys.version_info >= (3, 12) else ["settrace"]


def empty_hook(source: str, tracer: str) -> str:
    """Return the key of the empty hook that is called as often as the tracer's hook."""
    calls_only = source == "monitoring" and tracer in WITHOUT_LINES
    return f"empty-{source}-calls" if calls_only else f"empty-{source}"


def count_run(tracers: list[str]) -> Iterator[tuple[str, str, int]]:
    """Run tracers under callgrind. Yield the tracer, part and instructions of each part.

    Raises:
        SystemExit: The run fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        native.build("bench_hooks", folder)
        clock = native.build("slow_clock", folder)
        command = ["valgrind", "-q", "--tool=callgrind", "--dump-before=bench_mark"]
        command += ["--combine-dumps=yes", f"--callgrind-out-file={folder}/counts"]
        command += [sys.executable, "-m", "bench.counted_run", str(folder / "run.swt"), *tracers]
        ended = subprocess.run(
            command, env=environment(clock), capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise SystemExit(f"instructions: the run under valgrind failed:\n{ended.stderr}")
        parts = [line.split() for line in ended.stdout.splitlines()]
        counts = re.findall(r"^totals: (\d+)$", (folder / "counts").read_text(), re.MULTILINE)
        # The last count is for the rest of the run, after the last mark.
        if len(counts) != len(parts) + 1:
            raise SystemExit(f"instructions: {len(counts)} counts of {len(parts)} parts")
        for (tracer, part), instructions in zip(parts, counts, strict=False):
            yield tracer, part, int(instructions)


def costs_of_events(parts: dict[str, int]) -> Costs:
    """Return the instructions for an event of each kind.

    The part `between` has two line events. The part `lines` has two, LINES more, a call and a
    return. The part `calls` has one line event, and a call and a line for each function of the
    chain; the part `returns` has one line event, and a return for each function.
    """
    more = {part: parts[part] - parts["between"] for part in ["lines", "calls", "returns"]}
    costs = Costs(0, more["lines"] / LINES, 0)
    # Each iteration reduces the error to a few hundredths.
    for _ in range(5):
        costs = Costs(
            call=(more["calls"] + costs.line) / DEPTH - costs.line,
            line=(more["lines"] - costs.call - costs.return_) / LINES,
            return_=(more["returns"] + costs.line) / DEPTH,
        )
    return costs


def measure() -> list[Count]:
    """Return the counts for every source, tracer and event."""
    pairs = [(source, tracer) for source in sources() for tracer in EVENTS]
    keys = [empty_hook(*pair) for pair in pairs] + [
        f"{tracer}-{source}" for source, tracer in pairs
    ]
    seen: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for key, part, instructions in count_run(list(dict.fromkeys(keys))):
        seen[key][part].append(instructions)
    medians = {
        key: {part: int(statistics.median(counts)) for part, counts in parts.items()}
        for key, parts in seen.items()
    }
    costs = {key: costs_of_events(parts) for key, parts in medians.items()}
    counts = []
    for source, tracer in pairs:
        full = costs[f"{tracer}-{source}"]
        empty = costs[empty_hook(source, tracer)]
        for event in EVENTS[tracer]:
            field = Costs._fields.index("return_" if event == "return" else event)
            base = empty[field]
            counts.append(Count(source, tracer, event, base, full[field] - base))
    return counts


def thresholds(file: Path = THRESHOLDS) -> dict[tuple[str, str, str], int]:
    """Return the maximum of added instructions, by source, tracer and event."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    table = tomllib.loads(file.read_text()).get(version, {})
    return {
        (source, tracer, event): limit
        for source, tracers in table.items()
        for tracer, events in tracers.items()
        for event, limit in events.items()
    }


def excesses(counts: list[Count], limits: dict[tuple[str, str, str], int]) -> list[str]:
    """Return a line for each count that is above its threshold or has none."""
    lines = []
    for count in counts:
        name = f"{count.source}, {count.tracer}, {count.event}"
        limit = limits.get((count.source, count.tracer, count.event))
        if limit is None:
            lines.append(f"{name}: there is no threshold")
        elif count.added > limit:
            lines.append(f"{name}: {count.added:.0f} instructions, {limit} are allowed")
    return lines


def table(counts: list[Count], limits: dict[tuple[str, str, str], int]) -> str:
    """Return a table of the counts."""
    lines = [f"{'source':12}{'tracer':16}{'event':8}{'empty hook':>12}{'added':>8}{'allowed':>9}"]
    for count in counts:
        limit = limits.get((count.source, count.tracer, count.event))
        lines.append(
            f"{count.source:12}{count.tracer:16}{count.event:8}{count.empty:12.0f}{count.added:8.0f}"
            f"{limit if limit is not None else '-':>9}"
        )
    return "\n".join(lines)


def as_thresholds(counts: list[Count]) -> str:
    """Return lines for instructions.toml, with thresholds a tenth above the counts."""
    lines: list[str] = []
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for source in sources():
        lines.append(f'["{version}".{source}]')
        for tracer in EVENTS:
            events = [
                f"{count.event} = {count.added * 1.1:.0f}"
                for count in counts
                if (count.source, count.tracer) == (source, tracer)
            ]
            lines.append(f"{tracer} = {{ {', '.join(events)} }}")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Count, print, and exit with status 1 if a count is above its threshold."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bench.instructions")
    parser.add_argument(
        "--thresholds",
        action="store_true",
        help="print what was counted as lines of instructions.toml",
    )
    options = parser.parse_args()
    reason = problem()
    if reason:
        print(f"instructions: {reason}", file=sys.stderr)
        raise SystemExit(2)
    counts = measure()
    if options.thresholds:
        print(as_thresholds(counts))
        return
    limits = thresholds()
    print(f"Python {sys.version.split()[0]}, instructions for an event")
    print(table(counts, limits))
    wrong = excesses(counts, limits)
    for line in wrong:
        print(f"instructions: {line}", file=sys.stderr)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
