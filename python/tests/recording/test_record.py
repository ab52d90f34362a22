"""`swifttrace.record` and `swifttrace.Recorder`: ways to start, and errors."""

from pathlib import Path

import pytest
import swifttrace
from conftest import Run

WORK = """\
import swifttrace

def work(number, *rest):
    if number:
        return work(number - 1)
    return "done"

"""

SHOW = """
for event in swifttrace.open("run.swt"):
    print(event.kind, event.function.name, event.depth, event.value, event.arguments)
"""


def test_a_block(run_program: Run) -> None:
    program = WORK + 'with swifttrace.record("run.swt", events=["call", "return"]):\n    work(1)\n'
    assert run_program(program + SHOW).lines() == [
        "call work 0 None ()",
        "call work 1 None ()",
        "return work 1 None ()",
        "return work 0 None ()",
    ]


def test_a_decorator(run_program: Run) -> None:
    program = WORK + 'print(swifttrace.record("run.swt", values="safe", depth=1)(work)(1, "x"))\n'
    assert run_program(program + SHOW).lines() == [
        "done",
        "call work 0 None ('1', \"('x',)\")",
        "line work 0 None ()",
        "line work 0 None ()",
        "return work 0 'done' ()",
    ]


def test_each_call_of_a_decorated_function_has_a_file(run_program: Run, tmp_path: Path) -> None:
    program = WORK + 'traced = swifttrace.record("run.swt")(work)\nfor n in range(3): traced(n)\n'
    assert run_program(program).lines() == []
    assert sorted(path.name for path in tmp_path.glob("*.swt")) == [
        "run-2.swt",
        "run-3.swt",
        "run.swt",
    ]


def test_a_call_within_a_recorded_one_is_part_of_it(run_program: Run, tmp_path: Path) -> None:
    program = """\
import swifttrace

@swifttrace.record("run.swt", events=["call"])
def work(number):
    return work(number - 1) if number else "done"

print(work(2))
with swifttrace.trace(swifttrace.CallLogger("calls.txt")):
    print(work(1))
"""
    assert run_program(program + SHOW).lines() == [
        "done",
        "done",
        "call work 0 None ()",
        "call work 1 None ()",
        "call work 2 None ()",
    ]
    assert [path.name for path in tmp_path.glob("*.swt")] == ["run.swt"]
    assert (tmp_path / "calls.txt").read_text() == "Call to work at line 3\n" * 2


def _generator():  # type: ignore[no-untyped-def]
    yield 1


async def _coroutine() -> None:
    pass


async def _ticks():  # type: ignore[no-untyped-def]
    yield 1


@pytest.mark.parametrize("function", [_generator, _coroutine, _ticks, 3])
def test_what_does_not_run_when_it_is_called_is_refused(function: object) -> None:
    with pytest.raises(TypeError, match="record"):
        swifttrace.record("run.swt")(function)  # type: ignore[arg-type]


def test_children_record_during_a_block(run_program: Run, tmp_path: Path) -> None:
    (tmp_path / "child.py").write_text("def work(number): return number\nwork(5)\n")
    program = """\
import os, subprocess, sys
import swifttrace

def run_child():
    subprocess.run([sys.executable, "child.py"], check=True)

before = dict(os.environ)
with swifttrace.record(
    "run.swt", events=["call", "exception"], values="safe", max_size="1M", function=["work"]
):
    run_child()
print(os.environ == before)
run_child()
for event in swifttrace.open("run.swt"):
    print(event.kind, event.function.name, event.arguments)
"""
    assert run_program(program).lines() == ["True", "call work ('5',)"]
    assert len(list(tmp_path.glob("run.*.swt"))) == 1


def test_children_do_not_record_unless_wanted(run_program: Run, tmp_path: Path) -> None:
    program = "import subprocess, sys\nimport swifttrace\n"
    program += 'with swifttrace.record("run.swt", children=False):\n'
    program += '    subprocess.run([sys.executable, "-c", "def f(): pass\\nf()"], check=True)\n'
    assert run_program(program).lines() == []
    assert len(list(tmp_path.glob("*.swt"))) == 1


def test_start_and_stop(run_program: Run) -> None:
    program = WORK + 'recording = swifttrace.record("run.swt", function=["nothing"])\n'
    program += "recording.start()\nwork(1)\nrecording.stop()\nprint('stopped')\n"
    assert run_program(program + SHOW).lines() == ["stopped"]


def test_beside_a_logger(run_program: Run) -> None:
    program = WORK + "import sys\nrecorder = swifttrace.Recorder('run.swt', events=['call'])\n"
    program += "with swifttrace.trace(swifttrace.CallLogger(sys.stdout), recorder):\n    work(0)\n"
    assert run_program(program + SHOW).lines() == [
        "Call to work at line 3",
        "call work 0 None ()",
    ]


def test_a_recording_that_is_there_is_kept_unless_told(run_program: Run, tmp_path: Path) -> None:
    program = WORK + "import sys\nforce = len(sys.argv) > 1\n"
    program += 'with swifttrace.record("run.swt", force=force):\n    work(0)\n'
    assert run_program(program).status == 0
    first = (tmp_path / "run.swt").read_bytes()
    again = run_program(program)
    assert again.stderr.splitlines()[-1].startswith("FileExistsError: [Errno 17] File exists: ")
    assert (tmp_path / "run.swt").read_bytes() == first
    assert run_program(program, "force").lines() == []
    assert (tmp_path / "run.swt").read_bytes() != first


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"events": "call"}, TypeError, "events must be a sequence of str"),
        ({"events": ["calls"]}, ValueError, "unknown event 'calls' .choose from call, line"),
        ({"values": True}, ValueError, "values must be 'safe' or None"),
        ({"keep": "all"}, ValueError, "keep must be 'first' or 'last'"),
        ({"max_size": "big"}, ValueError, "invalid size 'big': expected"),
        ({"max_size": 1000}, ValueError, "must be at least 256K"),
        ({"max_size": 1.5e9}, TypeError, "a size must be an int or a str"),
        ({"depth": 0}, ValueError, "depth must be at least 1"),
        ({"include": "*.py"}, TypeError, "include must be a sequence of str"),
    ],
)
def test_what_is_refused(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        swifttrace.record("run.swt", **options)


def test_a_path_that_is_none() -> None:
    with pytest.raises(TypeError, match="path must be a str or a path, not int"):
        swifttrace.record(3)  # type: ignore[arg-type]


def test_two_recorders_at_once() -> None:
    with pytest.raises(ValueError, match="one Recorder at a time"):
        swifttrace.trace(swifttrace.Recorder("a.swt"), swifttrace.Recorder("b.swt"))
