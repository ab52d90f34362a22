"""Recursion is folded: the output of a view does not grow with the square of the recording."""

import json
from pathlib import Path

import pytest
import swifttrace
from running import run_python

DEEP = """\
def walk(k):
    return 0 if k == 0 else walk(k - 1) + 1

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def leaf():
    return 1

def tree(n):
    return leaf() if n == 0 else tree(n - 1) + tree(n - 1)

walk(900)
even(600)
tree(3)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of the program."""
    path: Path = tmp_path_factory.mktemp("recursion")
    (path / "deep.py").write_text(DEEP)
    assert run_python("-m", "swifttrace", "record", "deep.py", cwd=path).status == 0
    return path


def test_callers_fold_a_function_that_calls_itself(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    (stack,) = recording.callers("walk")
    assert [(frame.name, frame.repeats) for frame in stack.frames] == [
        ("<module>", 1),
        ("walk", 901),
    ]
    assert stack.count == 901
    row = next(row for row in recording.stats() if row.name == "walk")
    assert (stack.total, stack.own) == (row.total, row.own)


def test_functions_that_call_each_other_are_folded(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    stacks = recording.callers("even", "odd")
    assert [
        ([(frame.name, frame.repeats) for frame in stack.frames], stack.count) for stack in stacks
    ] == [
        ([("<module>", 1), ("even", 301)], 301),
        ([("<module>", 1), ("even", 301), ("odd", 300)], 300),
    ]


def test_totals_of_callees_are_right(folder: Path) -> None:
    recording = swifttrace.open(folder / "run.swt")
    stacks = {stack.frames[-1].name: stack for stack in recording.callees("tree")}
    rows = {row.name: row for row in recording.stats()}
    assert {name: stack.count for name, stack in stacks.items()} == {"tree": 15, "leaf": 8}
    for name in ("tree", "leaf"):
        assert stacks[name].own == rows[name].own
        assert stacks[name].total == rows[name].total
    assert [frame.repeats for frame in stacks["leaf"].frames] == [4, 1]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("command", ["callers", "callees"])
def test_the_text_is_short(folder: Path, command: str, form: str) -> None:
    shown = run_python("-m", "swifttrace", command, "--format", form, "run.swt", "*", cwd=folder)
    assert (shown.stderr, shown.status) == ("", 0)
    assert "×901" in shown.stdout or '"repeats": 901' in shown.stdout
    assert len(shown.stdout) < 10_000


def test_collapsed_keeps_what_is_near_and_folds_what_is_deep(folder: Path) -> None:
    shown = run_python(
        "-m", "swifttrace", "export", "--to", "collapsed", "-o", "-", "run.swt", cwd=folder
    )
    assert (shown.stderr, shown.status) == ("", 0)
    lines = [line.rpartition(" ") for line in shown.stdout.splitlines()]
    assert len(shown.stdout) < (folder / "run.swt").stat().st_size * 20
    assert max(stack.count(";") for stack, _, _ in lines) < 70
    # Shallow recursion is not folded.
    assert any(stack.count("tree (") == 4 for stack, _, _ in lines)
    rows = {row.name: row for row in swifttrace.open(folder / "run.swt").stats()}
    for name in ("walk", "even", "odd", "tree", "leaf"):
        own = sum(
            int(time) for stack, _, time in lines if stack.split(";")[-1].startswith(f"{name} (")
        )
        assert own == rows[name].own


def test_a_chain_of_many_functions_is_shown_by_its_ends(tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(400)]
    program = "".join(
        f"def {name}():\n    return {called}\n"
        for name, called in zip(names, [*(f"{name}()" for name in names[1:]), "1"], strict=True)
    )
    (tmp_path / "chain.py").write_text(program + "f0()\n")
    assert run_python("-m", "swifttrace", "record", "chain.py", cwd=tmp_path).status == 0
    shown = run_python("-m", "swifttrace", "callers", "run.swt", "f399", cwd=tmp_path)
    assert shown.status == 0
    assert "… 301 more frames …" in shown.stdout
    assert len(shown.stdout.splitlines()) == 1 + 101
    (stack,) = json.loads(
        run_python(
            "-m", "swifttrace", "callers", "--format", "json", "run.swt", "f399", cwd=tmp_path
        ).stdout
    )
    assert len(stack["stack"]) == 401
