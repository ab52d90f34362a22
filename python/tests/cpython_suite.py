"""Runs CPython's own tests, as installed and unmodified, with swifttrace's functions for `sys`'.

python cpython_suite.py [--hooks HOOKS] MODULE...

HOOKS selects the functions in `sys` before a test module is imported:
    engine  swifttrace.settrace, gettrace, setprofile and getprofile
    sys     the interpreter's own; swifttrace is imported all the same
    relayed the engine's, behind a trace function that hands every event on
    wrong   the same, but every third line event is lost
    trace   the interpreter's own; `swifttrace.trace` stands for the module `trace`
    miscounted  the same, but one count of each file's is lost

Each module runs in a process of its own, and the Python programs that it starts have the same
functions. Prints which tests ran, and how each ended; the status is 1 if any failed.
"""

import argparse
import dataclasses
import importlib
import importlib.util
import itertools
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

MODULES = ["test_sys_settrace", "test_sys_setprofile", "test_bdb", "test_pdb"]
HOOKS = ["engine", "sys", "relayed", "wrong", "trace", "miscounted"]
TIMEOUT = 300  # Seconds for one module.


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The result of each test of a module, by name."""

    module: str
    found: list[str]
    passed: list[str]
    failed: list[str]
    skipped: dict[str, str]  # With the reason.
    hooks_stayed: bool  # Whether the functions in `sys` were unchanged at the end.

    def summary(self) -> str:
        """The outcome in one line."""
        return (
            f"test.{self.module}: {len(self.found)} tests, {len(self.passed)} passed, "
            f"{len(self.failed)} failed, {len(self.skipped)} skipped"
        )

    def names(self) -> list[str]:
        """One line for each test."""
        lines = [f"  passed: {name}" for name in self.passed]
        lines += [f"  failed: {name}" for name in self.failed]
        lines += [f"  skipped: {name} ({reason})" for name, reason in self.skipped.items()]
        return lines


def missing(module: str) -> str | None:
    """A line about tests that are not installed with this Python; None if they are."""
    if importlib.util.find_spec("test") and importlib.util.find_spec(f"test.{module}"):
        return None
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.base_prefix == "/usr" and Path("/etc/debian_version").exists():
        return f"test.{module} is missing; run: sudo apt-get install libpython{version}-testsuite"
    return f"test.{module} is missing; install the package `test` of CPython {version}"


def run(module: str, hooks: str) -> Outcome:
    """Runs a module's tests in a new process.

    Args:
        module: Its name in the package `test`.
        hooks: One of HOOKS.

    Raises:
        RuntimeError: The process ended before the tests did; the message is its output.
    """
    with tempfile.TemporaryDirectory() as folder:
        site, cwd, report = (Path(folder, name) for name in ["site", "cwd", "report.json"])
        site.mkdir()
        cwd.mkdir()
        # Programs that the tests start import this file first.
        (site / "sitecustomize.py").write_text(
            f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            f"import cpython_suite\ndel sys.path[0]\ncpython_suite.replace({hooks!r})\n"
        )
        path = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
        ended = subprocess.run(
            [sys.executable, __file__, "--report", report, "--hooks", hooks, module],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            check=False,
        )
        if not report.exists():
            output = ended.stdout.decode(errors="replace")
            raise RuntimeError(f"test.{module} ended with status {ended.returncode}:\n{output}")
        return Outcome(**json.loads(report.read_text()))


def replace(hooks: str) -> None:
    """Replaces the functions in `sys`."""
    import swifttrace

    if hooks in ("sys", "trace", "miscounted"):
        return
    for name in ["settrace", "gettrace", "setprofile", "getprofile"]:
        setattr(sys, name, getattr(swifttrace, name))
    if hooks == "engine":
        return

    def settrace(function: Any) -> None:
        swifttrace.settrace(None if function is None else _Relay(function, hooks == "wrong"))

    sys.settrace = settrace
    sys.gettrace = lambda: getattr(swifttrace.gettrace(), "function", None)


def replace_trace(is_wrong: bool) -> None:
    """Replaces `trace` by `swifttrace.trace`, also as `-m trace` in programs that tests start."""
    importlib.import_module("swifttrace.trace")
    from test.support import script_helper

    sys.modules["trace"] = sys.modules["swifttrace.trace"]
    # Many child processes are isolated, so that they do not import our sitecustomize.
    start: Any = script_helper.run_python_until_end

    def start_ours(*arguments: str, **environment: str) -> Any:
        words = list(arguments)
        if words[:2] == ["-m", "trace"]:
            words[1] = "swifttrace.trace"
        return start(*words, **environment)

    setattr(script_helper, "run_python_until_end", start_ours)  # noqa: B010
    if not is_wrong:
        return
    from swifttrace._tracing.trace_module import Counts

    right = Counts.write

    def write(self: Any, text: str) -> None:
        right(self, json.dumps([[file, lines[1:]] for file, lines in json.loads(text)]))

    Counts.write = write  # type: ignore[method-assign]


class _Relay:
    """A trace function that calls another one; if it is wrong, not at every third line event."""

    lines = itertools.count(1)

    def __init__(self, function: Any, is_wrong: bool) -> None:
        self.function = function
        self.is_wrong = is_wrong

    def __call__(self, frame: Any, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename == __file__:
            return None
        if self.is_wrong and event == "line" and next(self.lines) % 3 == 0:
            return None
        result = self.function(frame, event, arg)
        return None if result is None else _Relay(result, self.is_wrong)


class _Result(unittest.TextTestResult):
    """A test result that also stores passed tests."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.passed: list[str] = []

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed.append(test.id())


def _names(suite: Any) -> list[str]:
    if isinstance(suite, unittest.TestSuite):
        return [name for part in suite for name in _names(part)]
    return [suite.id()]


def _run_here(module: str, hooks: str, report: Path) -> None:
    replace(hooks)
    if hooks in ("trace", "miscounted"):
        replace_trace(hooks == "miscounted")
    functions = [sys.settrace, sys.gettrace, sys.setprofile, sys.getprofile]
    suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{module}")
    found = _names(suite)
    result = unittest.TextTestRunner(resultclass=_Result).run(suite)
    assert isinstance(result, _Result)
    # A failed subtest is a failure of its test. Set-up failures of classes and modules count too.
    bad = [test for test, _ in [*result.failures, *result.errors]]
    failed = {getattr(test, "test_case", test).id() for test in bad} | {
        test.id() for test in result.unexpectedSuccesses
    }
    outcome = Outcome(
        module=module,
        found=found,
        passed=[name for name in result.passed if name not in failed]
        + [test.id() for test, _ in result.expectedFailures],
        failed=sorted(failed),
        skipped={test.id(): reason for test, reason in result.skipped},
        hooks_stayed=functions == [sys.settrace, sys.gettrace, sys.setprofile, sys.getprofile],
    )
    report.write_text(json.dumps(dataclasses.asdict(outcome)))


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--hooks", choices=HOOKS, default="engine")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    if arguments.report:
        _run_here(arguments.modules[0], arguments.hooks, arguments.report)
        return 0
    status = 0
    for module in arguments.modules:
        problem = missing(module)
        if problem:
            sys.exit(problem)
        outcome = run(module, arguments.hooks)
        print(outcome.summary(), *outcome.names(), sep="\n", flush=True)
        status |= bool(outcome.failed)
    return status


if __name__ == "__main__":
    sys.exit(main())
