"""A program ends as it does untraced: status, messages, signals, and the code that runs last."""

import signal
from pathlib import Path

import pytest
from conftest import RunTraced, SameAsUntraced
from running import Ended, run_python, without_folder


@pytest.mark.parametrize(
    ("program", "status", "stderr"),
    [
        ("", 0, ""),
        ("import sys; sys.exit(7)", 7, ""),
        ("import sys; sys.exit('message')", 1, "message\n"),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(None)", 0, ""),
        ("import sys; sys.exit(True)", 1, ""),
        ("import sys; sys.exit(256)", 0, ""),
        ("import sys; sys.exit(-1)", 255, ""),
        ("import sys; sys.exit((1, 2))", 1, "(1, 2)\n"),
        ("raise SystemExit(3)", 3, ""),
        ("exit(4)", 4, ""),
        ("import os; os._exit(5)", 5, ""),
        ("import sys, atexit; atexit.register(print, 'last'); sys.exit(6)", 6, ""),
    ],
)
def test_the_exit_status(
    same_as_untraced: SameAsUntraced, program: str, status: int, stderr: str
) -> None:
    # os._exit prevents the trace from being flushed; the check below shows that tracing started.
    if "os._exit" in program:
        program = "for _ in range(5_000): (lambda: 0)()\n" + program
    ended = same_as_untraced(program=program)
    assert (ended.stderr, ended.status) == (stderr, status)


def test_an_uncaught_exception(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    program = "def outer():\n    inner(1)\n\ndef inner(x): raise ValueError(x)\nouter()\n"
    ended = same_as_untraced(program=program)
    assert ended.status == 1
    # Without the markers below lines, which differ between versions.
    shown = [line for line in ended.stderr.splitlines() if set(line) - set(" ~^")]
    assert shown == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/program.py", line 5, in <module>',
        "    outer()",
        f'  File "{tmp_path}/program.py", line 2, in outer',
        "    inner(1)",
        f'  File "{tmp_path}/program.py", line 4, in inner',
        "    def inner(x): raise ValueError(x)",
        "ValueError: 1",
    ]


@pytest.mark.parametrize(
    "program",
    [
        "raise KeyError('x') from ValueError('cause')",
        "try: 1 / 0\nexcept ZeroDivisionError: raise KeyError('while handling')",
        "raise ExceptionGroup('several', [ValueError(1), TypeError(2)])",
        "error = ValueError('x'); error.add_note('a note'); raise error",
        "raise BaseException('base')",
        "raise GeneratorExit",
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "def f(n): return f(n + 1)\nf(0)",
        "import sys\nsys.excepthook = lambda *a: print(a[2].tb_frame.f_code.co_name)\n1/0",
        "import sys\ndef hook(*a): raise KeyError('in the hook')\nsys.excepthook = hook\n1/0",
        "import sys\nsys.tracebacklimit = 0\n1 / 0",
        "import sys\nsys.stderr = None\n1 / 0",
        "import atexit, sys\natexit.register(lambda: print(sys.exc_info()))\n1 / 0",
        "import json\njson.loads('{')",
        "import nothing_of_this_name",
        "exec('1 +')",
        "assert 1 == 2, 'message'",
        "async def f(): 1 / 0\nimport asyncio; asyncio.run(f())",
        "print(undefinde_name)\n",
        "import sys\nsys.last_exc = 5\n1 / 0",
        "import os\nos.does_not_exits",
    ],
)
def test_tracebacks(same_as_untraced: SameAsUntraced, program: str) -> None:
    assert same_as_untraced(program=program).status == 1


SYNTAX_ERRORS = pytest.mark.parametrize(
    "program",
    [
        "x = = 1\n",
        "print('started')\nif True:\nprint()\n",
        "def f():\n\treturn 1\n        return 2\n",
        "'unclosed\n",
        "x = (1,\n",
        "return 5\n",
        "x = 08\n",
        "print 'old'\n",
        "'\\d'\nx = 1 is 1\n",
    ],
)


@SYNTAX_ERRORS
def test_syntax_errors_and_warnings(tmp_path: Path, program: str) -> None:
    (tmp_path / "program.py").write_text(program)
    assert fails_as_untraced("program.py", cwd=tmp_path).stdout == ""
    assert fails_as_untraced("-c", program, cwd=tmp_path).stdout == ""


@SYNTAX_ERRORS
def test_syntax_errors_and_warnings_of_a_module(tmp_path: Path, program: str) -> None:
    (tmp_path / "program.py").write_text(program)
    assert fails_as_untraced("-m", "program", cwd=tmp_path).stdout == ""


@pytest.mark.parametrize(
    "content", [b"x = 1\0\n", b"\xff\xfe\n", b"x = '\xe9'\n", b"# coding: nothing\n"]
)
def test_sources_that_are_no_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program.py").write_bytes(content)
    # Up to 3.11.3, a NUL ended a line and was not an error.
    same_ending("program.py", cwd=tmp_path)


