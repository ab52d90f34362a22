"""Formats of sums: collapsed stacks, callgrind and pstats, each read by its own tool."""

import pstats
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import swifttrace
from exported import Steps, record
from running import run, run_python


def plain(name: str) -> str:
    """Return a function's name without its file, as in formats with a separate file name."""
    return "<module>" if name.startswith("<module> ") else name


def own_times(steps: Steps) -> dict[tuple[int, int], Counter[tuple[str, ...]]]:
    """The own time of the innermost function of each stack, in nanoseconds."""
    result = {}
    for key, each in steps.items():
        times: Counter[tuple[str, ...]] = Counter()
        stack: list[str] = []
        last = each[0].time
        for step in each:
            if stack:
                times[tuple(stack)] += step.time - last
            last = step.time
            if step.is_end:
                stack.pop()
            else:
                stack.append(step.function)
        result[key] = +times
    return result


def test_collapsed_stacks(recording: swifttrace.Recording, steps: Steps, tmp_path: Path) -> None:
    recording.export("collapsed", tmp_path / "out.folded")
    shown: dict[str, Counter[tuple[str, ...]]] = {}
    for line in (tmp_path / "out.folded").read_text().splitlines():
        stack, _, time = line.rpartition(" ")
        thread, *frames = stack.split(";")
        if frames[0] == "(unknown)":
            frames = frames[1:]
        # The steps have no code of threading; its time is part of its caller's.
        if frames[-1] == "(not recorded)":
            frames.pop()
        names = tuple(re.sub(r" \(program\.py:\d+\)$", "", frame) for frame in frames)
        shown.setdefault(thread, Counter())[names] += int(time)
    first, second = recording.processes
    expected = {
        key: Counter({tuple(map(plain, stack)): time for stack, time in times.items()})
        for key, times in own_times(steps).items()
    }
    assert shown == {
        f"process {first} MainThread": expected[first, 0],
        f"process {first} a: second thread": expected[first, 1],
        f"process {second} MainThread": expected[second, 0],
    }


@pytest.mark.skipif(shutil.which("callgrind_annotate") is None, reason="valgrind is not installed")
def test_callgrind_annotate(recording: swifttrace.Recording, steps: Steps, tmp_path: Path) -> None:
    recording.export("callgrind", tmp_path / "callgrind.out")
    words = ["--threshold=100", "--auto=no", "--tree=calling", "--show-percs=no", "callgrind.out"]
    text = run("callgrind_annotate", *words, cwd=tmp_path).stdout
    (total,) = re.findall(r"^ *([\d,]+) +PROGRAM TOTALS$", text, re.M)
    times = own_times(steps)
    # Threads and processes are separate; the times of all functions add up.
    wanted: Counter[tuple[str, str]] = Counter()
    first, second = recording.processes
    threads = {
        (first, 0): f"process {first} MainThread",
        (first, 1): f"process {first} a; second thread",
        (second, 0): f"process {second} MainThread",
    }
    for key, stacks in times.items():
        for stack, time in stacks.items():
            wanted[threads[key], stack[-1]] += time
    assert int(total.replace(",", "")) == sum(wanted.values())
    path = tmp_path / "callgrind.out"
    recording.export("callgrind", path)
    costs = own_costs(path.read_text())
    missing = {key: cost for key, cost in costs.items() if key[1] == "(not recorded)"}
    assert [thread for thread, _ in missing] == [threads[first, 0]]
    for (thread, name), cost in missing.items():
        del costs[thread, name]
        costs[thread, "main"] += cost
    assert costs == wanted
    # Callers and callees, with numbers of calls.
    assert re.search(r"program\.py:fib \(\d+x\)", text)


def own_costs(text: str) -> Counter[tuple[str, str]]:
    """The own cost of each function in each thread, in a file of callgrind's format."""
    names: dict[tuple[str, str], str] = {}
    costs: Counter[tuple[str, str]] = Counter()
    thread = function = ""
    is_call = False
    for line in text.splitlines():
        if found := re.fullmatch(r"(c?)(ob|fl|fi|fn)=\((\d+)\)(?: (.*))?", line):
            called, kind, number, name = found.groups()
            kind = "fl" if kind == "fi" else kind
            if name is not None:
                names[kind, number] = name
            name = names[kind, number]
            if kind == "ob":
                thread = name
            elif kind == "fn" and not called:
                function = name
        elif line.startswith("calls="):
            is_call = True
        elif found := re.fullmatch(r"(\d+) (\d+)", line):
            if not is_call:
                costs[thread, function] += int(found[2])
            is_call = False
    return +costs


