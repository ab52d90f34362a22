"""Child processes of C code, without Python's fork handlers: they neither crash nor write to the
parent's file.
"""

from pathlib import Path

import pytest
import swifttrace
from conftest import CompileC, RunRecorded
from recordings import read_whole

PROGRAM = """\
import ctypes
import os

C = ctypes.CDLL(None, use_errno=True)


def f(number):
    return number


def n(number):
    return number


def work():
    for number in range(3000):
        f(number)
    n(1)


f(1)
reader, writer = os.pipe()
{fork}
if child == 0:
    work()
    os.write(writer, b"alive")
    os._exit(0)
os.close(writer)
work()
print(os.read(reader, 9))
{wait}
"""
WAIT = "print(os.waitstatus_to_exitcode(os.waitpid(-1, 0)[1]))"

FORKS = {
    "fork without the GIL": "child = C.fork()",
    "fork with the GIL": "child = ctypes.PyDLL(None).fork()",
    # On x86-64, 57 is SYS_fork, and 56 is SYS_clone. Other processors have only clone.
    "fork, the system call": "child = C.syscall(57)",
    "clone, the system call": "child = C.syscall(56 if os.uname().machine == 'x86_64' else 220, "
    "17, 0, 0, 0, 0)",
    "daemon": "child = os.fork()\nif child == 0: C.daemon(1, 1)",
}


@pytest.mark.parametrize("options", [(), ("--values", "safe"), ("--source", "settrace")])
@pytest.mark.parametrize("way", FORKS)
def test_a_child_lives_and_records(
    run_recorded: RunRecorded, tmp_path: Path, way: str, options: tuple[str, ...]
) -> None:
    program = PROGRAM.format(fork=FORKS[way], wait=WAIT)
    ended = run_recorded(program, *options)
    assert (ended.stdout, ended.status) == ("b'alive'\n0\n", 0)
    assert len(ended.stderr.splitlines()) == 1
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    calls = [e for e in events if e.event == "call"]
    counts = [
        tuple(sum(e.process == process and e.function.name == name for e in calls) for name in "fn")
        for process in recording.processes
    ]
    # `daemon` creates a grandchild; the process between makes no calls.
    assert counts[0] == (3001, 1)
    assert sorted(counts[1:]) == [(0, 0)] * (way == "daemon") + [(3000, 1)]


def test_children_of_children(run_recorded: RunRecorded, tmp_path: Path) -> None:
    fork = "child = C.fork()\nif child == 0 and C.fork() == 0: f(7); os._exit(0)"
    ended = run_recorded(PROGRAM.format(fork=fork, wait=WAIT))
    assert (ended.stdout, ended.status) == ("b'alive'\n0\n", 0)
    recording, _ = read_whole(tmp_path / "run.swt", children=True)
    assert len(recording.processes) == 3


def test_a_child_that_records_nothing(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = PROGRAM.format(fork="child = C.fork()", wait=WAIT)
    ended = run_recorded(program, "--no-children")
    assert (ended.stdout, ended.status) == ("b'alive'\n0\n", 0)
    assert [path.name for path in tmp_path.glob("*.swt")] == ["run.swt"]


VFORK = """\
import subprocess, sys

def f(number):
    return number

for number in range(200):
    f(number)
    if number % 50 == 0:
        # CPython makes the child by vfork, from 3.15 on without a switch.
        assert getattr(subprocess, "_USE_VFORK", True)
        subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)
print("done")
"""


def test_vfork(run_recorded: RunRecorded, tmp_path: Path) -> None:
    ended = run_recorded(VFORK)
    assert (ended.stdout, ended.status) == ("done\n", 0)
    _, events = read_whole(tmp_path / "run.swt")
    assert sum(e.event == "call" and e.function.name == "f" for e in events) == 200


# A child of vfork shares the parent's memory until it ends. It must not return from the function
# that called vfork, so this C function calls Python in the child.
VFORKED = """\
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(void *callback) {
  ((void (*)(void))callback)();
  _exit(7);
}

int vforked(void *callback) {
  char *stack = malloc(1 << 20);
  int status = 0;
  int child = clone(run, stack + (1 << 20), CLONE_VM | CLONE_VFORK | SIGCHLD, callback);
  waitpid(child, &status, 0);
  free(stack);
  return WEXITSTATUS(status);
}
"""


@pytest.mark.parametrize("options", [(), ("--source", "settrace")])
def test_python_in_a_child_that_shares_memory(
    run_recorded: RunRecorded, tmp_path: Path, compile_c: CompileC, options: tuple[str, ...]
) -> None:
    library = compile_c(VFORKED)
    program = f"""\
import ctypes

library = ctypes.PyDLL({library!r})

def f(number):
    return number

def child():
    for number in range(5000):
        f(number)

CHILD = ctypes.CFUNCTYPE(None)(child)
for number in range(3):
    f(number)
    print(library.vforked(CHILD))
"""
    ended = run_recorded(program, *options)
    assert (ended.stdout, ended.status) == ("7\n7\n7\n", 0)
    recording = swifttrace.open(tmp_path / "run.swt", children=False)
    events = list(recording)
    assert recording.damage == ()
    calls = [e for e in events if e.event == "call" and e.function.name == "f"]
    assert len(calls) in (3, 15_003)
