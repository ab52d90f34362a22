"""A program that restarts itself finds its own command line, and is recorded again."""

from pathlib import Path

import pytest
from conftest import SameAsUntraced
from recordings import read_whole
from running import run_python

RESTART = """
import os, sys

def life(name):
    print(name, sys.argv[1:], flush=True)

if "AGAIN" not in os.environ:
    os.environ["AGAIN"] = "1"
    life("first")
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
life("second")
"""

SHOW = "import sys\nprint(sys.orig_argv[1:], sys.argv)\n"

COMMANDS = {
    "script": ["program.py", "-m", "swifttrace", "x y"],
    "module": ["-m", "program", "a"],
    "package": ["-m", "package", "a"],
    "code": ["-c", SHOW, "a"],
    "folder": ["package", "a"],
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "package").mkdir()
    for path in ("program.py", "package/__main__.py"):
        (tmp_path / path).write_text(SHOW)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_words_are_those_of_the_program(
    same_as_untraced: SameAsUntraced, program: Path, command: list[str]
) -> None:
    assert "'-o'" not in same_as_untraced(*command).stdout


@pytest.mark.parametrize("options", [["-B"], ["-X", "utf8", "-W", "ignore"], ["-Wignore", "-uB"]])
@pytest.mark.parametrize("joined", [False, True])
def test_options_of_the_interpreter_stay(program: Path, options: list[str], joined: bool) -> None:
    untraced = run_python(*options, "program.py", "a", cwd=program)
    tracer = ["-mswifttrace"] if joined else ["-m", "swifttrace"]
    for command in (["record"], ["-o", "trace.txt"]):
        traced = run_python(*options, *tracer, *command, "program.py", "a", cwd=program)
        assert traced.stdout == untraced.stdout


def test_options_that_are_written_together(program: Path) -> None:
    untraced = run_python("-Bu", "program.py", cwd=program)
    traced = run_python("-Bum", "swifttrace", "-o", "trace.txt", "program.py", cwd=program)
    assert traced == untraced


def test_the_command_of_the_standard_library_s_trace(program: Path) -> None:
    for words in (["program.py", "a"], ["--module", "program", "a"]):
        traced = run_python("-m", "swifttrace.trace", "--count", *words, cwd=program)
        plain = ["-m", *words[1:]] if words[0] == "--module" else words
        assert traced.lines() == run_python(*plain, cwd=program).lines()


def calls_of_life(folder: Path) -> list[int]:
    """Returns the process of each call of `life`."""
    _, events = read_whole(folder / "run.swt", children=True)
    return [
        event.process for event in events if (event.kind, event.function.name) == ("call", "life")
    ]


@pytest.mark.parametrize(
    "command", [["program.py", "a"], ["-m", "program", "a"], ["-c", RESTART, "a"]]
)
def test_a_program_that_takes_its_own_place(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "program.py").write_text(RESTART)
    ended = run_python("-m", "swifttrace", "record", *command, cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("first ['a']\nsecond ['a']\n", 0)
    assert ended.stderr == ""  # The first life does not reach its end.
    processes = calls_of_life(tmp_path)
    assert len(processes) == 2
    assert processes[0] == processes[1]
    assert sorted(path.name for path in tmp_path.glob("*.swt")) == [
        f"run.{processes[0]}.swt",
        "run.swt",
    ]


def test_a_program_that_takes_its_own_place_often(tmp_path: Path) -> None:
    program = RESTART.replace('"AGAIN" not in os.environ', 'len(os.environ.get("AGAIN", "")) < 3')
    program = program.replace('"AGAIN"] = "1"', '"AGAIN"] = os.environ.get("AGAIN", "") + "1"')
    (tmp_path / "program.py").write_text(program)
    ended = run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("first []\n" * 3 + "second []\n", 0)
    assert len(calls_of_life(tmp_path)) == 4
    assert len(list(tmp_path.glob("*.swt"))) == 4


def test_a_program_that_starts_a_child_of_its_own_kind(tmp_path: Path) -> None:
    program = (
        RESTART.replace("import os", "import subprocess, os").replace(
            "os.execv(sys.executable, [", "sys.exit(subprocess.call(["
        )
        + "\n"
    )
    program = program.replace("*sys.orig_argv[1:]])", "*sys.orig_argv[1:]]))")
    (tmp_path / "program.py").write_text(program)
    ended = run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("first []\nsecond []\n", 0)
    assert len(set(calls_of_life(tmp_path))) == 2


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_the_kernel_s_command_line_starts_swifttrace_again(
    tmp_path: Path, options: list[str]
) -> None:
    words = "open('/proc/self/cmdline').read().split('\\0')[1:-1]"
    (tmp_path / "program.py").write_text(RESTART.replace("sys.orig_argv[1:]", words))
    ended = run_python("-m", "swifttrace", "record", *options, "program.py", "a", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("first ['a']\nsecond ['a']\n", 0)
    assert len(calls_of_life(tmp_path)) == 2


def test_werkzeug_restarts(tmp_path: Path) -> None:
    pytest.importorskip("werkzeug")
    program = """
import os, threading, time
from pathlib import Path
from werkzeug._reloader import run_with_reloader

def life():
    print("life", flush=True)
    if not Path("changed").exists():
        Path("changed").touch()
        time.sleep(0.3)
        os.utime("other.py")
        time.sleep(30)
    os._exit(0)

run_with_reloader(life, extra_files=["other.py"], interval=0.1, reloader_type="stat")
"""
    (tmp_path / "program.py").write_text(program)
    (tmp_path / "other.py").touch()
    ended = run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path)
    assert (ended.stdout.count("life\n"), ended.status) == (2, 0)
    assert "exists already" not in ended.stderr
    assert len(set(calls_of_life(tmp_path))) == 2


def test_a_script_of_another_option_is_not_swifttrace(tmp_path: Path) -> None:
    # `-m swifttrace` is among the program's own arguments.
    (tmp_path / "program.py").write_text("print(5)\n")
    environment = {"SWIFTTRACE": "record -o run.swt"}
    done = run_python("program.py", "-m", "swifttrace", cwd=tmp_path, env=environment)
    assert done.lines() == ["5"]
    assert (tmp_path / "run.swt").exists()
