"""swifttrace's stream is that of sys.settrace, on programs that others wrote."""

from pathlib import Path

import pytest
from both import record_both
from comparison import compare, read_reference, read_swifttrace
from programs import PROGRAMS, Program

MINIMUM = 40  # Programs of `make test`, on each version of Python.


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(program, id=program.name, marks=[pytest.mark.long] if program.long else [])
        for program in PROGRAMS
    ],
)
def test_streams_are_the_same(program: Program, tmp_path: Path) -> None:
    reference, native = record_both(
        program.source, tmp_path, c_calls=program.c_calls, preload=program.preload
    )
    expected, actual = read_reference(reference), read_swifttrace(native)
    assert sum(map(len, expected)) > 0
    difference = compare(expected, actual)
    assert difference is None, f"\n{difference}"


def test_there_are_enough_programs() -> None:
    assert len({program.name for program in PROGRAMS if not program.long}) >= MINIMUM
