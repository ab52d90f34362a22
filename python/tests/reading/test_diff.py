"""`diff`: the first difference of two runs, and the functions that changed."""

import json
import sys
from pathlib import Path

import pytest
import swifttrace
from recordings import with_check
from running import Ended, run_python

PROGRAM = """\
import sys
import threading

class Thing:
    pass

def price(number):
    if number == LIMIT:
        return special(number)
    return number

def special(number):
    return number * VALUE

def run(count, thing):
    return sum(price(number) for number in range(count))

LIMIT, VALUE = int(sys.argv[1]), int(sys.argv[2])
thread = threading.Thread(target=run, args=[3, Thing()])
thread.start()
thread.join()
run(COUNT, Thing())
"""


def record(folder: Path, name: str, *arguments: object, options: tuple[str, ...] = ()) -> None:
    (folder / "program.py").write_text(PROGRAM.replace("COUNT", "20"))
    words = [str(argument) for argument in arguments]
    command = ["-m", "swifttrace", "record", *options, "-o", name, "program.py", *words]
    assert run_python(*command, cwd=folder).status == 0


def diff(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "diff", *options, "a.swt", "b.swt", cwd=folder)


def test_the_same_run_twice_is_no_difference(tmp_path: Path) -> None:
    for name in ("a.swt", "b.swt"):
        record(tmp_path, name, 7, 2, options=("--values", "safe"))
    result = swifttrace.open(tmp_path / "a.swt").diff(swifttrace.open(tmp_path / "b.swt"))
    assert result.divergences == ()
    assert result.same_threads == 2
    assert result.same == len(list(swifttrace.open(tmp_path / "a.swt")))
    shown = diff(tmp_path)
    assert shown.status == 0
    first, *_ = shown.stdout.splitlines()
    assert first == f"{result.same} events are equal; 2 threads are equal to the end"


def test_other_versions_of_python_are_told(tmp_path: Path) -> None:
    record(tmp_path, "a.swt", 7, 2)
    file = (tmp_path / "a.swt").read_bytes()
    version = sys.version.split()[0]
    other = version.replace(f"3.{sys.version_info.minor}.", "3.99.")
    for name, text in (("b.swt", other), ("c.swt", version)):
        changed = file.replace(version.encode(), text.encode())
        (tmp_path / name).write_bytes(with_check(changed))
    words = "versions can have different lines and exceptions for the same code\n"
    shown = diff(tmp_path)
    found = f"a.swt was recorded with Python {version}, b.swt with {other}"
    assert shown.stderr == f"swifttrace: {found}: {words}"
    assert shown.status == 0
    same = run_python("-m", "swifttrace", "diff", "a.swt", "c.swt", cwd=tmp_path)
    assert same.stderr == ""


def test_another_branch_is_found_with_its_stack(tmp_path: Path) -> None:
    record(tmp_path, "a.swt", 7, 2, options=("--values", "safe"))
    record(tmp_path, "b.swt", 11, 2, options=("--values", "safe"))
    result = swifttrace.open(tmp_path / "a.swt").diff(swifttrace.open(tmp_path / "b.swt"))
    (divergence,) = result.divergences
    assert divergence.difference == "path"
    assert [frame.name for frame in divergence.first.stack] == [
        "<module>",
        "run",
        "run.<locals>.<genexpr>",
        "price",
    ]
    assert divergence.first.stack[-1].arguments == ("number=7",)
    assert divergence.first.event == "price, line 9"
    assert divergence.second.event == "price, line 10"
    ended = diff(tmp_path)
    assert (ended.stderr, ended.status) == ("", 1)
    assert "  a.swt: price, line 9\n  b.swt: price, line 10\n" in ended.stdout


def test_another_value_is_found(tmp_path: Path) -> None:
    record(tmp_path, "a.swt", 7, 2, options=("--values", "safe"))
    record(tmp_path, "b.swt", 7, 3, options=("--values", "safe"))
    first, second = (swifttrace.open(tmp_path / name) for name in ("a.swt", "b.swt"))
    (divergence,) = first.diff(second).divergences
    assert divergence.difference == "value"
    assert divergence.first.event == "return from special at line 13: 14"
    assert divergence.second.event == "return from special at line 13: 21"
    assert first.diff(second, values=False).divergences == ()


def test_functions_of_one_run_alone_are_told(tmp_path: Path) -> None:
    record(tmp_path, "a.swt", 7, 2)
    record(tmp_path, "b.swt", 99, 2)
    found = json.loads(diff(tmp_path, "--format", "json").stdout)
    alone = [pair["first"]["name"] for pair in found["functions"] if pair["second"] is None]
    assert alone == ["special"]
    assert "only in a.swt:\n" in diff(tmp_path).stdout


def test_what_was_recorded_of_one_alone_is_no_difference(tmp_path: Path) -> None:
    record(tmp_path, "a.swt", 7, 2)
    record(tmp_path, "b.swt", 7, 2, options=("--calls", "--returns"))
    ended = diff(tmp_path)
    assert (ended.stderr, ended.status) == ("", 0)


@pytest.mark.parametrize("name", ["missing.swt", "program.py"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    record(tmp_path, "a.swt", 7, 2)
    ended = run_python("-m", "swifttrace", "diff", "a.swt", name, cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("", 2)
    assert name in ended.stderr
    assert ended.stderr.count("\n") == 1