def fails_as_untraced(*command: str, cwd: Path) -> Ended:
    """Runs a program that fails to start, or warns before it starts, traced and untraced."""
    untraced = same_ending(*command, cwd=cwd)
    assert untraced.stderr
    return untraced


def same_ending(*command: str, cwd: Path) -> Ended:
    """Runs a program traced and untraced, and checks that the outcomes are equal."""
    untraced = run_python(*command, cwd=cwd)
    assert run_python("-m", "swifttrace", "-o", "trace.txt", *command, cwd=cwd) == untraced
    return untraced


def test_an_exception_of_code(same_as_untraced: SameAsUntraced) -> None:
    assert same_as_untraced("-c", "def f(): 1 / 0\nf()\n").status == 1


def test_an_exception_of_a_module(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("def f(): 1 / 0\nf()\n")
    ended = same_as_untraced("-m", "tool")
    assert ended.status == 1
    assert ended.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_an_exception_of_a_package_on_the_way_to_its_main(
    same_as_untraced: SameAsUntraced, tmp_path: Path
) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("1 / 0\n")
    (tmp_path / "package" / "__main__.py").touch()
    assert same_as_untraced("-m", "package").status == 1


def test_an_interrupt(same_as_untraced: SameAsUntraced) -> None:
    program = """
import atexit, os, signal, time
atexit.register(print, "last")

def waits():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

waits()
"""
    ended = same_as_untraced(program=program)
    assert ended.status == -signal.SIGINT
    assert ended.stdout == "last\n"
    assert ended.stderr.endswith("KeyboardInterrupt\n")


def test_an_interrupt_that_the_program_catches(same_as_untraced: SameAsUntraced) -> None:
    program = """
import os, signal, time
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
except KeyboardInterrupt:
    print("caught")
"""
    assert same_as_untraced(program=program).lines() == ["caught"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGSEGV", "SIGABRT"])
def test_signals_that_end_the_program(tmp_path: Path, name: str) -> None:
    # -X dev enables faulthandler, which writes addresses and the names of all extensions.
    program = "import faulthandler, os, signal\nfaulthandler.disable()\n"
    program += f"os.kill(os.getpid(), signal.{name})\n"
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    traced = run_python("-m", "swifttrace", "-o", "trace.txt", "program.py", cwd=tmp_path)
    assert traced == untraced
    assert untraced.status == -getattr(signal, name)


def test_exit_handlers_are_traced(run_traced: RunTraced) -> None:
    program = """
import atexit

def early(): print("early")

@atexit.register
def last(): print("last")

early()
"""
    assert run_traced(program, "--calls", "-o", "-").lines() == [
        "<module> program.py()",
        "  early()",
        "early",
        "last()",
        "last",
    ]


def test_exit_handlers_after_an_exception(run_traced: RunTraced, tmp_path: Path) -> None:
    program = """
import atexit

@atexit.register
def last(): print("last")

1 / 0
"""
    ended = run_traced(program, "--calls", "-o", "trace.txt")
    assert (ended.stdout, ended.status) == ("last\n", 1)
    assert without_folder((tmp_path / "trace.txt").read_text()) == "<module> program.py()\nlast()\n"


def test_threads_that_outlive_the_main_program_are_traced(
    run_traced: RunTraced, tmp_path: Path
) -> None:
    program = """
import threading

over = threading.Event()

def waits():
    threading.main_thread().join()
    late()

def late(): print("late")

threading.Thread(target=waits).start()
"""
    ended = run_traced(program, "--function", "late", "--calls", "-o", "trace.txt")
    assert ended.lines() == ["late"]
    assert (tmp_path / "trace.txt").read_text() == "[1] late()\n"


def test_a_forked_child_ends_as_untraced(same_as_untraced: SameAsUntraced) -> None:
    program = """
import os, sys

def child():
    print("child")
    sys.exit(3)

sys.stdout.flush()
if (pid := os.fork()) == 0:
    child()
_, status = os.waitpid(pid, 0)
print("parent", os.waitstatus_to_exitcode(status))
"""
    ended = same_as_untraced(program=program, env={"PYTHONWARNINGS": "ignore"})
    assert ended.lines() == ["child", "parent 3"]


def test_a_forked_child_does_not_repeat_the_text_of_its_parent(
    run_traced: RunTraced, tmp_path: Path
) -> None:
    program = """
import os

def f(): pass

f()
if (pid := os.fork()) == 0:
    os._exit(0)
os.waitpid(pid, 0)
if (pid := os.fork()) != 0:
    os.waitpid(pid, 0)
    print("parent")
"""
    ended = run_traced(program, "--function", "f", "--calls", "-o", "trace.txt")
    assert (ended.stdout, ended.status) == ("parent\n", 0)
    assert (tmp_path / "trace.txt").read_text() == "f()\n"


def test_replacing_the_process(same_as_untraced: SameAsUntraced) -> None:
    program = """
import os, sys
for _ in range(5_000): (lambda: 0)()
sys.stdout.flush()
os.execv(sys.executable, [sys.executable, "-c", "print('new program')"])
"""
    assert same_as_untraced(program=program).lines() == ["new program"]
