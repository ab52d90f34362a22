"""Tracing has no effect that the program, or another process, can observe."""

import re
import sys
from pathlib import Path

import pytest
from cases import CASES, Case, Outcome, harm, has_in_order, starts
from cases.beside import TOLD_OF_TOOLS
from outcomes import run
from tools import SWIFTTRACE, UNTRACED

# Without the third way, a tree in a file: it has the text of the first and the output file of the
# second. `compare.py` runs it.
WAYS = ["live", "all"]
STARTS = [case.name for case in starts.CASES]
POSSIBLE = [case for case in CASES if sys.version_info >= case.since]


def outcome(case: Case, way: str, folder: Path) -> Outcome:
    tool = UNTRACED if way == "untraced" else SWIFTTRACE[way]
    seen = run(case, tool, sys.executable, folder / "run")
    assert seen is not None
    return seen


def parameter(case: Case) -> pytest.ParameterSet:
    limits_memory = "RLIMIT_AS" in case.program
    return pytest.param(case, marks=[pytest.mark.memory] if limits_memory else [], id=case.name)


@pytest.mark.parametrize("case", [parameter(case) for case in POSSIBLE])
def test_no_harm(case: Case, tmp_path: Path) -> None:
    untraced = outcome(case, "untraced", tmp_path)
    # Otherwise the case would not test its subject.
    assert untraced.status == case.status, untraced.stderr
    assert case.facts in (None, untraced.facts)
    # If `live` uses sys.monitoring, the trace function of another tool does not interfere.
    is_about_tools = case.warns in TOLD_OF_TOOLS
    ways = [*(WAYS[:1] if case.is_inside else WAYS)]
    if case.name in STARTS and not case.is_inside:
        ways += ["tree", "record"]
    if case.is_inside or is_about_tools:
        ways.append("settrace")
    for way in ways:
        seen = outcome(case, way, tmp_path)
        assert harm(case, seen, untraced) == "", (way, seen.stderr[-2000:])
        assert has_in_order(seen.stderr.splitlines(), untraced.stderr.splitlines()), way
        told = re.findall("^swifttrace: (?!recorded )(.*)$", seen.stderr, re.MULTILINE)
        told = [line for line in told if not case.may_warn or case.may_warn not in line]
        warns = [case.warns] if case.warns and sys.version_info < case.warns_before else []
        may_be_silent = is_about_tools and way != "settrace" and sys.version_info >= (3, 12)
        assert told == warns or (may_be_silent and told == []), way
        if way == "all" and not case.warns and not case.may_warn:
            assert (seen.stdout, seen.stderr) == (untraced.stdout, untraced.stderr), way


def test_names_are_rows() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "|" in name.replace("2>&1 | head", "")]
