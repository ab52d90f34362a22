"""`show --tail` reads from the end, and shows what the whole text ends with."""

import resource
import subprocess
import sys
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
    for name, count in (("short", 20_000), ("long", 1_500_000)):
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


def seconds(folder: Path, *options: object) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(
        [sys.executable, "-m", "swifttrace", "show", *map(str, options)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def test_a_long_recording_takes_no_longer(folder: Path) -> None:
    # Eleven million events: to show them all takes over two seconds.
    short = min(seconds(folder, "--tail", 5, "short.swt") for _ in range(3))
    long = min(seconds(folder, "--tail", 5, "long.swt") for _ in range(3))
    assert long < short + 0.6


def test_what_is_not_looked_for_is_a_lower_bound(folder: Path) -> None:
    ended = run_python("-m", "swifttrace", "show", "--tail", "1", "long.swt", cwd=folder)
    assert (ended.stderr, ended.status) == ("", 0)
    assert ended.stdout.splitlines()[0].split()[:1] == ["└"]
    assert "?" in ended.stdout or "≥" in ended.stdout
