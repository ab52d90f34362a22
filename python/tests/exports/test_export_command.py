"""The command `export`: its targets, its errors and their messages."""

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest
import swifttrace
from exported import record
from running import Ended, run_python
from swifttrace import _swifttrace
from swifttrace._reading.export import FORMATS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record(tmp_path, "def f():\n    pass\n\nf()\n")
    return tmp_path


def export(folder: Path, *words: str) -> Ended:
    return run_python("-m", "swifttrace", "export", *words, cwd=folder)


def refused(ended: Ended) -> str:
    """The only line of the failed command."""
    assert ended.status == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("swifttrace export: ").removesuffix(" (see swifttrace export --help)")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written(name: str, folder: Path) -> None:
    ended = export(folder, "--to", name, "-o", "out", "run.swt")
    assert (ended.status, ended.stdout, ended.stderr) == (0, "", "")
    assert (folder / "out").stat().st_size > 0


@pytest.mark.parametrize("name", [name for name, format in FORMATS.items() if format.to_stdout])
def test_standard_output(name: str, folder: Path) -> None:
    command = [sys.executable, "-m", "swifttrace", "export", "--to", name, "-o", "-", "run.swt"]
    shown = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    assert export(folder, "--to", name, "-o", "out", "run.swt").status == 0
    assert shown.stdout == (folder / "out").read_bytes()
    assert shown.stderr == b""


def test_a_file_that_is_there_is_replaced(folder: Path) -> None:
    (folder / "out").write_text("old" * 10_000)
    assert export(folder, "--to", "chrome", "-o", "out", "run.swt").status == 0
    json.loads((folder / "out").read_text())


@pytest.mark.parametrize("name", FORMATS)
def test_a_recording_is_never_overwritten(name: str, folder: Path) -> None:
    before = (folder / "run.swt").read_bytes()
    os.link(folder / "run.swt", folder / "other")
    for target in ("run.swt", "./run.swt", "other"):
        line = refused(export(folder, "--to", name, "-o", target, "run.swt"))
        assert line == f"{target} is a recording, and would be overwritten"
    assert (folder / "run.swt").read_bytes() == before


def test_mistakes_are_one_line(folder: Path) -> None:
    (folder / "text").write_text("no recording")
    assert "invalid choice: 'svg'" in refused(export(folder, "--to", "svg", "-o", "x", "run.swt"))
    assert "-o" in refused(export(folder, "--to", "chrome", "run.swt"))
    for words, problem in [
        (["-o", "x", "none.swt"], "cannot read none.swt: No such file or directory"),
        (
            ["-o", "x", "text"],
            "text: this is no swifttrace recording: wrong magic bytes at offset 0",
        ),
        (["-o", ".", "run.swt"], "cannot write to .: Is a directory"),
        (["-o", "no/x", "run.swt"], "cannot write to no/x: No such file or directory"),
        (
            ["-o", "x", "--thread", "7", "run.swt"],
            "the recording has no thread 7; the last is 0",
        ),
        (["-o", "x", "--thread", "one", "run.swt"], "argument --thread: invalid integer: 'one'"),
    ]:
        assert refused(export(folder, "--to", "chrome", *words)) == problem
    assert "the recording has no process 1; it has " in refused(
        export(folder, "--to", "chrome", "-o", "x", "--process", "1", "run.swt")
    )
    assert refused(export(folder, "--to", "coverage", "-o", "-", "run.swt")) == (
        "coverage cannot be written to standard output: name a file"
    )
    assert not (folder / "x").exists()


def test_a_full_disk(folder: Path) -> None:
    line = refused(export(folder, "--to", "chrome", "-o", "/dev/full", "run.swt"))
    assert line == "cannot write to /dev/full: No space left on device"


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    record(tmp_path, "def f(): pass\nfor _ in range(100_000): f()\n")
    command = [sys.executable, "-m", "swifttrace", "export", "--to", "chrome", "-o", "-", "run.swt"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_one_thread_or_process(recording: swifttrace.Recording, tmp_path: Path) -> None:
    first, second = recording.processes
    recording.export("jsonl", tmp_path / "out", process=first, thread=1)
    events = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert {(event["process"], event["thread"]) for event in events} == {(first, 1)}
    recording.export("collapsed", tmp_path / "out", process=second)
    stacks = (tmp_path / "out").read_text().splitlines()
    assert {stack.split(";")[0] for stack in stacks} == {f"process {second} MainThread"}
    recording.export("lcov", tmp_path / "out", process=second)
    assert "FNDA:9,fib" in (tmp_path / "out").read_text()


def test_no_children(recording: swifttrace.Recording, tmp_path: Path) -> None:
    words = ["--to", "collapsed", "-o", "-", "--no-children", recording.path]
    stacks = export(tmp_path, *words).stdout.splitlines()
    assert {stack.split(";")[0] for stack in stacks} == {"MainThread", "a: second thread"}


def test_what_a_killed_program_has_left_open(tmp_path: Path) -> None:
    program = "import os\ndef f():\n    os.kill(os.getpid(), 9)\nf()\n"
    (tmp_path / "program.py").write_text(program)
    done = run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path)
    assert done.status == -9
    words = ["--to", "chrome", "-o", "-", "run.swt"]
    events = json.loads(export(tmp_path, *words).stdout)["traceEvents"]
    phases = [(event["ph"], event.get("args", {}).get("left")) for event in events[3:]]
    assert phases == [("B", None), ("B", None), ("E", "lost"), ("E", "lost")]


