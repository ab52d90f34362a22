"""Tracing of programs by the environment variable SWIFTTRACE."""

from pathlib import Path

import pytest
from conftest import Run
from running import run_python, without_durations

PROGRAM = """\
import sys

def work(number):
    return number + 1

print(work(int(sys.argv[1])))
"""


def test_a_tree_goes_to_standard_error(run_program: Run) -> None:
    ended = run_program(PROGRAM, "2", env={"SWIFTTRACE": "--function work"})
    assert (ended.stdout, ended.status) == ("3\n", 0)
    assert without_durations(ended.stderr) == ["work(number=2)", "└ 3"]


def test_a_recording_is_written(run_program: Run, tmp_path: Path) -> None:
    options = "record -o 'my run.swt' --values safe --function work"
    assert run_program(PROGRAM, "4", env={"SWIFTTRACE": options}).lines() == ["5"]
    shown = run_python("-m", "swifttrace", "show", "my run.swt", cwd=tmp_path)
    assert without_durations(shown.stdout) == ["work(number=4)", "└ 5"]


def test_children_of_an_environment_s_recording_record(run_program: Run, tmp_path: Path) -> None:
    program = "import subprocess, sys\nsubprocess.run([sys.executable, 'child.py', '7'])\n"
    (tmp_path / "child.py").write_text(PROGRAM)
    ended = run_program(program, env={"SWIFTTRACE": "record -o run.swt --function work"})
    assert ended.lines() == ["8"]
    assert len(list(tmp_path.glob("run*.swt"))) == 2
    shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=tmp_path)
    assert [line.partition("] ")[2] for line in without_durations(shown.stdout)] == [
        "work(number)",
        "└",
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("--colour", "unknown option --colour"),
        ("record -o /nowhere/run.swt", "No such file or directory"),
        ("'", "No closing quotation"),
        ("record --max-size 3 -o x.swt", "the maximum size must be at least 256K"),
        ("script.py", "must not name a program"),
    ],
)
def test_a_mistake_is_one_line_and_the_program_runs(
    run_program: Run, options: str, problem: str
) -> None:
    ended = run_program(PROGRAM, "2", env={"SWIFTTRACE": options})
    assert (ended.stdout, ended.status) == ("3\n", 0)
    assert problem in ended.stderr
    assert ended.stderr.startswith("swifttrace")
    assert ended.stderr.count("\n") == 1


def test_nothing_is_imported_where_nothing_is_asked(run_program: Run) -> None:
    program = "import sys\nprint([name for name in sys.modules if 'swifttrace' in name])\n"
    assert run_program(program, env={"SWIFTTRACE": ""}).lines() == ["[]"]


@pytest.mark.parametrize("flag", ["-I", "-E", "-sE"])
@pytest.mark.parametrize("options", ["-o trace.txt", "record -o run.swt", "--colour"])
def test_isolated_pythons_do_not_look(tmp_path: Path, flag: str, options: str) -> None:
    (tmp_path / "program.py").write_text("import sys\n" + PROGRAM)
    ended = run_python(flag, "program.py", "2", cwd=tmp_path, env={"SWIFTTRACE": options})
    assert ended.lines() == ["3"]
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


@pytest.mark.parametrize("kind", ["file", "link to a file", "link to nothing", "link to an empty"])
def test_text_overwrites_nothing(run_program: Run, tmp_path: Path, kind: str) -> None:
    precious, target = tmp_path / "precious.txt", tmp_path / "trace.txt"
    if kind != "link to nothing":
        precious.write_text("" if "empty" in kind else "precious")
    if "link" in kind:
        target.symlink_to(precious)
    else:
        precious.rename(target)
        precious = target
    before = precious.read_text() if precious.exists() else None
    ended = run_program(PROGRAM, "2", env={"SWIFTTRACE": "-o trace.txt"})
    assert (ended.stdout, ended.status) == ("3\n", 0)
    assert ended.stderr.startswith("swifttrace: ignoring SWIFTTRACE: trace.txt ")
    assert ended.stderr.count("\n") == 1
    assert (precious.read_text() if precious.exists() else None) == before


def test_text_goes_where_nothing_is_lost(run_program: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for name in ("empty.txt", "new.txt", "/dev/null"):
        ended = run_program(PROGRAM, "2", env={"SWIFTTRACE": f"-o {name} --function work"})
        assert ended.lines() == ["3"]
    for name in ("empty.txt", "new.txt"):
        text = (tmp_path / name).read_text()
        assert without_durations(text) == ["work(number=2)", "└ 3"]


def test_the_command_line_overwrites_text(run_program: Run, tmp_path: Path) -> None:
    (tmp_path / "trace.txt").write_text("old")
    (tmp_path / "program.py").write_text(PROGRAM)
    words = ["-m", "swifttrace", "-o", "trace.txt", "program.py", "2"]
    assert run_python(*words, cwd=tmp_path).lines() == ["3"]
    assert "work(number=2)" in (tmp_path / "trace.txt").read_text()
