"""Counting on the fast path neither loses lines nor counts them twice."""

from pathlib import Path

import pytest
from running import run_python

# Prints the counts of this file by line, under the original or the engine with a given source.
USED = """
import sys
which = sys.argv[1]
if which == "trace":
    import trace
else:
    import swifttrace.trace as trace
    from swifttrace._tracing import trace_module
    trace_module._SOURCE = which
{program}
tracer = trace.Trace(trace=0, count=1)
tracer.runfunc(main)
counts = tracer.results().counts
print(sorted((line, count) for (file, line), count in counts.items() if file == __file__))
"""

# Code objects are created and freed, and others get their addresses.
DYING = """
source = "\\n" * 40 + "x = 1\\nfor i in range(3): x += i\\ndef g(): return x\\ng()\\n"
def main():
    for i in range(50):
        exec(compile(source, __file__, "exec"), {"__file__": __file__})
        assert (lambda: i)() == i
"""

# Lines before the first line of their function, lines far after it, and very many lines.
FAR = """
far = "def f():\\n" + " x = 1\\n" * 500 + "\\n" * 150_000 + " return x\\nf()\\n"
def main():
    for _ in range(3):
        exec(compile(far, __file__, "exec"), {"__file__": __file__})
"""

# Loops within a line, generators, exceptions, and frames that end while others run.
SHAPES = """
def numbers(n):
    while n > 0: n -= 1; yield n
def fails(n):
    try:
        return fails(n - 1) if n else 1 / 0
    finally:
        n = 0
def main():
    i = 0
    while i < 5: i += 1
    first, second = numbers(4), numbers(4)
    for x, y in zip(first, second): i += x
    try: fails(3)
    except ZeroDivisionError: pass
    sum(x for x in numbers(3)); [x for x in numbers(3)]
    sys.settrace(sys.gettrace()); list(numbers(2))
    i = 1
"""

PROGRAMS = {"dying": DYING, "far": FAR, "shapes": SHAPES}
SOURCES = ["auto", "settrace"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_counts_are_the_same(tmp_path: Path, program: str, source: str) -> None:
    (tmp_path / "used.py").write_text(USED.format(program=PROGRAMS[program]))
    original, ours = (run_python("used.py", which, cwd=tmp_path) for which in ("trace", source))
    assert original.status == 0 and len(original.stdout) > 20
    assert ours == original


RUNNING = """
import threading
started, go, done = (threading.Event() for _ in range(3))
def worker():
    started.set()
    go.wait()
    x = 1  # Not counted: the frame ran before.
    inner()
    done.set()
def inner():
    return 2  # Counted.
threading.Thread(target=worker, daemon=True).start()
started.wait()
def main():
    go.set()
    done.wait()
"""


@pytest.mark.parametrize("source", SOURCES)
def test_frames_of_other_threads_that_ran_before_stay_silent(tmp_path: Path, source: str) -> None:
    text = USED.format(program=RUNNING)
    (tmp_path / "used.py").write_text(text)
    counted = run_python("used.py", source, cwd=tmp_path).stdout
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "Counted." in line]
    silent = [number for number, line in enumerate(text.splitlines(), 1) if "Not counted" in line]
    assert f"({lines[0]}, 1)" in counted
    assert f"({silent[0]}, " not in counted


@pytest.mark.parametrize("source", SOURCES)
def test_one_run_after_the_other(tmp_path: Path, source: str) -> None:
    (tmp_path / "used.py").write_text(f"""
from swifttrace._tracing import trace_module
from swifttrace.trace import Trace
trace_module._SOURCE = {source!r}
def f(n):
    return sum(range(n))
for round in range(3):
    tracer = Trace(trace=0, count=1)
    tracer.runfunc(f, 2)
    tracer.runfunc(f, 3)
    print(list(tracer.results().counts.values()))
import sys
assert sys.gettrace() is None
""")
    assert run_python("used.py", cwd=tmp_path).lines() == ["[2]"] * 3
