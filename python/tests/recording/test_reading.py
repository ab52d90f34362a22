"""`swifttrace.open` with recordings, damaged recordings, and other files."""

import os
import re
from pathlib import Path

import pytest
import swifttrace
from running import run_python

PROGRAM = """
import threading


def give(value, *rest):
    return value


def fail():
    raise KeyError("a")


def numbers():
    yield 1


give("x", 2)
try:
    fail()
except KeyError:
    pass
list(numbers())
thread = threading.Thread(target=give, args=[1], name="worker")
thread.start()
thread.join()
len('x')
"""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording with values and C calls."""
    (tmp_path / "program.py").write_text(PROGRAM)
    options = ["--c-calls", "--values", "safe"]
    command = ["-m", "swifttrace", "record", *options, "program.py", "argument"]
    assert run_python(*command, cwd=tmp_path).status == 0
    return tmp_path / "run.swt"


def test_events(recording: Path) -> None:
    events = [event for event in swifttrace.open(recording) if event.function.name == "give"]
    assert [(event.event, event.kind, event.line, event.depth) for event in events] == [
        ("call", "call", 5, 1),
        ("line", "line", 6, 1),
        ("return", "return", 6, 1),
        ("call", "call", 5, 0),
        ("line", "line", 6, 0),
        ("return", "return", 6, 0),
    ]
    assert [event.thread for event in events] == [0, 0, 0, 1, 1, 1]
    assert [event.arguments for event in events if event.kind == "call"] == [
        ("'x'", "(2,)"),
        ("1", "()"),
    ]
    assert [event.value for event in events if event.kind == "return"] == ["'x'", "1"]


def test_kinds_and_values(recording: Path) -> None:
    events = list(swifttrace.open(recording))
    by_kind = {event.kind: event for event in events}
    assert by_kind["exception"].value == "KeyError"
    assert by_kind["exception"].message == "a"
    assert by_kind["unwind"].value == "KeyError"
    assert by_kind["yield"].value == "1"
    assert by_kind["yield"].event == "return"
    assert by_kind["resume"].event == "call"
    assert by_kind["c_call"].value is not None
    assert by_kind["line"].value is None
    assert by_kind["line"].arguments == ()
    assert by_kind["line"].message is None


def test_functions(recording: Path) -> None:
    opened = swifttrace.open(recording)
    (functions,) = opened.functions
    assert functions[0] is None
    give = next(function for function in functions if function and function.name == "give")
    assert give.qualified_name == "give"
    assert give.file == str(recording.parent / "program.py")
    assert (give.first_line, give.parameters) == (5, ("value", "*rest"))
    # Events refer to the function objects.
    assert any(event.function == give for event in opened)


def test_times_and_what_is_said_of_the_run(recording: Path) -> None:
    opened = swifttrace.open(recording)
    times = [event.time for event in opened]
    assert times == sorted(times)
    assert times[0] >= 0 and times[-1] < 60e9
    assert abs(opened.start / 1e9 - recording.stat().st_mtime) < 60
    assert opened.arguments[-2:] == ("program.py", "argument")
    assert opened.folder == str(recording.parent)
    assert (opened.has_values, opened.ended, opened.damage) == (True, "stopped", ())
    assert opened.platform.startswith("linux-")
    assert opened.python.startswith("3.")
    assert repr(opened) == f"<swifttrace.Recording {str(recording)!r}>"


def test_threads_and_processes(recording: Path) -> None:
    opened = swifttrace.open(recording)
    (process,) = opened.processes
    assert [(thread.process, thread.index, thread.name) for thread in opened.threads] == [
        (process, 0, "MainThread"),
        (process, 1, "worker"),
    ]
    assert all(thread.dropped == 0 for thread in opened.threads)


def reads() -> int:
    """Number of this process's reads from files."""
    fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(fields["syscr"])


