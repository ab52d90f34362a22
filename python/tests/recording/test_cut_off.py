"""A file that is truncated while it is written: the recording ends, the program continues."""

import signal
import sys
from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded

PROGRAM = """\
import os


def f(x):
    return x


f(1)
{cut}
for i in range({calls}):
    f(i)
print("survived")
"""


@pytest.mark.parametrize("options", [(), ("--values", "safe"), ("--source", "settrace")])
@pytest.mark.parametrize("calls", [1, 9999, 300_000])
@pytest.mark.parametrize("length", [0, 100, 4096, 6000])
def test_the_program_survives(
    run_recorded: RunRecorded, tmp_path: Path, length: int, calls: int, options: tuple[str, ...]
) -> None:
    cut = f"os.truncate('run.swt', {length})"
    ended = run_recorded(PROGRAM.format(cut=cut, calls=calls), *options)
    assert (ended.stdout, ended.status) == ("survived\n", 0)
    assert ended.stderr == (
        "swifttrace: Recorder failed, tracing has ended: "
        f"{tmp_path}/run.swt: the file was cut off while it was written\n"
    )


def test_a_file_that_is_long_again(run_recorded: RunRecorded, tmp_path: Path) -> None:
    cut = "size = os.stat('run.swt').st_size; os.truncate('run.swt', 0)"
    program = PROGRAM.format(cut=cut, calls=100).replace(
        "print(", "os.truncate('run.swt', size)\nprint("
    )
    ended = run_recorded(program)
    assert (ended.stdout, ended.status) == ("survived\n", 0)
    assert "the file was cut off while it was written" in ended.stderr


def test_a_file_that_is_long_again_at_once(run_recorded: RunRecorded, tmp_path: Path) -> None:
    cut = "os.truncate('run.swt', 0); os.truncate('run.swt', 1 << 20)"
    ended = run_recorded(PROGRAM.format(cut=cut, calls=9_999))
    assert (ended.stdout, ended.status) == ("survived\n", 0)
    assert "the file was cut off while it was written" in ended.stderr
    assert "recorded" not in ended.stderr


@pytest.mark.parametrize(
    "cut",
    ["os.remove('run.swt')", "open('new', 'w').close(); os.replace('new', 'run.swt')"],
)
def test_a_file_that_is_removed_or_replaced(
    run_recorded: RunRecorded, tmp_path: Path, cut: str
) -> None:
    ended = run_recorded(PROGRAM.format(cut=cut, calls=1))
    assert (ended.stdout, ended.status) == ("survived\n", 0)
    (line,) = ended.stderr.splitlines()
    assert line.endswith(f" dropped: {tmp_path}/run.swt, which was removed or replaced meanwhile")


def test_new_functions_and_threads_and_children(run_recorded: RunRecorded, tmp_path: Path) -> None:
    program = PROGRAM.format(cut="os.truncate('run.swt', 0)", calls=10) + (
        "import threading\n"
        "for number in range(400):\n"
        "    exec(f'def made_{number}(a, b): return a\\nmade_{number}(1, 2)')\n"
        "for number in range(40):\n"
        "    thread = threading.Thread(target=f, args=[1]); thread.start(); thread.join()\n"
        "if os.fork() == 0: f(1); os._exit(3)\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    ended = run_recorded(program, "--all")
    assert (ended.stdout, ended.status) == ("survived\n3\n", 0)
    assert ended.stderr.count("the file was cut off") == 1


def test_inside_a_block(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("")
    program = PROGRAM.format(cut="pass", calls=1) + (
        "import swifttrace\n"
        "with swifttrace.record('block.swt'):\n"
        "    f(1)\n"
        "    os.truncate('block.swt', 0)\n"
        "    f(2)\n"
        "with swifttrace.record('next.swt'):\n"
        "    f(3)\n"
        "print('after')\n"
    )
    from running import run_python

    (tmp_path / "block.py").write_text(program)
    ended = run_python("block.py", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("survived\nafter\n", 0)
    assert ended.stderr.count("the file was cut off") == 1
    assert swifttrace.open(tmp_path / "next.swt").damage == ()


HANDLERS = {
    "faulthandler": "import faulthandler; faulthandler.enable()",
    "a handler of Python's": "import signal; signal.signal(signal.SIGBUS, lambda *_: print('bus'))",
    "the default": "import signal; signal.signal(signal.SIGBUS, signal.SIG_DFL)",
}


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_a_program_with_a_handler_of_its_own(
    run_recorded: RunRecorded, tmp_path: Path, handler: str
) -> None:
    # When the next chunk begins, swifttrace installs its handler in front of this one.
    cut = f"{handler}\nfor i in range(20_000): f(i)\nos.truncate('run.swt', 0)"
    ended = run_recorded(PROGRAM.format(cut=cut, calls=9999))
    assert (ended.stdout, ended.status) == ("survived\n", 0)
    assert len(ended.stderr.splitlines()) == 1


# The program's own mapping of a file that is truncated.
OWN = """\
import mmap, os

def touch():
    with open("own", "wb+") as file:
        file.truncate(8192)
        memory = mmap.mmap(file.fileno(), 8192)
        file.truncate(0)
        memory[5000]

def f(x): return x
for i in range({calls}): f(i)
"""


@pytest.mark.parametrize("calls", [1, 20_000])
@pytest.mark.parametrize("handler", ["", *HANDLERS.values()])
def test_a_fault_of_the_programs_own(
    run_recorded: RunRecorded, tmp_path: Path, handler: str, calls: int
) -> None:
    from running import run_python

    if "lambda" in handler:
        pytest.skip("a handler in Python never returns from a fault")
    program = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    program += handler + "\n" + OWN.format(calls=calls) + "touch()\nprint('not reached')\n"
    (tmp_path / "program.py").write_text(program)
    untraced = run_python("program.py", cwd=tmp_path)
    ended = run_recorded(program)
    assert ended.status == untraced.status == -signal.SIGBUS
    assert ended.stdout == untraced.stdout == ""
    assert ended.stderr.count("Fatal Python error") == untraced.stderr.count("Fatal Python error")


@pytest.mark.parametrize("calls", [1, 20_000])
@pytest.mark.parametrize(
    ("handler", "status"),
    [
        ("", -7),
        *[(handler, -7) for name, handler in HANDLERS.items() if "Python" not in name],
        (HANDLERS["a handler of Python's"], 0),
        ("import signal; signal.signal(signal.SIGBUS, signal.SIG_IGN)", 0),
    ],
)
def test_a_signal_that_is_sent(
    run_recorded: RunRecorded, tmp_path: Path, handler: str, status: int, calls: int
) -> None:
    program = "import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    program += handler + "\n" + OWN.format(calls=calls)
    program += "os.kill(os.getpid(), 7)\nf(1)\nprint('end')\n"
    ended = run_recorded(program)
    printed = "bus\n" if "lambda" in handler else ""
    assert (ended.stdout, ended.status) == (printed + "end\n" * (status == 0), status)


@pytest.mark.skipif(sys.flags.dev_mode, reason="-X dev enables faulthandler, which has a handler")
def test_what_a_program_sees_of_the_handler(run_recorded: RunRecorded) -> None:
    program = (
        "import faulthandler, signal\n"
        "print(signal.getsignal(signal.SIGBUS) is signal.SIG_DFL, faulthandler.is_enabled())\n"
        "print(signal.signal(signal.SIGBUS, signal.SIG_DFL) is signal.SIG_DFL)\n"
    )
    assert run_recorded(program).stdout == "True False\nTrue\n"
