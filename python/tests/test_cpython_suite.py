"""CPython's own tests of trace and profile functions, run with swifttrace's functions."""

import platform
import sys
from collections.abc import Callable

import cpython_suite
import pytest
from cpython_suite import Outcome

# Numbers of tests in these versions.
COUNTS = {
    "3.11.7": {"test_sys_settrace": 303, "test_sys_setprofile": 26, "test_bdb": 34, "test_pdb": 73},
    "3.12.1": {"test_sys_settrace": 443, "test_sys_setprofile": 28, "test_bdb": 34, "test_pdb": 76},
    "3.13.0": {
        "test_sys_settrace": 449,
        "test_sys_setprofile": 29,
        "test_bdb": 35,
        "test_pdb": 112,
    },
}

# It requires a trace function written in C.
NOT_RELAYED = "test_no_line_event_after_creating_generator"

RunSuite = Callable[[str, str], Outcome]


@pytest.fixture
def run_suite(record_property: Callable[[str, object], None]) -> RunSuite:
    """Runs a module, and lists its tests at the end of pytest's report."""

    def run(module: str, hooks: str) -> Outcome:
        problem = cpython_suite.missing(module)
        if problem:
            pytest.fail(problem, pytrace=False)
        outcome = cpython_suite.run(module, hooks)
        record_property("ran", f"{outcome.summary()}, hooks: {hooks}")
        assert outcome.found
        assert sorted([*outcome.passed, *outcome.failed, *outcome.skipped]) == sorted(outcome.found)
        assert outcome.hooks_stayed
        return outcome

    return run


@pytest.mark.parametrize("module", cpython_suite.MODULES)
def test_the_tests_pass_with_the_engine_in_place_of_sys(run_suite: RunSuite, module: str) -> None:
    outcome = run_suite(module, "engine")
    assert outcome.failed == []
    counts = COUNTS.get(platform.python_version())
    if counts:
        assert len(outcome.found) == counts[module]
    if outcome.skipped:
        assert outcome.skipped == run_suite(module, "sys").skipped


if sys.version_info >= (3, 12):  # The first version with sys.monitoring.

    def test_monitoring_is_left_alone(run_suite: RunSuite) -> None:
        assert run_suite("test_monitoring", "sys").failed == []


def test_a_settrace_that_loses_events_is_noticed(run_suite: RunSuite) -> None:
    """The tests fail because of lost events, not because of the Python function in between."""
    relayed = run_suite("test_sys_settrace", "relayed")
    assert [name for name in relayed.failed if not name.endswith(NOT_RELAYED)] == []
    wrong = run_suite("test_sys_settrace", "wrong")
    assert len(wrong.failed) > len(wrong.found) / 3


# It requires `Trace.runfunc` to be in a file named like the module `trace`.
NAMES_THE_FILE = "TestCallers.test_loop_caller_importing"


def test_the_tests_of_trace_pass_with_the_engine(run_suite: RunSuite) -> None:
    outcome = run_suite("test_trace", "trace")
    assert [name for name in outcome.failed if not name.endswith(NAMES_THE_FILE)] == []
    assert outcome.skipped == run_suite("test_trace", "sys").skipped


def test_a_count_that_is_lost_is_noticed(run_suite: RunSuite) -> None:
    assert len(run_suite("test_trace", "miscounted").failed) > 5
