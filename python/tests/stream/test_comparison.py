"""The comparison finds all differences except those that it must ignore."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from both import record_both
from comparison import IncompleteError, compare, read_reference, read_swifttrace

PROGRAM = """\
import threading


def divide(numbers):
    for number in numbers:
        try:
            yield 12 / number
        except ZeroDivisionError:
            yield {"none": object()}


def run():
    return len([*divide([1, 0, 2])])


run()
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""

Change = Callable[[list[dict[str, Any]]], object]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return record_both(PROGRAM, tmp_path_factory.mktemp("both"), source="settrace", c_calls=True)


def place(events: list[dict[str, Any]], **members: object) -> int:
    """The index of the program's last event with these members."""
    return max(
        i
        for i, event in enumerate(events)
        if event["file"].endswith("script.py") and members.items() <= event.items()
    )


def test_equal_streams_have_no_difference(files: tuple[Path, Path]) -> None:
    expected, actual = read_reference(files[0]), read_swifttrace(files[1])
    assert len(expected) == 2
    assert compare(expected, actual) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("an event is missing", lambda all: all.pop(place(all, event="line", function="divide"))),
        (
            "an event is twice there",
            lambda all: all.insert(place(all, function="run"), all[place(all, function="run")]),
        ),
        ("another line", lambda all: all[place(all, event="line")].update(line=1_000)),
        ("another depth", lambda all: all[place(all, event="exception")].update(depth=1)),
        ("another file", lambda all: all[place(all, function="divide")].update(file="a.py")),
        ("another function", lambda all: all[place(all, function="divide")].update(function="g")),
        ("another event", lambda all: all[place(all, event="c_return")].update(event="c_call")),
        ("another value", lambda all: all[place(all, value="12.0")].update(value="13.0")),
        ("another class", lambda all: all[place(all, event="exception")].update(value="OSError")),
        (
            "another C function",
            lambda all: all[place(all, event="c_call")].update(value="<built-in function abs>"),
        ),
        ("no value", lambda all: all[place(all, value="12.0")].pop("value")),
    ],
)
def test_a_corrupted_stream_is_found(
    name: str, change: Change, files: tuple[Path, Path], tmp_path: Path
) -> None:
    events = [json.loads(line) for line in files[1].read_text().splitlines()]
    change(events)
    corrupted = tmp_path / "corrupted.json"
    corrupted.write_text("".join(json.dumps(event) + "\n" for event in events))
    difference = compare(read_reference(files[0]), read_swifttrace(corrupted))
    assert difference is not None, name
    assert "sys.settrace goes on with\n-" in str(difference)
    assert "swifttrace goes on with\n+" in str(difference)


def test_a_stream_that_ends_early_is_found(files: tuple[Path, Path], tmp_path: Path) -> None:
    lines = files[1].read_text().splitlines(keepends=True)
    shortened = tmp_path / "shortened.json"
    shortened.write_text("".join(lines[: len(lines) // 4]))
    with pytest.raises(IncompleteError):
        read_swifttrace(shortened)


def test_a_thread_that_is_missing_is_found(files: tuple[Path, Path]) -> None:
    expected, actual = read_reference(files[0]), read_swifttrace(files[1])
    difference = compare(expected, actual[:1])
    assert difference is not None
    assert (difference.thread, difference.index) == (1, 0)
    assert "(the end)" in str(difference)


def test_a_lost_trace_function_is_told(tmp_path: Path) -> None:
    source = "def f():\n    f()\n\n\ntry:\n    f()\nexcept RecursionError:\n    pass\n"
    reference, _ = record_both(source, tmp_path, source="settrace", c_calls=False)
    with pytest.raises(IncompleteError, match="lost its trace function"):
        read_reference(reference)


def test_both_find_the_same_modules(tmp_path: Path) -> None:
    source = "import sys\nprint(list(sys.modules))\nsys.exit(1)\n"
    with pytest.raises(AssertionError) as failed:
        record_both(source, tmp_path, source="settrace", c_calls=False)
    first, second = [line for line in str(failed.value).splitlines() if line.startswith("[")]
    assert first == second
