"""Each process of a recording writes its own file, beside the first."""

import os
import re
import time
from pathlib import Path

import pytest
from conftest import RunRecorded
from recordings import COUNTING, check_steps, counted, read_whole
from running import run_python
from swifttrace import Event

# This fixture mostly sleeps, so the tests of this file run meanwhile.
pytestmark = pytest.mark.usefixtures("clock_run")

# Each process that calls `work(NAME)` prints a line `PID PARENT NAME`.
WORK = """\
import os, sys
def work(name):
    os.write(1, f"{os.getpid()} {os.getppid()} {name}\\n".encode())
def done(): os.write(1, b"")
"""

FAMILIES = {
    "fork": """
work("first")
if os.fork() == 0:
    work("child")
    if os.fork() == 0:
        work("grandchild")
        os._exit(0)
    os.wait()
    os._exit(0)
os.wait()
""",
    "fork in a thread": """
import threading
def fork():
    process = os.fork()
    if process == 0:
        work("child")
        os._exit(0)
    os.waitpid(process, 0)
work("first")
thread = threading.Thread(target=fork)
thread.start()
thread.join()
""",
    "fork in a generator": """
def steps():
    yield os.fork()
    work("child")
    yield 0
    sys.exit()
for process in steps():
    if process:
        os.wait()
        break
else:
    raise AssertionError
work("first")
""",
    "closed descriptors": """
work("first")
os.closerange(3, 1000)
if os.fork() == 0:
    os.closerange(3, 1000)
    work("child")
    for _ in range(5000): done()
    os._exit(0)
os.wait()
for _ in range(5000): done()
""",
    "daemon": """
work("first")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        os.umask(0)
        work("daemon")
        os.closerange(0, 1000)
        for number in range(3): os.open("/dev/null", os.O_RDWR)
        work("daemon")
        os._exit(0)
    os._exit(0)
os.wait()
""",
    "subprocess": """
import subprocess
work("first")
subprocess.run([sys.executable, "child.py"], check=True)
subprocess.run(["sh", "-c", f"{sys.executable} child.py; exit 0"], check=True)
subprocess.run([sys.executable, os.path.abspath("child.py")], check=True, cwd="/")
""",
    "vfork and preexec": """
import subprocess
work("first")
subprocess.run([sys.executable, "child.py"], check=True, preexec_fn=lambda: work("preexec"))
""",
    **{
        f"multiprocessing {method}": f"""
import multiprocessing
if __name__ == "__main__":
    work("first")
    context = multiprocessing.get_context("{method}")
    processes = [context.Process(target=work, args=(f"child {{n}}",)) for n in range(3)]
    for process in processes: process.start()
    for process in processes: process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
"""
        for method in ("fork", "spawn", "forkserver")
    },
    "pool": """
from concurrent.futures import ProcessPoolExecutor
if __name__ == "__main__":
    work("first")
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(work, ["child 1", "child 2", "child 3", "child 4"]))
""",
}

FORKED = [
    "fork",
    "fork in a thread",
    "fork in a generator",
    "closed descriptors",
    "daemon",
    "multiprocessing fork",
]


def calls(events: list[Event], name: str) -> list[Event]:
    return [e for e in events if e.function.name == name and e.kind == "call"]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_process_has_its_file(run_recorded: RunRecorded, tmp_path: Path, family: str) -> None:
    (tmp_path / "child.py").write_text(WORK + "work('child')\n")
    # Python warns about a fork in a process with several threads.
    done = run_recorded(WORK + FAMILIES[family], env={"PYTHONWARNINGS": "ignore"})
    wait_for_daemons(tmp_path)
    (line,) = done.stderr.splitlines() or [""]
    assert line.startswith("swifttrace: recorded ") or family == "closed descriptors"
    assert done.status == 0
    worked = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert len(worked) >= 2
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    parents = dict(zip(recording.processes, recording.parents, strict=True))
    first = int(worked[[name for *_, name in worked].index("first")][0])
    assert recording.processes[0] == first
    # A process that runs two programs, one after the other, has two files.
    assert len(list(tmp_path.glob("run.*swt"))) == len(recording.processes)
    expected: dict[int, int] = {}
    for process, parent, name in worked:
        expected[int(process)] = expected.get(int(process), 0) + 1
        # A process whose parent has ended gets another; the file keeps the first.
        assert parents[int(process)] == int(parent) or name == "daemon"
    found = dict.fromkeys(expected, 0)
    for event in calls(events, "work"):
        found[event.process] += 1
    if family == "daemon":
        found[int(worked[-1][0])] -= 1  # Its second call cannot print.
    assert found == expected
    if family in FORKED:
        # A child's file does not have its parent's earlier events.
        assert {event.process for event in calls(events, "<module>")} == {first}
    shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=tmp_path)
    assert shown.status == 0
    assert shown.stdout.count("work(") == sum(expected.values()) + (family == "daemon")
    alone = run_python("-m", "swifttrace", "show", "--no-children", "run.swt", cwd=tmp_path)
    assert alone.stdout.count("work(") == expected[first]


def wait_for_daemons(folder: Path) -> None:
    """Waits until the files of a recording stop growing."""
    sizes: dict[Path, int] = {}
    while sizes != (now := {path: path.stat().st_size for path in folder.glob("*.swt")}):
        sizes = now
        time.sleep(0.1)


