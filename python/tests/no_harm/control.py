"""Shows that every case detects harm: a tracer of `harmful` must fail it.

python control.py [WORDS OF A CASE]
"""

import concurrent.futures
import dataclasses
import os
import re
import sys
import tempfile
from pathlib import Path

from cases import CASES, Case, harm
from outcomes import HERE, run
from tools import UNTRACED, Tool

HARMFUL = HERE / "harmful"
TIMEOUT = 6  # Seconds; some harmful tracers prevent the program's end.

# Replacements of the tracer, for programs that start one.
INSIDE = [
    ("sys.settrace(lambda *event: None)", "sys.settrace(None)"),
    ("sys.setprofile(lambda *event: None)", "sys.setprofile(None)"),
    ("sys.settrace(lambda *event: None)", "pass"),
    ("import threading; threading.settrace_all_threads(None)", "pass"),
    ("import coverage; coverage.Coverage.start = lambda self: None", "pass"),
    ("sys.settrace(lambda *event: Sink().write(str(event[0].f_locals)))", "sys.settrace(None)"),
    ("import gc; gc.callbacks.clear(); gc.disable(); step = print", "pass"),
    ("import atexit, os; atexit.register(os._exit, 0)", "pass"),
]


def tools() -> list[Tool]:
    """The tracers that do harm."""
    text = (HARMFUL / "sitecustomize.py").read_text()
    names = re.findall(r"^def (\w+)\(\):", text, re.MULTILINE)
    paths = os.pathsep.join([str(HERE / "facts"), str(HARMFUL)])
    return [
        dataclasses.replace(UNTRACED, name=name, env={"PYTHONPATH": paths, "NO_HARM_HARM": name})
        for name in names
    ]


def inside() -> list[Tool]:
    """Returns harmful tools for programs that start a tracer."""
    return [
        dataclasses.replace(
            UNTRACED,
            name=start,
            module="sys, os; os.abort()",
            start=f"import sys; {start}",
            into=f"import sys; {start}",
            stop=stop,
        )
        for start, stop in INSIDE
    ]


def seen_by(case: Case, folder: Path) -> str:
    """Returns a tracer that fails the case, and its effect; "" if there is none."""
    untraced = run(case, UNTRACED, sys.executable, folder)
    assert untraced is not None
    for tool in inside() if case.is_inside else tools():
        seen = run(case, tool, sys.executable, folder, timeout=TIMEOUT)
        assert seen is not None
        found = harm(case, seen, untraced)
        if found:
            return f"{tool.name}: {found}"
    return ""


def main() -> None:
    words = " ".join(sys.argv[1:])
    cases = [c for c in CASES if sys.version_info >= c.since and words in c.name]
    missed = 0
    with (
        tempfile.TemporaryDirectory(prefix="no-harm-") as folder,
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        folders = [Path(folder, str(number)) for number in range(len(cases))]
        for case, found in zip(cases, pool.map(seen_by, cases, folders), strict=True):
            print(f"{case.name}: {found or 'NO HARM SEEN'}", flush=True)
            missed += not found
    print(f"{len(cases) - missed} of {len(cases)} cases tell harm")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
