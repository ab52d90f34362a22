"""`python -m swifttrace show`: each option, a closed pipe, and a growing recording."""

import datetime
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Ended, run_python, without_durations

PROGRAM = """
import os
import threading
import time


class Parser:
    def take(self, text):
        return inner(text)


def inner(text):
    return len(text)


Parser().take("ab")
time.sleep(0.2)
thread = threading.Thread(target=inner, args=["abc"])
thread.start()
thread.join()
if os.fork() == 0:
    inner("child")
    os._exit(0)
os.wait()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of two processes, the first of which has two threads."""
    path: Path = tmp_path_factory.mktemp("show")
    (path / "program.py").write_text(PROGRAM)
    command = ["-m", "swifttrace", "record", "--values", "safe", "--c-calls", "program.py"]
    assert run_python(*command, cwd=path).status == 0
    return path


def show(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "show", *options, "run.swt", cwd=folder)


def test_a_tree_is_shown_if_nothing_is_said(folder: Path) -> None:
    shown = show(folder, "--no-children")
    assert (shown.stderr, shown.status) == ("", 0)
    assert without_addresses(shown.stdout) == [
        "<module> program.py()",
        "  Parser()",
        "  └ None",
        "  Parser.take(self=<__main__.Parser object at 0x…>, text='ab')",
        "    inner(text='ab')",
        "    └ 2",
        "  └ 2",
        "[1] inner(text='abc')",
        "[1] └ 3",
        "└ None",
    ]


@pytest.mark.parametrize(
    "options",
    [
        ["--calls"],
        ["--lines"],
        ["--returns"],
        ["--calls", "--returns"],
        ["--calls", "--lines"],
        ["--lines", "--returns"],
        ["--events"],
        [],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["sentences", "tree", "json"])
def test_the_same_options_show_the_same_live(tmp_path: Path, form: str, options: list[str]) -> None:
    program = PROGRAM.split("time.sleep")[0]
    (tmp_path / "program.py").write_text(program)
    how = ["--format", form, *options]
    live = run_python("-m", "swifttrace", *how, "program.py", cwd=tmp_path)
    record = ["record", "--values", "safe", "program.py"]
    assert run_python("-m", "swifttrace", *record, cwd=tmp_path).status == 0
    shown = show(tmp_path, *how)
    assert (shown.stderr, shown.status) == ("", 0)
    assert without_addresses(shown.stdout) == without_addresses(live.stderr)
    assert shown.stdout.count("\n") > 2


def without_addresses(text: str) -> list[str]:
    return [re.sub(r"0x[0-9a-f]+", "0x…", line) for line in without_durations(text)]


def test_lines_name_the_process(folder: Path) -> None:
    shown = show(folder, "--format", "sentences", "--calls")
    processes = {line.split()[0] for line in shown.stdout.splitlines()}
    assert len(processes) == 2
    assert all(re.fullmatch(r"\[\d+\]", process) for process in processes)
    events = [json.loads(line) for line in show(folder, "--format", "json").stdout.splitlines()]
    assert {f"[{event['process']}]" for event in events} == processes


def test_functions_in_c(folder: Path) -> None:
    events = show(folder, "--format", "json", "--c-calls").stdout.splitlines()
    assert any("built-in function len" in line for line in events)
    assert not any(
        "c_call" in line for line in show(folder, "--format", "json").stdout.splitlines()
    )
    refused = show(folder, "--c-calls")
    assert refused.status == 2
    assert "--c-calls needs --format json" in refused.stderr


class TestTimes:
    def test_relative(self, folder: Path) -> None:
        lines = show(folder, "--times", "relative", "--no-children").stdout.splitlines()
        times = [float(line.split()[0]) for line in lines]
        assert all(re.match(r" *\d+\.\d{6} ", line) for line in lines)
        assert times == sorted(times)
        assert 0.2 < times[-1] < 60

    def test_absolute(self, folder: Path) -> None:
        lines = show(folder, "--times", "absolute").stdout.splitlines()
        times = [datetime.datetime.fromisoformat(line.split()[0]) for line in lines]
        assert times == sorted(times)
        now = datetime.datetime.now(datetime.UTC)
        assert datetime.timedelta() < now - times[0] < datetime.timedelta(minutes=10)

    def test_none(self, folder: Path) -> None:
        assert show(folder, "--times", "none").stdout == show(folder).stdout

    def test_a_window(self, folder: Path) -> None:
        everything = show(folder, "--times", "relative").stdout.splitlines()
        early = show(folder, "--times", "relative", "--until", "0.1").stdout.splitlines()
        late = show(folder, "--times", "relative", "--from", "0.1").stdout.splitlines()
        assert early + late == everything
        assert any("take" in line for line in early)
        assert all(float(line.split()[0]) >= 0.1 for line in late)

    @pytest.mark.parametrize("text", ["x", "-1", "nan", "1e300"])
    def test_what_is_no_time(self, folder: Path, text: str) -> None:
        refused = show(folder, f"--from={text}")
        assert refused.status == 2
        assert "expected seconds, for example 1.5" in refused.stderr


class TestWhich:
    def functions(self, folder: Path, *options: str) -> list[str]:
        lines = show(folder, "--format", "json", "--calls", *options).stdout.splitlines()
        return [json.loads(line)["function"] for line in lines]

    def test_a_thread(self, folder: Path) -> None:
        assert self.functions(folder, "--thread", "1") == ["inner"]
        assert self.functions(folder, "--thread", "7") == []

    def test_a_process(self, folder: Path) -> None:
        lines = show(folder, "--format", "json", "--calls").stdout.splitlines()
        first, last = json.loads(lines[0])["process"], json.loads(lines[-1])["process"]
        assert first != last
        assert self.functions(folder, "--process", str(last)) == ["inner"]
        assert self.functions(folder, "--no-children") == self.functions(
            folder, "--process", str(first)
        )

    def test_functions(self, folder: Path) -> None:
        assert self.functions(folder, "--function", "Parser.*") == ["Parser.take"]
        assert (
            self.functions(folder, "--function", "Parser.*", "--function", "in*").count("inner")
            == 3
        )
        # Hidden frames do not count for the depth.
        (line,) = show(
            folder, "--format", "json", "--calls", "--function", "Parser.take"
        ).stdout.splitlines()
        assert json.loads(line)["depth"] == 0

    def test_files(self, folder: Path) -> None:
        everything = self.functions(folder)
        assert self.functions(folder, "--include", "program.py") == everything
        assert self.functions(folder, "--include", "other.py") == []
        assert self.functions(folder, "--exclude", "program.py") == []
        assert self.functions(folder, "--exclude", "other.py") == everything

    def test_depth(self, folder: Path) -> None:
        assert self.functions(folder, "--no-children", "--depth", "1") == ["<module>", "inner"]
        assert "Parser.take" in self.functions(folder, "--depth", "2")
        assert self.functions(folder, "--depth", "0") == []

    def test_the_last_lines(self, folder: Path) -> None:
        everything = show(folder).stdout.splitlines()
        for count in (1, 3, 10_000):
            assert show(folder, "--tail", str(count)).stdout.splitlines() == everything[-count:]
        assert show(folder, "--tail", "0").stdout == ""

    @pytest.mark.parametrize("option", ["--tail", "--thread", "--process", "--depth"])
    def test_what_is_no_number(self, folder: Path, option: str) -> None:
        refused = show(folder, f"{option}=-1")
        assert refused.status == 2
        assert "invalid integer: '-1'" in refused.stderr


class TestRefused:
    def test_no_file(self, tmp_path: Path) -> None:
        refused = show(tmp_path)
        assert refused.status == 2
        assert refused.stderr == (
            "swifttrace show: cannot read run.swt: No such file or directory "
            "(see swifttrace show --help)\n"
        )

    def test_a_full_disk(self, folder: Path) -> None:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "swifttrace", "show", "run.swt"],
                cwd=folder,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert "cannot write: No space left on device" in done.stderr


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("def f(): pass\nfor _ in range(30000): f()\n")
    record = ["-m", "swifttrace", "record", "program.py"]
    assert run_python(*record, cwd=tmp_path).status == 0
    command = f"{sys.executable} -m swifttrace show run.swt | head -n 2; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.stdout.splitlines()[2:]) == ("", ["0"])


