"""Shared fixtures, which run programs in several ways."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
import swifttrace
from exported import PROGRAM, Steps, record, steps_of
from running import Ended, run_python

# Background jobs inherit an ignored SIGINT. Tested programs need the default handler.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Ways of tracing that must not change a program: one shows only user code, the other all code, so
# that all kinds of events and values occur.
TRACINGS = [
    ["-o", "trace.txt"],
    ["--all", "--format", "sentences", "--events", "-o", "trace.txt"],
]


class ClockRun(NamedTuple):
    """A program that stores times while it is recorded."""

    folder: Path
    process: subprocess.Popen[bytes]


class Run(Protocol):
    """Writes a program to `program.py` in the test's folder, and runs it."""

    def __call__(
        self, program: str, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> Ended: ...


class RunTraced(Protocol):
    """Traces a program by the command line. Options of swifttrace come before its own arguments."""

    def __call__(
        self, program: str, *options: str, arguments: tuple[str, ...] = (), stdin: str = ""
    ) -> Ended: ...


class RunRecorded(Protocol):
    """Records a program to `run.swt`; options of `record` come before its own arguments."""

    def __call__(
        self,
        program: str,
        *options: str,
        arguments: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> Ended: ...


class SameAsUntraced(Protocol):
    """Runs `python` with arguments, untraced and in each way of tracing.

    Fails unless output, messages and exit status are equal. Returns those of the untraced run.
    Writes `program` to `program.py` first.
    """

    def __call__(
        self,
        *command: str,
        program: str | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Ended: ...


@pytest.fixture
def run_program(tmp_path: Path) -> Run:
    """Runs a program without the command line of swifttrace."""

    def run(
        program: str, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> Ended:
        (tmp_path / "program.py").write_text(program)
        return run_python("program.py", *arguments, cwd=tmp_path, stdin=stdin, env=env)

    return run


@pytest.fixture
def run_traced(tmp_path: Path) -> RunTraced:
    def run(program: str, *options: str, arguments: tuple[str, ...] = (), stdin: str = "") -> Ended:
        (tmp_path / "program.py").write_text(program)
        command = ["-m", "swifttrace", *options, "program.py", *arguments]
        return run_python(*command, cwd=tmp_path, stdin=stdin)

    return run


@pytest.fixture
def run_recorded(tmp_path: Path) -> RunRecorded:
    def run(
        program: str,
        *options: str,
        arguments: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> Ended:
        (tmp_path / "program.py").write_text(program)
        command = ["-m", "swifttrace", "record", *options, "program.py", *arguments]
        return run_python(*command, cwd=tmp_path, env=env)

    return run


@pytest.fixture
def same_as_untraced(tmp_path: Path) -> SameAsUntraced:
    def run(
        *command: str,
        program: str | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Ended:
        if program is not None:
            (tmp_path / "program.py").write_text(program)
            command = command or ("program.py",)
        untraced = run_python(*command, cwd=tmp_path, stdin=stdin, env=env)
        for options in TRACINGS:
            tracing = ["-m", "swifttrace", *options]
            traced = run_python(*tracing, *command, cwd=tmp_path, stdin=stdin, env=env)
            assert traced == untraced
            trace = tmp_path / "trace.txt"
            assert trace.stat().st_size > 0, f"nothing was traced with {options}"
            trace.unlink()
        return untraced

    return run


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> swifttrace.Recording:
    """The recording of the export tests: a program with values, C calls and a child."""
    kinds = ("calls", "lines", "returns", "exceptions", "c-calls")
    options = ["--values", "safe", *(f"--{kind}" for kind in kinds)]
    return record(tmp_path_factory.mktemp("exported"), PROGRAM, *options)


@pytest.fixture(scope="session")
def steps(recording: swifttrace.Recording) -> Steps:
    """The steps of the recording that all exports of calls must show."""
    return steps_of(recording)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the properties `ran` of tests, which count the programs and tests that they ran."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [
        str(text) for report in reports for key, text in report.user_properties if key == "ran"
    ]
    if lines:
        terminalreporter.section("what was run")
        for line in sorted(lines):
            terminalreporter.write_line(line)


# The call event of `mark` is between two readings of the clock. The sleep before the recording, and
# the recording, each last so long that counts of the processor times its rate exceed 64 bits.
_CLOCK_PROGRAM = """
import array, time
import swifttrace

before, after = array.array("Q"), array.array("Q")

def mark():
    after.append(now())

def rest():
    pass

def marks(end):
    while True:
        time = now()
        if time > end: return
        before.append(time)
        mark()
        # Deltas of all sizes.
        for _ in range(time % 50): rest()
        sleep(0.0005 * (time % 9))

now, sleep = time.perf_counter_ns, time.sleep
sleep(5)
with swifttrace.record("run.swt", events=["call"], function=["mark", "rest"]):
    marks(now() + 6_000_000_000)
with open("times", "wb") as file:
    before.tofile(file)
    after.tofile(file)
"""


@pytest.fixture(scope="session")
def clock_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockRun]:
    """Runs the program of `test_times`, which mostly sleeps, while other tests run."""
    folder = tmp_path_factory.mktemp("clock")
    with subprocess.Popen([sys.executable, "-c", _CLOCK_PROGRAM], cwd=folder) as process:
        yield ClockRun(folder, process)
        process.kill()


class CompileC(Protocol):
    """Compiles C code to a shared library. Returns its path."""

    def __call__(self, code: str) -> str: ...


@pytest.fixture
def compile_c(tmp_path: Path) -> CompileC:
    """Compiles C code. Skips the test if there is no compiler."""

    def compiled(code: str) -> str:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("there is no C compiler")
        (tmp_path / "library.c").write_text(code)
        command = [compiler, "-shared", "-fPIC", "-o", "library.so", "library.c", "-ldl"]
        subprocess.run(command, cwd=tmp_path, check=True)
        return str(tmp_path / "library.so")

    return compiled