def test_opening_reads_no_more_of_a_large_file(tmp_path: Path) -> None:
    def read_by_opening(events: int) -> tuple[int, int]:
        program = "def f(): pass\nfor _ in range(int(sys.argv[1])): f()\n"
        (tmp_path / "program.py").write_text("import sys\n" + program)
        command = ["record", "--force", "-o", f"{events}.swt", "program.py", str(events // 4)]
        assert run_python("-m", "swifttrace", *command, cwd=tmp_path).status == 0
        before = reads()
        opened = swifttrace.open(tmp_path / f"{events}.swt")
        assert opened.ended == "stopped"
        after = reads()
        assert len(opened.threads) == 1
        return after - before, reads() - after

    read_by_opening(1000)  # The first time includes imports and caches.
    (small, looked), (large, looked_more) = read_by_opening(1000), read_by_opening(2_000_000)
    assert small == large > 0
    assert looked < looked_more, "this would be seen"


def test_it_can_be_read_again_and_by_two_at_a_time(recording: Path) -> None:
    opened = swifttrace.open(recording)
    events = list(opened)
    assert list(opened) == events
    assert all(one == other for one, other in zip(opened, opened, strict=True))


MANY = """
import resource
import swifttrace


def many():
    for _ in range(1000):
        pass


with swifttrace.record("run.swt"):
    for _ in range(200):
        many()

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in swifttrace.open("run.swt"))
assert count > 200_000, count
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.memory
def test_what_is_read_does_not_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(MANY)
    (grown,) = run_python("program.py", cwd=tmp_path).lines()
    assert int(grown) < 16 * 1024


GROWING = """
import swifttrace


def called():
    pass


def later():
    pass


def kinds(opened):
    return [(event.function.name, event.kind) for event in opened if event.kind != "line"]


with swifttrace.record("run.swt", function=["called", "later"]):
    called()
    opened = swifttrace.open("run.swt")
    print(opened.ended, kinds(opened))
    later()
    print(opened.ended, kinds(opened))
    half = iter(opened)
    next(half)
    called()
    print(len(list(half)))
print(swifttrace.open("run.swt").ended)
"""


def test_a_recording_that_is_being_written(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(GROWING)
    called = [("called", "call"), ("called", "return")]
    later = [("later", "call"), ("later", "return")]
    lines = run_python("program.py", cwd=tmp_path).lines()
    assert lines[:2] == [f"open {called}", f"open {called + later}"]
    assert int(lines[2]) >= 5
    assert lines[3] == "stopped"


class TestDamage:
    def test_it_is_named_by_its_offset_and_the_rest_is_read(self, recording: Path) -> None:
        whole = [event for event in swifttrace.open(recording) if event.thread == 1]
        data = bytearray(recording.read_bytes())
        (place,) = [
            start
            for start in range(4096, len(data), 4096)
            if data[start : start + 5] == b"CHNK\x03" and data[start + 60] == 0
        ]
        data[place + 64 : place + 66] = b"\x80\x7f"
        recording.write_bytes(data)
        opened = swifttrace.open(recording)
        rest = list(opened)
        assert [event for event in rest if event.thread == 1] == whole
        assert not [event for event in rest if event.thread == 0]
        problem = f"{recording}: a record of an unknown kind at offset {place + 64}"
        check = (
            f"{recording}: damaged: chunk 0 of thread 0 of process {opened.processes[0]} "
            f"does not match its check at offset {place}"
        )
        assert opened.damage == (check, problem)
        shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=recording.parent)
        assert shown.status == 1
        assert f"at offset {place + 64}\n" in shown.stderr
        assert "give(value=1, *rest=())" in shown.stdout

    def test_a_file_that_was_cut_off(self, recording: Path) -> None:
        data = recording.read_bytes()
        recording.write_bytes(data[: len(data) - 4096])
        opened = swifttrace.open(recording)
        list(opened)
        assert len(opened.damage) >= 1
        assert all(re.search(r"at offset \d+$", problem) for problem in opened.damage)

    def test_a_child_that_cannot_be_read(self, recording: Path) -> None:
        (recording.parent / "run.4711.swt").write_bytes(b"no recording")
        opened = swifttrace.open(recording)
        assert len(opened.processes) == 1
        assert "run.4711.swt" in opened.damage[0]
        assert swifttrace.open(recording, children=False).damage == ()


class TestRefused:
    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError) as raised:
            swifttrace.open(tmp_path / "none.swt")
        assert raised.value.filename == str(tmp_path / "none.swt")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(IsADirectoryError):
            swifttrace.open(tmp_path)

    if os.geteuid() != 0:  # Root may read all files.

        def test_a_file_that_may_not_be_read(self, recording: Path) -> None:
            recording.chmod(0)
            with pytest.raises(PermissionError):
                swifttrace.open(recording)

    def test_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ValueError, match="a device or a pipe"):
            swifttrace.open(tmp_path / "pipe")

    @pytest.mark.parametrize("content", [b"", b"print('hello')\n", b"SWTRACE\n"])
    def test_another_file(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "other.swt"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"other\.swt: "):
            swifttrace.open(path)

    def test_a_newer_version(self, recording: Path) -> None:
        data = bytearray(recording.read_bytes())
        data[8] = 99
        recording.write_bytes(data)
        with pytest.raises(ValueError, match=r"version 99 .* use a newer swifttrace"):
            swifttrace.open(recording)
        shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=recording.parent)
        assert (shown.stdout, shown.status) == ("", 2)
        assert "use a newer swifttrace" in shown.stderr
        assert shown.stderr.count("\n") == 1

    def test_a_nul_character(self) -> None:
        with pytest.raises(ValueError, match="NUL"):
            swifttrace.open("a\0b")


def test_paths_that_are_no_text(recording: Path) -> None:
    name = os.fsdecode(b"run-\xff.swt")
    os.rename(recording, recording.parent / name)
    assert len(list(swifttrace.open(recording.parent / name))) > 10
