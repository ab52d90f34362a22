"""`callers`, `callees` and `paths`: each distinct stack, with counts."""

import json
from pathlib import Path

import pytest
import swifttrace
from running import run_python
from swifttrace._reading.results import StackCount

PROGRAM = """\
def leaf(n):
    return n

def one():
    return leaf(1) + leaf(2)

def two():
    return one() + leaf(3)

def fail():
    raise KeyError("a")

def through():
    fail()

def attempt(function):
    try:
        function()
    except KeyError:
        pass

def numbers():
    yield leaf(4)
    yield leaf(5)

one()
two()
attempt(fail)
attempt(through)
attempt(through)
sum(numbers())
try:
    int("x")
except ValueError:
    pass
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of the program."""
    path: Path = tmp_path_factory.mktemp("stacks")
    (path / "program.py").write_text(PROGRAM)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=path).status == 0
    return path


def counts(stacks: tuple[StackCount, ...]) -> dict[str, int]:
    return {" ".join(frame.name for frame in stack.frames): stack.count for stack in stacks}


def test_callers_are_distinct_stacks(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    assert counts(recording.callers("leaf")) == {
        "<module> one leaf": 2,
        "<module> two one leaf": 2,
        "<module> two leaf": 1,
        "<module> numbers leaf": 2,
    }
    # A resume does not count as another call.
    assert counts(recording.callers("number?")) == {"<module> numbers": 1}


def test_callees_begin_with_the_function(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    assert counts(recording.callees("two")) == {
        "two": 1,
        "two one": 1,
        "two one leaf": 2,
        "two leaf": 1,
    }


def test_paths_lead_to_where_an_exception_was_raised(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    assert counts(recording.paths("KeyError")) == {
        "<module> attempt fail": 1,
        "<module> attempt through fail": 2,
    }
    assert counts(recording.paths("Val*")) == {"<module>": 1}


def test_the_command_line_says_the_same(folder: Path) -> None:
    shown = run_python("-m", "swifttrace", "paths", "run.swt", "KeyError", cwd=folder)
    assert (shown.stderr, shown.status) == ("", 0)
    assert [line.split("  /")[0] for line in shown.stdout.splitlines()] == [
        "2 times",
        f"  <module> {folder.name}/program.py  " + str(folder / "program.py") + ":1"
        if not str(folder).startswith("/")
        else f"  <module> {folder.name}/program.py",
        "    attempt",
        "      through",
        "        fail",
        "1 time",
        f"  <module> {folder.name}/program.py",
        "    attempt",
        "      fail",
    ]
    found = run_python(
        "-m", "swifttrace", "callers", "--format", "json", "run.swt", "leaf", cwd=folder
    )
    assert sum(stack["count"] for stack in json.loads(found.stdout)) == 7


def test_nothing_that_matches_is_said(folder: Path) -> None:
    shown = run_python("-m", "swifttrace", "callers", "run.swt", "nobody", cwd=folder)
    assert (shown.stdout, shown.status) == ("", 1)
    assert shown.stderr.startswith("swifttrace: nothing matched 'nobody'; functions that ran: ")
    assert "leaf" in shown.stderr