def test_damage_is_told(folder: Path) -> None:
    content = bytearray((folder / "run.swt").read_bytes())
    chunk = content.rindex(b"CHNK\x03")
    content[chunk + 64 : chunk + 68] = b"\x80\xff\xff\xff"
    (folder / "bad.swt").write_bytes(content)
    ended = export(folder, "--to", "chrome", "-o", "out", "bad.swt")
    assert ended.status == 1
    assert "at offset" in ended.stderr
    json.loads((folder / "out").read_text())


def test_the_file_of_an_export_that_fails_is_taken_away(tmp_path: Path) -> None:
    recording = record(tmp_path, "pass\n", "--calls")
    (tmp_path / "out").write_text("old")
    with pytest.raises(ValueError, match="no lines"):
        recording.export("lcov", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_pstats_of_nothing_is_refused_as_its_reader_refuses_it(tmp_path: Path) -> None:
    recording = record(tmp_path, "pass\n", "--function", "nothing")
    with pytest.raises(ValueError, match="nothing was called"):
        recording.export("pstats", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def long_recording(tmp_path: Path) -> swifttrace.Recording:
    """A recording of four hundred thousand events."""
    return record(tmp_path, "def f(): pass\nfor _ in range(100_000): f()\n")


@pytest.mark.parametrize("name", ["chrome", "jsonl"])
def test_how_far_an_export_has_come(name: str, long_recording: swifttrace.Recording) -> None:
    handle = long_recording._open()
    assert _swifttrace.progress(handle)[0] == 0
    with open(os.devnull, "wb") as file:
        _swifttrace.export(
            handle,
            {"format": name, "descriptor": file.fileno(), "process": None, "thread": None},
        )
    done, total = _swifttrace.progress(handle)
    assert total == sum(1 for _ in long_recording)
    assert total / 2 < done <= total


@pytest.mark.parametrize("name", ["chrome", "jsonl", "coverage"])
def test_an_interrupted_export_leaves_no_file(
    name: str, long_recording: swifttrace.Recording, tmp_path: Path
) -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            long_recording.export(name, tmp_path / "out")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not (tmp_path / "out").exists()


def test_a_signal_handler_can_interrupt_each_step_of_making_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception at any step leaves neither a file nor a descriptor."""
    recording = swifttrace.open(folder / "run.swt")
    target = folder / "out.json"
    monkeypatch.chdir(folder)
    left = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal left
        if not frame.f_code.co_filename.endswith("_files.py"):
            return None
        frame.f_trace_opcodes = True
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        return trace

    descriptors = os.listdir("/proc/self/fd")
    for steps in itertools.count(1):
        left = steps
        sys.settrace(trace)
        try:
            recording.export("chrome", target)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        if left > 0:
            break
        assert not target.exists(), steps
        assert len(os.listdir("/proc/self/fd")) == len(descriptors), steps
    assert steps > 10  # CPython 3.12.1 has no opcodes here, but lines and returns.
    assert target.exists()


def test_an_interrupted_export_leaves_links_alone(
    long_recording: swifttrace.Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").symlink_to("of another name")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_swifttrace, "export", interrupted)
    with pytest.raises(KeyboardInterrupt):
        long_recording.export("chrome", tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert not (tmp_path / "of another name").exists()


def test_an_interrupted_export_for_coverage_leaves_no_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coverage = pytest.importorskip("coverage")
    add_lines = coverage.CoverageData.add_lines

    def interrupted(*arguments: object) -> None:
        add_lines(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(coverage.CoverageData, "add_lines", interrupted)
    with pytest.raises(KeyboardInterrupt):
        swifttrace.open(folder / "run.swt").export("coverage", folder / "out")
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith("out")) == []