FOLLOWED = """
import sys


def step(number):
    return number


step(0)
for line in sys.stdin:
    step(int(line))
"""


def test_a_recording_that_is_being_written_is_followed(tmp_path: Path) -> None:
    """Each event is shown before the next one happens; `show` ends with the program."""
    (tmp_path / "program.py").write_text(FOLLOWED)
    record = [sys.executable, "-m", "swifttrace", "record", "--values", "safe", "program.py"]
    form = ["--format", "sentences", "--returns"]
    follow = [sys.executable, "-m", "swifttrace", "show", "--follow", *form, "run.swt"]
    with subprocess.Popen(record, cwd=tmp_path, stdin=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        deadline = time.monotonic() + 30
        while not (tmp_path / "run.swt").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        with subprocess.Popen(follow, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as shown:
            assert shown.stdout is not None
            assert shown.stdout.readline() == "Returning from step with value 0\n"
            for number in range(1, 5):
                print(number, file=program.stdin, flush=True)
                assert shown.stdout.readline() == f"Returning from step with value {number}\n"
            assert shown.poll() is None
            program.stdin.close()
            rest = shown.stdout.read()
            assert shown.wait(30) == 0
        assert program.wait(30) == 0
    assert rest == "Returning from <module> with value None\n"


def test_following_ends_where_the_program_was_killed(tmp_path: Path) -> None:
    program = "import os, signal\ndef f(): pass\nf()\nos.kill(os.getpid(), signal.SIGKILL)\n"
    (tmp_path / "program.py").write_text(program)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == -9
    assert "f()" in show(tmp_path, "--follow").stdout


def test_a_deep_recursion_is_shown_in_bounded_lines(tmp_path: Path) -> None:
    program = """
        import sys

        sys.setrecursionlimit(10_000)

        def descend(level):
            if level:
                descend(level - 1)

        descend(3000)
    """
    (tmp_path / "program.py").write_text(program.replace("\n        ", "\n"))
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
    shown = show(tmp_path, "--calls").stdout.splitlines()
    assert len(shown) == 3002
    assert max(map(len, shown)) < 2100
    assert shown[-1] == "  " * 1000 + "(3001) descend(level)"
    assert shown[1000] == "  " * 1000 + "descend(level)"
