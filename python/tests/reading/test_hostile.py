"""Hostile recordings: every reader has a bound on memory, on output and on time, and reports it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import hostile
import pytest

MEMORY = 300 << 20
OUTPUT = 1_200 << 20  # The reader's own bound is 500 times the file.
SECONDS = 60  # Processor time; most take less than one.

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
# Read event by event, and as tables; nothing is kept.
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
    """A folder for the recordings, each of which is made when it is first asked for."""
    return tmp_path_factory.mktemp("hostile")


def measured(*arguments: object, cwd: Path) -> tuple[int, str, int, int, float]:
    """Runs Python. Returns status, standard error, bytes of output, memory and seconds."""
    errors = cwd / "stderr"
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], cwd=cwd, stdout=subprocess.PIPE, stderr=file
        )
        assert process.stdout is not None
        output, began = 0, time.monotonic()
        while block := os.read(process.stdout.fileno(), 1 << 20):
            output += len(block)
            if output > OUTPUT or time.monotonic() - began > 4 * SECONDS:
                process.kill()
                break
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    return process.returncode, errors.read_text(), output, usage.ru_maxrss * 1024, seconds


def made(folder: Path, kind: str) -> Path:
    path = folder / f"{kind}.swt"
    return path if path.exists() else hostile.KINDS[kind](path)


@pytest.mark.parametrize("kind", hostile.KINDS)
@pytest.mark.parametrize("command", [*COMMANDS, "Python"])
def test_every_reader_has_bounds(folder: Path, kind: str, command: str) -> None:
    path = made(folder, kind)
    if command == "Python":
        arguments: list[object] = ["-c", READING, path]
    else:
        words = [word.format(path) for word in COMMANDS[command]]
        arguments = ["-m", "swifttrace", *words]
    status, errors, output, memory, seconds = measured(*arguments, cwd=folder)
    assert status in (0, 1, 2), errors
    assert "Traceback" not in errors, errors
    assert status == 0 or errors
    assert memory < MEMORY, f"{memory >> 20} MB"
    assert output < OUTPUT
    assert seconds < SECONDS


def test_a_reader_says_where_it_stops(folder: Path) -> None:
    bomb = made(folder, "text_bomb")
    status, errors, output, _, _ = measured(
        "-m", "swifttrace", "export", "--to", "jsonl", "-o", "-", bomb, cwd=folder
    )
    assert status == 2
    assert "the export ends after" in errors
    assert output < OUTPUT
    status, errors, output, _, _ = measured("-m", "swifttrace", "show", bomb, cwd=folder)
    assert status == 0 or "ends after" in errors
    calls = made(folder, "unreturned")
    status, errors, _, _, _ = measured("-m", "swifttrace", "stats", calls, cwd=folder)
    assert status == 1
    assert "calls run at once" in errors
