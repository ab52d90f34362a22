"""Bugs of `python -m trace` that swifttrace fixes."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from running import run_python


def _run(folder: Path, program: str, *options: str) -> tuple[int, str, str]:
    (folder / "program.py").write_text(program)
    ended = run_python("-m", "swifttrace.trace", *options, "program.py", cwd=folder)
    return ended.status, ended.stdout, ended.stderr


@pytest.mark.parametrize("option", ["-c", "-t", "-l", "-T"])
def test_the_status_is_the_programs(tmp_path: Path, option: str) -> None:
    assert _run(tmp_path, "import sys\nsys.exit(7)\n", option)[0] == 7


def test_an_error_of_the_program_is_told_as_python_does_and_counts_are_kept(tmp_path: Path) -> None:
    program = "def f():\n    open('no such file')\nf()\n"
    status, _, errors = _run(tmp_path, program, "-c")
    assert status == 1
    plain = run_python("program.py", cwd=tmp_path).stderr
    # The original reports that it cannot run the program. The path of the script is as given.
    assert errors == plain.replace(f"{tmp_path}/", "")
    assert "    1: f()\n" in (tmp_path / "program.cover").read_text()


@pytest.mark.parametrize("options", [["-t"], ["-c", "-t"]])
def test_a_closed_pipe_does_not_end_the_program(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "program.py").write_text(
        "for i in range(20000):\n    x = i\nprint('text', flush=True)\nopen('done', 'w').close()\n"
    )
    command = [sys.executable, "-m", "swifttrace.trace", *options, "program.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b" --- modulename: program, funcname: <module>\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert (tmp_path / "done").exists()


@pytest.mark.parametrize("option", ["-c", "-t", "-l"])
def test_main_is_the_program(tmp_path: Path, option: str) -> None:
    program = """
import pickle, sys
class Own: pass
assert type(pickle.loads(pickle.dumps(Own()))) is Own
assert sys.modules["__main__"].__dict__ is globals()
"""
    status, _, errors = _run(tmp_path, program, option)
    assert (status, errors) == (0, "")


THREADS = """
import threading
def work():
    for i in range(20_000):
        x = i
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
"""


def test_threads_are_counted_to_their_end(tmp_path: Path) -> None:
    status, _, errors = _run(tmp_path, THREADS, "-c", "--ignore-dir", "$prefix")
    assert (status, errors) == (0, "")
    lines = (tmp_path / "program.cover").read_text().splitlines()
    assert lines[3:5] == ["60003:     for i in range(20_000):", "60000:         x = i"]


def test_threads_are_shown(tmp_path: Path) -> None:
    status, text, errors = _run(tmp_path, THREADS, "-t", "--ignore-dir", "$prefix")
    assert (status, errors) == (0, "")
    assert text.count("x = i\n") == 60_000
    assert all(line.startswith((" --- ", "program.py(")) for line in text.splitlines())


def test_callers_of_threads_are_told(tmp_path: Path) -> None:
    status, text, errors = _run(tmp_path, THREADS, "-T")
    assert (status, errors) == (0, "")
    assert "-> program.work" in text


def test_linecache_is_left_alone(tmp_path: Path) -> None:
    program = "import sys, linecache\nprint(len(linecache.cache))\n"
    text = _run(tmp_path, program, "-t", "--ignore-dir", "$prefix")[1]
    assert text.splitlines()[-1] == "0"


def test_the_class_of_the_same_name_can_still_be_called(run_program: Run) -> None:
    program = """
import swifttrace
import swifttrace.trace as trace
def f(): return 1
with swifttrace.trace(swifttrace.ReturnLogger()): f()
tracer = trace.Trace(trace=0, count=1)
assert tracer.runfunc(f) == 1
print(list(tracer.results().counts.values()), isinstance(tracer.results(), trace.CoverageResults))
"""
    ended = run_program(program)
    assert ended.stdout == "[1] True\n"
    assert ended.stderr == "Returning from f with value 1\n"


def test_the_module_stands_for_the_class_of_its_name(run_program: Run) -> None:
    program = """
import inspect
from swifttrace import trace as before
import swifttrace.trace
after = swifttrace.trace
assert after is not before
class Derived(after): pass
print(isinstance(after(), after), isinstance(before(), after), isinstance(1, after))
print(issubclass(Derived, after), issubclass(int, after), Derived.__mro__[1] is before)
print(inspect.signature(after) == inspect.signature(before))
"""
    expected = ["True True False", "True False True", "True"]
    assert run_program(program).lines() == expected


def test_own_functions_in_place_of_the_engine_are_used(run_program: Run) -> None:
    program = """
from swifttrace.trace import Trace
tracer = Trace(trace=0, count=1)
seen = []
def local(frame, why, arg):
    seen.append(why)
    return local
tracer.localtrace = local
def f(): return 1
tracer.runfunc(f)
print(seen)
"""
    assert run_program(program).lines() == ["['line', 'return']"]