@pytest.mark.parametrize("family", ["fork", "subprocess", "multiprocessing spawn", "pool"])
def test_children_may_be_left_out(run_recorded: RunRecorded, tmp_path: Path, family: str) -> None:
    (tmp_path / "child.py").write_text(WORK + "work('child')\n")
    done = run_recorded(WORK + FAMILIES[family], "--no-children")
    assert done.status == 0
    assert [path.name for path in tmp_path.glob("*.swt")] == ["run.swt"]
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    assert len(recording.processes) == 1
    assert len(calls(events, "work")) == 1


def test_a_daemon_lets_go_of_standard_error(tmp_path: Path) -> None:
    program = (
        WORK
        + """
import time
if os.fork() == 0:
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3): os.dup2(null, number)
    work("daemon")
    time.sleep(30)
    os._exit(0)
"""
    )
    (tmp_path / "program.py").write_text(program)
    start = time.monotonic()
    done = run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path)
    assert done.status == 0
    # The pipe is closed when the first process ends.
    assert time.monotonic() - start < 20
    recording, _ = read_whole(tmp_path / "run.swt", children=True)
    for process in recording.processes[1:]:
        os.kill(process, 9)


def test_many_generations(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = (
        COUNTING
        + """
for _ in range(8):
    for _ in range(300): step()
    if os.fork() != 0:
        os.wait()
        break
"""
    )
    assert run_recorded(program).status == 0
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    assert len(recording.processes) == 9
    for process in recording.processes[:8]:
        own = [event for event in events if event.process == process]
        check_steps(own, 300)
        assert sum(e.function.name == "step" and e.event == "call" for e in own) == 300
    assert counted(tmp_path) == 8 * 300


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "swifttrace", "--calls", "child.py"],
        ["-m", "swifttrace", "record", "-o", "other.swt", "child.py"],
        ["-m", "swifttrace", "record", "child.py"],
    ],
)
def test_a_program_that_runs_swifttrace(
    run_recorded: RunRecorded, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "child.py").write_text("def f(): pass\nf()\n")
    program = f"import subprocess, sys\ndone = subprocess.run([sys.executable, *{command}])\n"
    program += "print(done.returncode)\n"
    (tmp_path / "program.py").write_text(program)
    done = run_recorded(program)
    refused = command[2:] == ["record", "child.py"]  # run.swt exists.
    assert (done.stdout, done.status) == ("2\n" if refused else "0\n", 0)
    assert (tmp_path / "other.swt").exists() == ("other.swt" in command)
    assert len(list(tmp_path.glob("run.*.swt"))) == 0


def test_a_child_cannot_write_beside(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text("print('child')\n")
    program = (
        "import os, subprocess, sys\nos.rename('folder', 'moved')\n"
        "print(subprocess.run([sys.executable, 'child.py']).returncode, flush=True)\n"
    )
    (tmp_path / "folder").mkdir()
    done = run_recorded(program, "-o", "folder/run.swt")
    assert (done.stdout, done.status) == ("child\n0\n", 0)
    assert re.match(r"swifttrace: ignoring SWIFTTRACE: .*folder", done.stderr)


def test_the_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text(WORK + "work('child')\n")
    (tmp_path / "program.py").write_text(WORK + "work('first')\n" + FAMILIES["subprocess"])
    environment = {"SWIFTTRACE": "record -o run.swt"}
    done = run_python("program.py", cwd=tmp_path, env=environment)
    assert (done.stderr, done.status) == ("", 0)
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    assert len(recording.processes) == 4
    assert len(calls(events, "work")) == len(done.stdout.splitlines())


def test_isolated_pythons_are_not_followed(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text(WORK + "work('child')\n")
    program = "import subprocess, sys\n"
    for flag in ("-I", "-E"):
        program += f"subprocess.run([sys.executable, '{flag}', 'child.py'])\n"
    assert run_recorded(program).status == 0
    _, events = read_whole(tmp_path / "run.swt", children=True)
    assert len(calls(events, "work")) == 0


def test_a_child_of_another_fork_is_left_alone(run_recorded: RunRecorded, tmp_path: Path) -> None:
    # C code forks at any moment, while another thread runs Python code.
    program = (
        COUNTING
        + """
import ctypes, threading
libc = ctypes.CDLL(None)
forks = (
    "#include <unistd.h>\\n#include <sys/wait.h>\\n"
    "int forks(int n) { int bad = 0, s; for (int i = 0; i < n; i++) { int p = fork();"
    " if (p == 0) _exit(7); waitpid(p, &s, 0); bad += s != 7 << 8; } return bad; }\\n"
)
open("forks.c", "w").write(forks)
import subprocess
subprocess.run(["cc", "-shared", "-fPIC", "-o", "forks.so", "forks.c"], check=True)
bad = []
thread = threading.Thread(
    target=lambda: bad.append(ctypes.CDLL("./forks.so").forks(100)))
thread.start()
while thread.is_alive(): step()
print(bad)
"""
    )
    done = run_recorded(program)
    assert (done.stdout, done.status) == ("[0]\n", 0)
    _, events = read_whole(tmp_path / "run.swt", children=True)
    check_steps(events, counted(tmp_path))