@pytest.mark.skipif(shutil.which("callgrind_annotate") is None, reason="valgrind is not installed")
def test_callgrind_annotates_lines(tmp_path: Path) -> None:
    recording = record(
        tmp_path,
        "def busy(n):\n    for i in range(n):\n        pass\n\ndef main():\n"
        "    busy(10)\n    busy(50_000)\n\nmain()\n",
    )
    recording.export("callgrind", tmp_path / "callgrind.out")
    text = run("callgrind_annotate", "callgrind.out", "program.py", cwd=tmp_path).stdout
    (share,) = re.findall(r"\( *([\d.]+)%\)  +for i in range\(n\):", text)
    assert float(share) > 0
    assert re.search(r"=> .*program\.py:busy \(1x\)\n.*\n.*=> .*program\.py:busy \(1x\)", text)


COUNTED = """
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def leaf():
    pass

def both():
    leaf()
    fib(5)

def main():
    fib(10)
    even(7)
    odd(4)
    for _ in range(3):
        both()
    leaf()

main()
"""

Row = tuple[int, int, dict[tuple[str, int, str], tuple[int, int]]]


def rows(stats: pstats.Stats, file: str) -> dict[tuple[int, str], Row]:
    """Calls and primitive calls of each function of a file, in all and by caller."""
    result = {}
    for (path, line, name), (primitive, calls, _, _, callers) in stats.stats.items():  # type: ignore[attr-defined]
        if path.endswith(file):
            known = {
                (Path(at).name, line, name): numbers[:2]
                for (at, line, name), numbers in callers.items()
                if at.endswith(file)
            }
            result[line, name] = (primitive, calls, known)
    return result


def test_pstats_has_what_cprofile_counts(tmp_path: Path) -> None:
    recording = record(tmp_path, COUNTED)
    recording.export("pstats", tmp_path / "out.pstats")
    stats = pstats.Stats(str(tmp_path / "out.pstats"))
    assert run_python("-m", "cProfile", "-o", "real.pstats", "program.py", cwd=tmp_path).status == 0
    real = pstats.Stats(str(tmp_path / "real.pstats"))
    ours, theirs = rows(stats, "program.py"), rows(real, "program.py")
    # cProfile reports line 1 for module code on some versions, and line 0 on others.
    ours = {(line, name): row for (line, name), row in ours.items() if name != "<module>"}
    theirs = {(line, name): row for (line, name), row in theirs.items() if name != "<module>"}
    assert {key: row[:2] for key, row in ours.items()} == {
        key: row[:2] for key, row in theirs.items()
    }
    assert ours[2, "fib"][2] == theirs[2, "fib"][2]
    assert ours[5, "even"][2] == theirs[5, "even"][2]


def test_pstats_times(recording: swifttrace.Recording, steps: Steps, tmp_path: Path) -> None:
    recording.export("pstats", tmp_path / "out.pstats")
    stats = pstats.Stats(str(tmp_path / "out.pstats")).stats  # type: ignore[attr-defined]
    wanted: Counter[str] = Counter()
    for stacks in own_times(steps).values():
        for stack, time in stacks.items():
            wanted[plain(stack[-1])] += time
    shown: Counter[str] = Counter()
    for (_, _, name), row in stats.items():
        shown[name] += round(row[2] * 1e9)
    # The time in threading's code is in the total time of `main`, but not in its own time.
    rows = {row.name: row for row in recording.stats()}
    shown["main"] += rows["(not recorded)"].own
    assert +shown == wanted
    # A resume does not count as a call.
    calls = {name: row[1] for (_, _, name), row in stats.items()}
    assert calls["count"] == sum(
        step.kind == "call" and step.function == "count" for each in steps.values() for step in each
    )


def test_pstats_holds_large_numbers_and_other_letters(tmp_path: Path) -> None:
    recording = record(
        tmp_path, "def gr\u00f6\u00dfe(): pass\nfor _ in range(70_000): gr\u00f6\u00dfe()\n"
    )
    recording.export("pstats", tmp_path / "out.pstats")
    table = rows(pstats.Stats(str(tmp_path / "out.pstats")), "program.py")
    assert table[1, "gr\u00f6\u00dfe"][:2] == (70_000, 70_000)
