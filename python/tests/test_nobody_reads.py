"""If the reader of the text exits, as `| head` does, the trace ends and the program continues."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from running import run

PROGRAM = """
import sys

def step(number): return number + 1

for number in range(20_000):
    step(number)
print("printed", flush=True)
with open("done.txt", "w") as file:
    file.write("done")
print("printed at the end")
sys.exit(7)
"""

# The arguments before the program, and the redirections after it.
WAYS = {
    "standard error": (["-m", "swifttrace"], "2>&1 >/dev/null"),
    "lines": (["-m", "swifttrace", "--events", "--format", "sentences"], "2>&1 >/dev/null"),
    "JSON": (["-m", "swifttrace", "--format", "json"], "2>&1 >/dev/null"),
    "-o -": (["-m", "swifttrace", "-o", "-"], ""),
    "-o /dev/stdout": (["-m", "swifttrace", "-o", "/dev/stdout"], ""),
    "all": (["-m", "swifttrace", "--all", "-o", "-"], ""),
}


@pytest.mark.parametrize("unbuffered", [[], ["-u"]])
@pytest.mark.parametrize("way", WAYS)
def test_head(tmp_path: Path, way: str, unbuffered: list[str]) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    words, redirected = WAYS[way]
    if redirected == "" and way == "-o /dev/stdout":
        # The program's own writes to the closed pipe fail as they would untraced.
        program = PROGRAM.replace('print("printed', 'len("printed').replace(", flush=True", "")
        (tmp_path / "program.py").write_text(program)
    command = shlex.join([sys.executable, *unbuffered, *words, "program.py"])
    text = f"{{ {command} {redirected}; echo $? >status.txt; }} 2>errors.txt | head -n 2"
    ended = run("bash", "-c", text, cwd=tmp_path)
    assert ended.stdout.count("\n") == 2
    assert (tmp_path / "errors.txt").read_text() == ""
    assert (tmp_path / "status.txt").read_text() == "7\n"
    assert (tmp_path / "done.txt").read_text() == "done"


def test_a_pipe_that_nobody_reads_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "swifttrace", "-o", "-", "--function=step", "program.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 7
    assert (tmp_path / "done.txt").read_text() == "done"


def test_a_file_object_of_the_program_s(tmp_path: Path) -> None:
    program = """
import os, swifttrace
reading, writing = os.pipe()
os.close(reading)

def step(): pass

with swifttrace.trace(swifttrace.CallLogger(open(writing, "w", buffering=1))):
    step()
    print("goes on")
"""
    ended = run(sys.executable, "-c", program, cwd=tmp_path)
    # The rest of the text is in the buffer of the program's file. CPython reports that it cannot be
    # written, from 3.15 on with a line of the program.
    assert "swifttrace:" not in ended.stderr
    assert (ended.stdout, ended.status) == ("goes on\n", 0)


def test_other_failures_are_told(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = f"{sys.executable} -m swifttrace -o /dev/full program.py"
    ended = run("bash", "-c", command, cwd=tmp_path)
    assert "No space left on device" in ended.stderr
    assert ended.status == 7
