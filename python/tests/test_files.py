"""Files, descriptors and objects to which the text is written."""

from pathlib import Path

import pytest
from conftest import Run


def test_standard_output_keeps_the_order_with_prints(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f(name):
    print("inside", name)
    return name

with swifttrace.trace(swifttrace.CallLogger(sys.stdout), swifttrace.ReturnLogger(sys.stdout)):
    f("a")
    print("between", end=" ")
    print("them")
    f("b")
print("after")
"""
    assert run_program(program).lines() == [
        "Call to f at line 4",
        "inside a",
        "Returning from f with value a",
        "between them",
        "Call to f at line 4",
        "inside b",
        "Returning from f with value b",
        "after",
    ]


def test_standard_error_is_the_default_and_keeps_the_order(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f():
    print("inside", file=sys.stderr)

print("before", file=sys.stderr, end="; ")
with swifttrace.trace(swifttrace.CallLogger()):
    f()
print("after", file=sys.stderr)
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("", 0)
    assert ended.stderr == "before; Call to f at line 4\ninside\nafter\n"


def test_what_stands_for_standard_error_is_written_to(run_program: Run) -> None:
    program = """
import contextlib, io, swifttrace

def f(): pass

with contextlib.redirect_stderr(io.StringIO()) as text:
    with swifttrace.trace(swifttrace.CallLogger()):
        f()
print(repr(text.getvalue()))
"""
    assert run_program(program).lines() == [r"'Call to f at line 4\n'"]


def test_a_path_as_text_and_as_a_path(run_program: Run, tmp_path: Path) -> None:
    program = """
import pathlib, swifttrace

def f(): pass

for file in ("text.txt", pathlib.Path("path.txt")):
    with swifttrace.trace(swifttrace.CallLogger(file=file)):
        f()
"""
    (tmp_path / "text.txt").write_text("what was there before")
    assert run_program(program).lines() == []
    assert (tmp_path / "text.txt").read_text() == "Call to f at line 4\n"
    assert (tmp_path / "path.txt").read_text() == "Call to f at line 4\n"


def test_a_file_of_a_path_is_closed_afterwards(run_program: Run) -> None:
    program = """
import os, swifttrace

before = os.listdir("/proc/self/fd")
for _ in range(5):
    with swifttrace.trace(swifttrace.CallLogger("trace.txt")):
        pass
print(len(os.listdir("/proc/self/fd")) - len(before))
"""
    assert run_program(program).lines() == ["0"]


def test_the_path_is_that_of_the_start(run_program: Run, tmp_path: Path) -> None:
    program = """
import os, swifttrace
(lambda: 0)()
with swifttrace.trace(swifttrace.CallLogger("trace.txt")):
    os.chdir("/")
    (lambda: 0)()
"""
    assert run_program(program).lines() == []
    assert (tmp_path / "trace.txt").read_text() == "Call to <lambda> at line 6\n"


def test_a_file_object(run_program: Run, tmp_path: Path) -> None:
    program = """
import swifttrace

def f(): pass

with open("trace.txt", "w") as file:
    file.write("before\\n")
    with swifttrace.trace(swifttrace.CallLogger(file)):
        f()
    file.write("after\\n")
"""
    assert run_program(program).lines() == []
    assert (tmp_path / "trace.txt").read_text() == "before\nCall to f at line 4\nafter\n"


def test_anything_with_write_and_flush(run_program: Run) -> None:
    program = """
import swifttrace

class Lines:
    def __init__(self): self.seen = []
    def write(self, text): self.seen.append(text)
    def flush(self): self.seen.append("flush")

def f(): pass

lines = Lines()
with swifttrace.trace(swifttrace.CallLogger(lines), exclude=["no"]):
    f()
print(lines.seen)
"""
    assert run_program(program).lines() == [r"['Call to f at line 9\n', 'flush']"]


def test_text_that_is_not_ascii(run_program: Run, tmp_path: Path) -> None:
    program = """
import io, sys, swifttrace

def größe(): return "日本\\U0001f600"

out = io.StringIO()
for file in ("trace.txt", out, sys.stdout):
    with swifttrace.trace(swifttrace.ReturnLogger(file)):
        größe()
print(out.getvalue(), end="")
"""
    line = "Returning from größe with value 日本\U0001f600"
    ended = run_program(program, env={"PYTHONUTF8": "1"})
    assert ended.lines() == [line, line]
    assert (tmp_path / "trace.txt").read_text(encoding="utf-8") == line + "\n"


BROKEN = """
class Broken:
    def write(self, text): raise OSError("broken")
    def flush(self): pass
    def close(self): pass

class Interrupted(Broken):
    def write(self, text): raise KeyboardInterrupt
"""

GOES_ON = """
import swifttrace

def f(x): pass

file = FILE
swifttrace.start(swifttrace.CallLogger(file))
file.close()
for number in range(3):
    f(number)
print("goes on")
"""


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("Broken()", "OSError: broken"),
        ("open('trace.txt', 'w')", "ValueError: I/O operation on closed file."),
    ],
)
def test_a_file_that_fails_ends_the_tracing_and_not_the_program(
    run_program: Run, file: str, error: str
) -> None:
    ended = run_program(BROKEN + GOES_ON.replace("FILE", file))
    assert (ended.stdout, ended.status) == ("goes on\n", 0)
    assert ended.stderr == f"swifttrace: CallLogger failed, tracing has ended: {error}\n"


def test_a_file_that_fails_at_the_end_is_told_in_one_line(run_program: Run) -> None:
    # Python buffers the text until it flushes at the end of the program.
    program = """
import os, swifttrace

class Full:
    def write(self, text): pass
    def flush(self): os.write(os.open("/dev/full", os.O_WRONLY), b"x")

swifttrace.start(swifttrace.CallLogger(Full()))
print("goes on")
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("goes on\n", 0)
    assert ended.stderr == (
        "swifttrace: could not write the rest of the trace: [Errno 28] No space left on device\n"
    )


def test_an_interrupt_while_a_file_is_written_is_the_programs(run_program: Run) -> None:
    ended = run_program(
        BROKEN
        + """
import swifttrace
swifttrace.start(swifttrace.CallLogger(Interrupted()))
try:
    (lambda: 0)()
except KeyboardInterrupt:
    print("interrupted")
"""
    )
    assert ended.lines() == ["interrupted"]


def test_a_full_disk_is_told_once_and_the_program_goes_on(run_program: Run) -> None:
    program = """
import swifttrace
swifttrace.start(swifttrace.CallLogger("/dev/full"))
for number in range(10_000):
    (lambda: number)()
print("goes on")
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("goes on\n", 0)
    assert ended.stderr == (
        "swifttrace: CallLogger failed, tracing has ended: trace output: No space left on device\n"
    )
