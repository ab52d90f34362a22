"""The memory of a recording does not grow with the number of events."""

import os

import pytest
from conftest import Run
from recordings import COUNTING

EVENTS = int(os.environ.get("SWIFTTRACE_TEST_EVENTS", "5_000_000"))

PROGRAM = (
    COUNTING
    + """
import os, sys, swifttrace

def resident():
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["RssAnon"].split()[0]), int(fields["VmRSS"].split()[0])

def run(events):
    for _ in range(events // 13): step()

if sys.argv[1] == "unlimited":
    recorder = swifttrace.record("run.swt")
elif sys.argv[1] == "values":
    recorder = swifttrace.record("run.swt", values="safe")
else:
    recorder = swifttrace.record("run.swt", max_size="16M", keep=sys.argv[1])
with recorder:
    run(100_000)
    before = resident()
    run(int(sys.argv[2]))
    after = resident()
print(after[0] - before[0], after[1] - before[1])
"""
)


@pytest.mark.memory
@pytest.mark.parametrize("kind", ["unlimited", "values", "first", "last"])
def test_memory_does_not_grow(run_program: Run, kind: str) -> None:
    share = 1 if kind == "unlimited" else 4
    (line,) = run_program(PROGRAM, kind, str(EVENTS // share)).lines()
    anonymous, resident = map(int, line.split())
    # In KB, without pages of the file. At most one chunk of each thread is mapped.
    assert anonymous < 1024
    assert resident < 4096
