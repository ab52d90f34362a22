"""The writing process of a recording is found, and its file is not replaced."""

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded
from swifttrace import _swifttrace

WAITING = """\
import os, sys
def f(x): return x
f(1)
{before}
os.write(1, b"!")
sys.stdin.read(1)
"""


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator["Waiting"]:
    """Starts programs that record and wait, and ends them after the test."""
    started = Waiting(tmp_path)
    yield started
    for process in started.processes:
        process.kill()
        process.communicate()


class Waiting:
    """Starts programs that wait for the end of their input."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str, before: str = "") -> subprocess.Popen[bytes]:
        """Start a program. It has called a function when this returns."""
        code = WAITING.format(before=before)
        command = [sys.executable, "-m", "swifttrace", "record", *options, "-c", code]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.processes.append(process)
        assert process.stdout is not None
        assert process.stdout.read(1) == b"!"
        return process


def test_who_writes(waiting: Waiting, tmp_path: Path) -> None:
    process = waiting.start()
    path = tmp_path / "run.swt"
    assert _swifttrace.writer(str(path)) == process.pid
    assert _swifttrace.writer(os.fsencode(path)) == process.pid
    process.communicate(b".")
    assert _swifttrace.writer(str(path)) is None


def test_a_killed_writer_writes_no_more(waiting: Waiting, tmp_path: Path) -> None:
    process = waiting.start()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert swifttrace.open(tmp_path / "run.swt").ended == "open"
    assert _swifttrace.writer(str(tmp_path / "run.swt")) is None


def test_a_writer_that_has_closed_all_descriptors(waiting: Waiting, tmp_path: Path) -> None:
    process = waiting.start(before="os.closerange(3, 1000)")
    assert _swifttrace.writer(str(tmp_path / "run.swt")) == process.pid


def test_another_process_with_the_number(waiting: Waiting, tmp_path: Path) -> None:
    process = waiting.start()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    path = tmp_path / "run.swt"
    content = bytearray(path.read_bytes())
    content[40:44] = os.getpid().to_bytes(4, "little")
    path.write_bytes(content)
    assert _swifttrace.writer(str(path)) is None


def test_what_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    assert _swifttrace.writer(str(tmp_path / "text")) is None
    assert _swifttrace.writer("/dev/null") is None
    with pytest.raises(FileNotFoundError):
        _swifttrace.writer(str(tmp_path / "missing"))
    with pytest.raises(TypeError):
        _swifttrace.writer(1)  # type: ignore[arg-type]


def test_a_recording_that_is_written_is_not_replaced(
    waiting: Waiting, run_recorded: RunRecorded, tmp_path: Path
) -> None:
    process = waiting.start()
    refused = run_recorded("print('not run')", "--force")
    assert (refused.stdout, refused.status) == ("", 2)
    assert "run.swt" in refused.stderr
    _, errors = process.communicate(b".")
    assert b"recorded " in errors
    assert len(list(swifttrace.open(tmp_path / "run.swt"))) > 0
    assert run_recorded("print('run')", "--force").stdout == "run\n"


def test_a_child_that_still_writes_is_not_removed(
    waiting: Waiting, run_recorded: RunRecorded, tmp_path: Path
) -> None:
    # The first process is killed, and its child continues.
    before = "if os.fork(): os.write(1, b'!'); os.kill(os.getpid(), 9)\nf(2)"
    process = waiting.start(before=before)
    process.wait()
    end = time.monotonic() + 10
    while len(list(tmp_path.glob("run.*.swt"))) == 0 and time.monotonic() < end:
        time.sleep(0.01)
    refused = run_recorded("print('not run')", "--force")
    assert (refused.stdout, refused.status) == ("", 2)
    assert len(list(tmp_path.glob("*.swt"))) == 2


@pytest.mark.parametrize("options", [["-o", "run.swt"], ["--force"]])
def test_that_it_is_being_written_is_told(
    waiting: Waiting, run_recorded: RunRecorded, tmp_path: Path, options: list[str]
) -> None:
    process = waiting.start()
    refused = run_recorded("print('not run')", *options)
    assert (refused.stdout, refused.status) == ("", 2)
    assert refused.stderr == (
        f"swifttrace record: {tmp_path}/run.swt is being written by process {process.pid}; "
        "name another file with -o (see swifttrace record --help)\n"
    )
    beside = run_recorded("print('run')", *options, "-o", "other.swt")
    assert (beside.stdout, beside.status) == ("run\n", 0)


def test_a_process_that_has_ended_writes_nothing(
    waiting: Waiting, run_recorded: RunRecorded
) -> None:
    process = waiting.start()
    process.kill()
    # A zombie: its parent has not reaped it yet.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert run_recorded("print('run')", "--force").stdout == "run\n"


def of_process(number: int, recording: bytes) -> bytes:
    """A recording with the number of another process."""
    return recording[:40] + struct.pack("<I", number) + recording[44:]


def test_force_removes_the_named_file_and_its_children(
    run_recorded: RunRecorded, tmp_path: Path
) -> None:
    program = "import os\ndef f(): pass\nif os.fork(): os.wait()\nf()\n"
    assert run_recorded(program).status == 0
    (child,) = tmp_path.glob("run.*.swt")
    copies = [
        "copy.swt",
        "run.copy.swt",
        "run.2.copy.swt",
        "run.7-.swt",
        "run-2.swt",
        "run.4-5-6.swt",
        "run.1.swt",
        "run.99999.swt",
    ]
    for name in copies:
        (tmp_path / name).write_bytes((tmp_path / "run.swt").read_bytes())
    (tmp_path / child.name.replace("run.", "copy.")).write_bytes(child.read_bytes())
    second = tmp_path / "run.99999999-2.swt"  # The second process with this number.
    second.write_bytes(of_process(99999999, child.read_bytes()))
    (tmp_path / "run.11111111.swt").write_text("no recording")
    assert run_recorded("pass", "--force").status == 0
    left = {path.name for path in tmp_path.glob("*.swt")}
    assert left == {"run.swt", *copies, child.name.replace("run.", "copy."), "run.11111111.swt"}
