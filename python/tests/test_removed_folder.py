"""Programs and readers that are started in a removed folder."""

import os
import shlex
import sys
from pathlib import Path

import pytest
from running import Ended, run

PROGRAM = """
import os, sys
def work(): return 1
work()
print(sys.path[0], sys.path[1:] == PATH[1:], sys.argv, __name__, __file__)
try:
    os.getcwd()
except FileNotFoundError:
    print("no folder")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__main__.py").write_text("print('package')\n")
    (tmp_path / "program.py").write_text(PROGRAM.replace("PATH", "sys.path"))
    return tmp_path


def run_in_removed(folder: Path, *command: object, **environment: str) -> Ended:
    """Runs Python in a folder that has been removed."""
    (folder / "removed").mkdir(exist_ok=True)
    words = shlex.join([sys.executable, *map(str, command)])
    text = f"cd {shlex.quote(str(folder / 'removed'))} && rmdir ../removed && exec {words}"
    return run("bash", "-c", text, cwd=folder, env={"PYTHONPATH": str(folder), **environment})


COMMANDS = {
    "script": ["FOLDER/program.py", "a"],
    "folder": ["FOLDER/package", "a"],
    "module": ["-m", "program", "a"],
    "package": ["-m", "package"],
    "code": ["-c", "import sys, os; print(sys.path, sys.argv)", "a"],
    "a script that is not there": ["program.py"],
}


@pytest.mark.parametrize("tracer", [[], ["record"], ["--all"]], ids=lambda words: str(words))
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_programs(folder: Path, command: list[str], tracer: list[str]) -> None:
    words = [word.replace("FOLDER", str(folder)) for word in command]
    untraced = run_in_removed(folder, *words)
    target = ["-o", folder / ("run.swt" if "record" in tracer else "trace.txt")]
    traced = run_in_removed(folder, "-m", "swifttrace", *tracer, *target, *words)
    assert traced.stdout == untraced.stdout
    assert traced.status == untraced.status
    assert "Traceback" not in traced.stderr
    if untraced.status == 0:
        assert target[1].exists()  # type: ignore[attr-defined]


def test_the_command_that_is_installed(folder: Path) -> None:
    script = Path(sys.executable).parent / "swifttrace"
    for command in COMMANDS.values():
        words = [word.replace("FOLDER", str(folder)) for word in command]
        untraced = run_in_removed(folder, *words)
        traced = run_in_removed(folder, script, "-o", folder / "trace.txt", *words)
        assert (traced.stdout, traced.status) == (untraced.stdout, untraced.status)


@pytest.mark.parametrize("tracer", [["record"], ["-o", "trace.txt"]])
def test_a_file_that_cannot_be_there(folder: Path, tracer: list[str]) -> None:
    ended = run_in_removed(folder, "-m", "swifttrace", *tracer, folder / "program.py")
    assert ended.status == 2
    assert ended.stderr.count("\n") == 1
    assert "No such file or directory" in ended.stderr


def test_the_environment(folder: Path) -> None:
    options = f"record -o {folder}/run.swt"
    ended = run_in_removed(folder, folder / "program.py", SWIFTTRACE=options)
    assert (ended.stderr, ended.status) == ("", 0)
    assert (folder / "run.swt").exists()
    relative = run_in_removed(folder, folder / "program.py", SWIFTTRACE="record")
    assert (relative.stdout, relative.status) == (ended.stdout, 0)
    assert relative.stderr.count("\n") == 1


def test_a_program_that_removes_its_folder(folder: Path) -> None:
    program = """
import os, subprocess, sys, swifttrace
os.mkdir("gone"); os.chdir("gone"); os.rmdir("../gone")
with swifttrace.record(sys.argv[1] + "/run.swt"):
    subprocess.run([sys.executable, sys.argv[1] + "/program.py"], check=True)
with swifttrace.trace(swifttrace.CallLogger(sys.argv[1] + "/trace.txt")): pass
try:
    swifttrace.record("run.swt").start()
except FileNotFoundError as error:
    print(error)
print(swifttrace._swifttrace.is_tracing())
"""
    ended = run(sys.executable, "-c", program, folder, cwd=folder)
    assert ended.stdout.splitlines()[-2:] == [
        "[Errno 2] No such file or directory: 'run.swt'",
        "False",
    ]
    assert (ended.stderr, ended.status) == ("", 0)
    assert len(list(folder.glob("run*.swt"))) == 2


def test_the_other_commands(folder: Path) -> None:
    recorded = run_in_removed(
        folder, "-m", "swifttrace", "record", "-o", folder / "run.swt", folder / "program.py"
    )
    assert recorded.status == 0
    commands = [
        ["show"],
        ["stats"],
        ["stats", "--lines"],
        ["callers", "work"],
        ["paths"],
        ["export", "--to", "collapsed", "-o", folder / "out.txt"],
        ["export", "--to", "coverage", "-o", folder / "coverage"],
        ["export", "--to", "coverage", "-o", "coverage"],
    ]
    for command in commands:
        ended = run_in_removed(folder, "-m", "swifttrace", *command, folder / "run.swt")
        assert "Traceback" not in ended.stderr, command
    plain = run_in_removed(folder, "-m", "trace", "-c", "--summary", folder / "program.py")
    ended = run_in_removed(
        folder, "-m", "swifttrace.trace", "-c", "--summary", folder / "program.py"
    )
    assert ended.stdout.splitlines()[:2] == plain.stdout.splitlines()[:2]
    assert os.path.exists(folder / "out.txt")
