"""swifttrace's stream is that of sys.settrace, on programs that others wrote."""

from pathlib import Path

import pytest
from both import record_both
from comparison import compare, read_reference, read_swifttrace
from programs import PROGRAMS, Program

MINIMUM = 40  # Programs, on each version of Python.


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_streams_are_the_same(program: Program, tmp_path: Path) -> None:
    if not program.can_run():
        pytest.skip(f"{program.needs} is not installed")
    reference, native = record_both(program.source, tmp_path, c_calls=program.c_calls)
    expected, actual = read_reference(reference), read_swifttrace(native)
    assert sum(map(len, expected)) > 0
    difference = compare(expected, actual)
    assert difference is None, f"\n{difference}"


def test_there_are_enough_programs() -> None:
    assert len({program.name for program in PROGRAMS}) >= MINIMUM
