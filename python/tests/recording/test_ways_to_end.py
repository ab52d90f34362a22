"""For each way to end, a program ends as it does untraced, and all its events are in the file."""

import os
import signal
import sys
from pathlib import Path

import pytest
from conftest import RunRecorded
from recordings import COUNTING, check_steps, counted, read_whole
from running import Ended, run_python

STEPS = "for _ in range(3000): step()\n"

# -X dev enables faulthandler, which writes addresses and the names of all extensions.
QUIET = "import faulthandler; faulthandler.disable(); "

ENDINGS = {
    "normal": ("", 0),
    "exit": ("raise SystemExit(7)", 7),
    "os._exit": ("os._exit(5)", 5),
    "null pointer": (QUIET + "import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    "abort": (QUIET + "os.abort()", -signal.SIGABRT),
    "SIGTERM": ("import signal; os.kill(os.getpid(), signal.SIGTERM); step()", -signal.SIGTERM),
    "SIGKILL": ("import signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    "exception": ("1 / 0", 1),
    "exec": ("os.execv('/bin/sh', ['sh', '-c', 'exit 3'])", 3),
    "memory": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\n"
        "held = []\n"
        "try:\n"
        "    while True: held.append(step()); held.append(bytearray(1 << 20))\n"
        "except MemoryError:\n"
        "    held.clear()  # Telling of it takes memory.\n"
        "    raise",
        1,
    ),
}


@pytest.mark.parametrize(
    "ending", [pytest.param(e, marks=pytest.mark.memory) if e == "memory" else e for e in ENDINGS]
)
@pytest.mark.parametrize("options", [(), ("--values", "safe")])
def test_all_is_recorded(
    run_recorded: RunRecorded, tmp_path: Path, ending: str, options: tuple[str, ...]
) -> None:
    code, status = ENDINGS[ending]
    program = COUNTING + STEPS + code + "\n"
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    (tmp_path / "count").unlink()
    recorded = run_recorded(program, *options)
    assert recorded.status == untraced.status == status
    assert recorded.stdout == untraced.stdout
    assert without_last_line(recorded) == untraced.stderr
    assert counted(tmp_path) >= 3000
    check_steps(read_whole(tmp_path / "run.swt")[1], counted(tmp_path))


def without_last_line(ended: Ended) -> str:
    """Standard error without the summary of the recording, if there is one."""
    *lines, last = ended.stderr.splitlines(keepends=True) or [""]
    return "".join(lines) if last.startswith("swifttrace: recorded ") else ended.stderr


def test_a_kill_for_lack_of_memory(tmp_path: Path) -> None:
    group = Path("/sys/fs/cgroup/memory/swifttrace-test")
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(1 << 26))
    except OSError as error:
        pytest.skip(f"no group of processes with a memory limit can be made: {error.strerror}")
    join = f"with open('{group}/cgroup.procs', 'w') as file: file.write(str(os.getpid()))\n"
    fill = "held = []\nwhile True: step(); held.append(bytearray(b'x') * (1 << 18))\n"
    (tmp_path / "program.py").write_text(COUNTING + STEPS + join + fill)
    try:
        command = ["-m", "swifttrace", "record", "program.py"]
        ended = run_python(*command, cwd=tmp_path)
    finally:
        group.rmdir()
    assert ended == Ended("", "", -signal.SIGKILL)
    assert counted(tmp_path) > 3000
    check_steps(read_whole(tmp_path / "run.swt")[1], counted(tmp_path))


def test_exec_of_a_python_goes_on_in_a_new_file(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "next.py").write_text("def after(): pass\nafter()\n")
    ended = run_recorded(
        COUNTING + STEPS + f"os.execv({sys.executable!r}, [{sys.executable!r}, 'next.py'])\n"
    )
    assert ended == Ended("", "", 0)
    recording, events = read_whole(tmp_path / "run.swt", children=True)
    first, second = recording.processes
    assert first == second
    assert sorted(os.listdir(tmp_path)) == [
        "count",
        "next.py",
        "program.py",
        f"run.{first}.swt",
        "run.swt",
    ]
    check_steps(events, 3000)
    assert [e.function.name for e in events if e.event == "call"][-1] == "after"
