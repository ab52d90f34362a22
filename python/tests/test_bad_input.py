"""Errors on the command line print one line, with status 2, and the program does not run."""

import os
from pathlib import Path

import pytest
from running import run_python

# Prints when it runs.
PROGRAM = "print('started')\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "missing program: name a script, -m MODULE or -c CODE"),
        (["--lnes", "program.py"], "unknown option --lnes; did you mean --lines?"),
        (["--line", "program.py"], "unknown option --line; did you mean --lines?"),
        (["--Lines", "program.py"], "unknown option --Lines; did you mean --lines?"),
        (["--xyzzy", "program.py"], "unknown option --xyzzy"),
        (["-x", "program.py"], "unknown option -x"),
        (["--calls", "--retruns"], "unknown option --retruns; did you mean --returns?"),
        (["nothing.py"], "cannot open nothing.py: No such file or directory"),
        (["-m", "nothing"], "no module named 'nothing'"),
        (["-m", "nothing.at.all"], "no module named 'nothing'"),
        (["-m"], "-m needs the name of a module"),
        (["-c"], "-c needs code to run"),
        (["--depth", "0", "program.py"], "depth must be at least 1, not 0"),
        (["--depth", "-1", "program.py"], "depth must be at least 1, not -1"),
        (["--depth", "x", "program.py"], "argument --depth: invalid int value: 'x'"),
        (["--depth"], "argument --depth: expected one argument"),
        (
            ["-o", "/nowhere/trace.txt", "program.py"],
            "cannot write to /nowhere/trace.txt: No such file or directory",
        ),
        (["-o", "/", "program.py"], "cannot write to /: Is a directory"),
        (["-o"], "argument -o: expected one argument"),
        (["--lines=x", "program.py"], "argument --lines: ignored explicit argument 'x'"),
    ],
)
def test_bad_input(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    ended = run_python("-m", "swifttrace", *arguments, cwd=tmp_path)
    assert ended.stderr == f"swifttrace: {message} (see swifttrace --help)\n"
    assert (ended.stdout, ended.status) == ("", 2)


def test_a_format_that_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    ended = run_python("-m", "swifttrace", "--format", "xml", "program.py", cwd=tmp_path)
    assert ended.stderr.startswith("swifttrace: argument --format: invalid choice: 'xml' (choose")
    assert ended.stderr.count("\n") == 1
    assert (ended.stdout, ended.status) == ("", 2)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.symlink_to("program.py")
    ended = run_python("-m", "swifttrace", "program.py", cwd=tmp_path)
    assert ended.stderr == (
        "swifttrace: cannot open program.py: Too many levels of symbolic links "
        "(see swifttrace --help)\n"
    )
    assert (ended.stdout, ended.status) == ("", 2)


def test_a_mistake_leaves_the_file_of_the_text_alone(tmp_path: Path) -> None:
    (tmp_path / "trace.txt").write_text("what was there before")
    ended = run_python("-m", "swifttrace", "-o", "trace.txt", "nothing.py", cwd=tmp_path)
    assert ended.status == 2
    assert (tmp_path / "trace.txt").read_text() == "what was there before"


def test_the_program_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print(1)\n")
    ended = run_python("-m", "swifttrace", "-o", "./program.py", "program.py", cwd=tmp_path)
    assert (ended.status, ended.stdout) == (2, "")
    assert ended.stderr.startswith("swifttrace: -o ./program.py would overwrite the program")
    assert (tmp_path / "program.py").read_text() == "print(1)\n"


def test_paths_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print(1)\n")
    name = os.fsdecode(b"\xff.txt")
    ended = run_python("-m", "swifttrace", "-o", name, "program.py", cwd=tmp_path)
    assert (ended.status, ended.stdout) == (0, "1\n")
    assert b"\xff.txt" in os.listdir(os.fsencode(tmp_path))
    code = "import swifttrace; swifttrace.start(swifttrace.CallLogger('a\\0b'))"
    assert "ValueError: a path cannot have a NUL" in run_python("-c", code, cwd=tmp_path).stderr
