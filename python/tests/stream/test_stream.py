"""The stream of swifttrace equals that of sys.settrace, for real programs of others."""

import sys
from pathlib import Path

import pytest
from both import record_both
from comparison import compare, read_reference, read_swifttrace, without_ends_of_loops
from programs import PROGRAMS, Program

MINIMUM = 40  # Minimum number of programs in `make test`, for each version of Python.


SOURCES = ["settrace", *(["monitoring"] if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, id=program.name, marks=[pytest.mark.long] if program.long else [])
        for program in PROGRAMS
    ],
)
def test_streams_are_the_same(program: Program, source: str, tmp_path: Path) -> None:
    if source == "monitoring" and program.asks_for_tracer:
        pytest.skip("it does otherwise under a trace function, which sys.monitoring is not")
    reference, native = record_both(
        program.source,
        tmp_path,
        source=source,
        c_calls=program.c_calls,
        preload=program.preload,
    )
    expected, actual = read_reference(reference), read_swifttrace(native)
    assert sum(map(len, expected)) > 0
    if source == "monitoring" and sys.version_info >= (3, 13):
        expected, actual = map(without_ends_of_loops, (expected, actual))
    difference = compare(expected, actual)
    assert difference is None, f"\n{difference}"


def test_there_are_enough_programs() -> None:
    assert len({program.name for program in PROGRAMS if not program.long}) >= MINIMUM
