"""A program closes all descriptors and removes the path: events that are lost are counted."""

from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded
from independent_reader import TraceFile
from running import run_python

COUNT = 300_000
PROGRAM = """\
import os


def f():
    pass


def g():
    pass


os.rename("sub", "moved")
{close}
for i in range(300_000):
    f()
{more}
"""
CLOSES = {"closerange": "os.closerange(3, 1000)", "every descriptor": "os.closerange(0, 1000)"}


def calls_of(path: Path, name: str) -> tuple[int, int]:
    """Number of a function's calls in the file, and number of missing events."""
    recording = swifttrace.open(path)
    events = list(recording)
    assert recording.damage == ()
    calls = sum(e.event == "call" and e.function.name == name for e in events)
    return calls, sum(thread.dropped for thread in recording.threads)


@pytest.mark.parametrize("close", CLOSES.values(), ids=CLOSES)
@pytest.mark.parametrize("options", [("--calls",), ("--calls", "--keep", "last")])
def test_every_call_is_kept_or_counted(
    run_recorded: RunRecorded, tmp_path: Path, close: str, options: tuple[str, ...]
) -> None:
    (tmp_path / "sub").mkdir()
    ended = run_recorded(PROGRAM.format(close=close, more=""), *options, "-o", "sub/run.swt")
    assert ended.status == 0
    kept, dropped = calls_of(tmp_path / "moved/run.swt", "f")
    assert kept + dropped == COUNT
    assert dropped > 0
    file = TraceFile(tmp_path / "moved/run.swt")
    assert (file.end, file.dropped(0)) == (1, dropped)
    if "(3" in close:
        first, last = ended.stderr.splitlines()
        assert first == (
            f"swifttrace: {tmp_path}/sub/run.swt cannot be reached any more: "
            "events are counted from here on, and not kept"
        )
        assert f" {dropped:,} dropped: " in last
    for command in ("show", "stats"):
        shown = run_python("-m", "swifttrace", command, "moved/run.swt", cwd=tmp_path)
        assert f"{dropped:,} events are missing" in shown.stderr


def test_new_functions_are_counted(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    more = "\n".join(f"exec('def made_{n}(): pass\\nmade_{n}()')" for n in range(2000))
    program = PROGRAM.format(close=CLOSES["closerange"], more=more)
    assert run_recorded(program, "--calls", "-o", "sub/run.swt").status == 0
    recording = swifttrace.open(tmp_path / "moved/run.swt")
    calls = [event for event in recording if event.event == "call"]
    (thread,) = recording.threads
    # Calls of the module and in the loop, and two of each string: its module and its function.
    assert len(calls) + thread.dropped == 1 + COUNT + 2 * 2000


def test_new_threads_are_counted(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    more = """
import threading
for number in range(100):
    thread = threading.Thread(target=g)
    thread.start()
    thread.join()
"""
    program = PROGRAM.format(close=CLOSES["closerange"], more=more)
    assert run_recorded(program, "--calls", "-o", "sub/run.swt").status == 0
    path = tmp_path / "moved/run.swt"
    recording = swifttrace.open(path)
    kept = sum(event.function.name in ("f", "g") for event in recording)
    lost = TraceFile(path).lost
    assert lost > 0
    assert kept + sum(thread.dropped for thread in recording.threads) + lost == COUNT + 100
    (damage,) = recording.damage
    assert f"{lost} events are missing" in damage


def test_a_path_that_leads_there_again(run_recorded: RunRecorded, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    more = "os.rename('moved', 'sub')\nfor i in range(20_000): f()\nfor i in range(70_000): g()\n"
    program = PROGRAM.format(close=CLOSES["closerange"], more=more)
    ended = run_recorded(program, "--calls", "-o", "sub/run.swt")
    assert ended.status == 0
    kept, dropped = calls_of(tmp_path / "sub/run.swt", "f")
    later, _ = calls_of(tmp_path / "sub/run.swt", "g")
    assert later == 70_000
    assert kept + dropped == COUNT + 20_000


def test_a_changed_root(run_recorded: RunRecorded, tmp_path: Path) -> None:
    import os

    if os.getuid() != 0:
        pytest.skip("only root may change the root")
    (tmp_path / "sub").mkdir()
    close = "os.chroot('moved'); os.closerange(3, 1000)"
    ended = run_recorded(PROGRAM.format(close=close, more=""), "--calls", "-o", "sub/run.swt")
    assert ended.status == 0
    kept, dropped = calls_of(tmp_path / "moved/run.swt", "f")
    assert kept + dropped == COUNT


def test_dropped_rights(run_recorded: RunRecorded, tmp_path: Path) -> None:
    import os

    if os.getuid() != 0:
        pytest.skip("only root may give up its rights")
    (tmp_path / "sub").mkdir()
    close = "os.setgid(65534); os.setuid(65534); os.closerange(3, 1000)"
    ended = run_recorded(PROGRAM.format(close=close, more=""), "--calls", "-o", "sub/run.swt")
    assert ended.status == 0
    kept, dropped = calls_of(tmp_path / "moved/run.swt", "f")
    assert kept + dropped == COUNT
