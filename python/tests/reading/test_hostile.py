"""Hostile recordings: every reader has bounds on memory and output, and reports reaching them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import hostile
import pytest

MEMORY = 300 << 20
OUTPUT = 2 << 30  # The longest of these recordings has 34 MB, and 1.4 GB as JSON.
SECONDS = 240  # Most readers take less than one second; one that hangs is killed.

COMMANDS: dict[str, Sequence[str]] = {
    "show": ("show", "{}"),
    "show json": ("show", "--format", "json", "{}"),
    "show fold": ("show", "--fold", "--max-children", "3", "{}"),
    "show tail": ("show", "--tail", "1000000", "{}"),
    "info": ("info", "{}"),
    "stats": ("stats", "{}"),
    "stats json": ("stats", "--format", "json", "{}"),
    "stats lines": ("stats", "--lines", "--by", "thread", "{}"),
    "callers": ("callers", "{}", "*"),
    "callees": ("callees", "--format", "json", "{}", "*"),
    "paths": ("paths", "{}", "*"),
    "diff": ("diff", "{}", "{}"),
    **{
        name: ("export", "--to", name, "-o", "-", "{}")
        for name in (
            *("perfetto", "chrome", "speedscope", "collapsed", "callgrind"),
            *("pstats", "lcov", "jsonl"),
        )
    },
}
# Reads all events, and all tables, without keeping them.
READING = """\
import swifttrace, sys
recording = swifttrace.open(sys.argv[1])
for event in recording:
    pass
try:
    import pyarrow
except ImportError:
    sys.exit()
for table in (recording, recording.functions, recording.threads):
    try:
        for batch in pyarrow.RecordBatchReader.from_stream(table):
            assert batch.nbytes < 1 << 28, batch.nbytes
    except (OSError, pyarrow.ArrowInvalid) as error:
        print(error, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the recordings, each created at its first use."""
    return tmp_path_factory.mktemp("hostile")


# Runs Python, and stores its peak memory. A direct child of pytest would report at least pytest's.
MEASURED = """\
import os, subprocess, sys
child = subprocess.Popen([sys.executable, *sys.argv[1:]])
_, status, usage = os.wait4(child.pid, 0)
child.returncode = status
with open("memory", "w") as file:
    print(usage.ru_maxrss * 1024, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def measured(*arguments: object, cwd: Path) -> tuple[int, str, int, int]:
    """Runs Python. Returns status, standard error, size of the output, and peak memory."""
    errors = cwd / "stderr"
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", MEASURED, *map(str, arguments)],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=file,
            start_new_session=True,
        )
        assert process.stdout is not None
        output, began = 0, time.monotonic()
        while block := os.read(process.stdout.fileno(), 1 << 20):
            output += len(block)
            if output > OUTPUT or time.monotonic() - began > SECONDS:
                os.killpg(process.pid, signal.SIGKILL)
                break
        process.stdout.close()
        status = process.wait()
    memory = int((cwd / "memory").read_text())
    return status, errors.read_text(), output, memory


def made(folder: Path, kind: str) -> Path:
    path = folder / f"{kind}.swt"
    return path if path.exists() else hostile.KINDS[kind](path)


@pytest.mark.memory
@pytest.mark.parametrize("kind", hostile.KINDS)
@pytest.mark.parametrize("command", [*COMMANDS, "Python"])
def test_every_reader_has_bounds(folder: Path, kind: str, command: str) -> None:
    path = made(folder, kind)
    if command == "Python":
        arguments: list[object] = ["-c", READING, path]
    else:
        words = [word.format(path) for word in COMMANDS[command]]
        arguments = ["-m", "swifttrace", *words]
    status, errors, output, memory = measured(*arguments, cwd=folder)
    assert status in (0, 1, 2), errors
    assert "Traceback" not in errors, errors
    assert status == 0 or errors
    assert memory < MEMORY, f"{memory >> 20} MB"
    assert output < OUTPUT


def test_a_reader_says_where_it_stops(folder: Path) -> None:
    bomb = made(folder, "text_bomb")
    status, errors, output, _ = measured(
        "-m", "swifttrace", "export", "--to", "jsonl", "-o", "-", bomb, cwd=folder
    )
    assert status == 2
    assert "the export ends after" in errors
    assert output < OUTPUT
    status, errors, output, _ = measured("-m", "swifttrace", "show", bomb, cwd=folder)
    assert status == 0 or "ends after" in errors
    calls = made(folder, "unreturned")
    status, errors, _, _ = measured("-m", "swifttrace", "stats", calls, cwd=folder)
    assert status == 1
    assert "calls run at once" in errors
