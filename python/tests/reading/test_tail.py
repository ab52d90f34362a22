"""`show --tail` reads from the end, and prints the last lines of the whole text."""

from pathlib import Path

import pytest
from running import run_python

PROGRAM = """\
import sys, threading

def leaf(n):
    return n

def branch(n):
    leaf(n)
    return leaf(n + 1)

def other():
    for n in range(int(sys.argv[1]) // 4):
        branch(n)

thread = threading.Thread(target=other)
thread.start()
for n in range(int(sys.argv[1])):
    branch(n)
thread.join()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short recording and a long one."""
    path: Path = tmp_path_factory.mktemp("tail")
    (path / "program.py").write_text(PROGRAM)
    for name, count in (("short", 5_000), ("long", 800_000)):
        ended = run_python(
            "-m",
            "swifttrace",
            "record",
            "--calls",
            "--returns",
            "-o",
            f"{name}.swt",
            "program.py",
            count,
            cwd=path,
        )
        assert ended.status == 0
    return path


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--thread", "1"),
        ("--function", "branch"),
        ("--function", "other"),
        ("--until", "0.02"),
        ("--depth", "2"),
        ("--format", "json"),
        ("--times", "relative"),
        ("--fold",),
        ("--min-duration", "1us"),
    ],
)
def test_the_tail_is_the_end_of_the_whole(folder: Path, options: tuple[str, ...]) -> None:
    whole = run_python("-m", "swifttrace", "show", *options, "short.swt", cwd=folder)
    for count in (1, 5, 3000, 10**9):
        tail = run_python(
            "-m", "swifttrace", "show", *options, "--tail", count, "short.swt", cwd=folder
        )
        assert (tail.stderr, tail.status) == ("", 0)
        lines = whole.stdout.splitlines()
        assert tail.stdout.splitlines() == lines[-count:]


# Prints the number of bytes that `show` has read, which does not depend on the machine's speed.
COUNTED = """\
import atexit, sys
from pathlib import Path

def report():
    print(Path("/proc/self/io").read_text().split()[1], file=sys.stderr)

atexit.register(report)
from swifttrace.__main__ import main
main()
"""


def bytes_read(folder: Path, *options: object) -> int:
    """Return the number of bytes that `show` reads, including its modules."""
    ended = run_python("-c", COUNTED, "show", *options, cwd=folder)
    assert ended.status == 0
    return int(ended.stderr)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the kernel counts no input")
def test_the_tail_of_a_long_recording_reads_a_part_of_it(folder: Path) -> None:
    whole = bytes_read(folder, "long.swt")
    assert whole > (folder / "long.swt").stat().st_size
    assert bytes_read(folder, "--tail", 5, "long.swt") < whole // 4


def test_what_is_not_looked_for_is_a_lower_bound(folder: Path) -> None:
    ended = run_python("-m", "swifttrace", "show", "--tail", "1", "long.swt", cwd=folder)
    assert (ended.stderr, ended.status) == ("", 0)
    assert ended.stdout.splitlines()[0].split()[:1] == ["└"]
    assert "?" in ended.stdout or "≥" in ended.stdout
