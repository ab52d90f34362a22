"""Values of any size are shown in one short line."""

import pytest
from conftest import Run

SHOW = """
import swifttrace, sys

def f():
    return VALUE

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout)):
    f()
"""


def shown(run_program: Run, value: str) -> str:
    """The text shown for the value of an expression."""
    (line,) = run_program(SHOW.replace("VALUE", value)).lines()
    return line.removeprefix("Returning from f with value ")


def test_a_hundred_elements_of_a_list(run_program: Run) -> None:
    elements = ", ".join(str(number) for number in range(100))
    assert shown(run_program, "list(range(100_000))") == f"[{elements}, ...]"


def test_five_hundred_characters_of_a_string(run_program: Run) -> None:
    assert shown(run_program, "'x' * 1_000_000") == "x" * 500 + "..."
    assert shown(run_program, "['x' * 1_000_000]") == "['" + "x" * 500 + "...']"


def test_five_hundred_bytes(run_program: Run) -> None:
    assert shown(run_program, "b'x' * 1_000_000") == "b'" + "x" * 500 + "...'"


def test_six_containers_within_each_other(run_program: Run) -> None:
    assert shown(run_program, "[[[[[[0]]]]]]") == "[[[[[[0]]]]]]"
    assert shown(run_program, "[[[[[[[0]]]]]]]") == "[[[[[[[...]]]]]]]"


def test_the_size_of_a_huge_int(run_program: Run) -> None:
    assert shown(run_program, "2 ** 100_000") == "<int of 100001 bits>"


@pytest.mark.parametrize(
    "value",
    [
        "dict.fromkeys(range(100_000))",
        "set(range(100_000))",
        "frozenset(range(100_000))",
        "tuple(range(100_000))",
        "bytearray(100_000)",
        "['\\0' * 500] * 100",
        "[['x' * 99] * 99] * 99",
        "[[[[[[list(range(100))] * 100] * 100] * 100] * 100] * 100]",
        "range(10 ** 9)",
    ],
)
def test_nothing_takes_more_than_five_thousand_characters(run_program: Run, value: str) -> None:
    assert len(shown(run_program, value)) < 5_000
