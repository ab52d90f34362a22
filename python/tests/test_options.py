"""The command line, classes, types and child processes agree with the table of options."""

import argparse
import inspect
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import swifttrace
from running import run_python
from swifttrace._cli.record import make_parser, recorder_of
from swifttrace._tracing import child_processes, options
from swifttrace._tracing.filters import Filters
from swifttrace._tracing.options import CODE, RECORD

# Values other than the default, for Python and for the command line.
OTHERS: dict[str, tuple[Any, list[str]]] = {
    "events": (["call", "c_call"], ["--calls", "--c-calls"]),
    "values": ("safe", ["--values", "safe"]),
    "max_size": ("1M", ["--max-size", "1M"]),
    "keep": ("last", ["--keep", "last"]),
    "min_duration": (0.0015, ["--min-duration", "1.5ms"]),
    "children": (False, ["--no-children"]),
    "force": (True, ["--force"]),
    "include": (["*.py"], ["--include", "*.py"]),
    "exclude": (["a b"], ["--exclude", "a b"]),
    "function": (["f.*"], ["--function", "f.*"]),
    "depth": (3, ["--depth", "3"]),
    "all": (True, ["--all"]),
    "own": (["/x/"], ["--own", "/x/"]),
}
# A child process neither records child processes itself nor replaces files.
NOT_INHERITED = {"children", "force"}


def parsed(words: list[str]) -> argparse.Namespace:
    return make_parser().parse_args([*words, "script.py"])


def values(options: argparse.Namespace) -> dict[str, Any]:
    recorder = recorder_of(options)
    code = Filters(**{row.name: row.value_of(options) for row in CODE})
    return {row.name: getattr(recorder, row.name, None) for row in RECORD} | {
        row.name: getattr(code, row.name) for row in CODE
    }


def doc_lines(documented: object) -> list[str]:
    """The lines of a docstring, without the indentation of its source."""
    return (inspect.getdoc(documented) or "").splitlines()


def test_every_row_is_tried() -> None:
    assert set(OTHERS) == {row.name for row in (*RECORD, *CODE)}


@pytest.mark.parametrize("row", [*RECORD, *CODE], ids=lambda row: row.name)
def test_the_command_line_has_it(row: options.Option) -> None:
    value, words = OTHERS[row.name]
    given, default = values(parsed(words)), values(parsed([]))
    assert given[row.name] == row.check(value) != default[row.name]
    # No other option changes.
    assert given == {**default, row.name: given[row.name]}
    text = make_parser().format_help()
    assert (words[0] in text) == (row.name != "own")


@pytest.mark.parametrize("row", [*RECORD, *CODE], ids=lambda row: row.name)
def test_a_child_receives_it(row: options.Option) -> None:
    value, words = OTHERS[row.name]
    given = parsed(words)
    filters = Filters(**{row.name: row.value_of(given) for row in CODE})
    changes = child_processes.changes(recorder_of(given), filters)
    command = shlex.split(changes[child_processes.OPTIONS])
    assert command[:2] == ["record", "-o"]
    child = values(make_parser().parse_args(command[1:]))
    is_inherited = row.name not in NOT_INHERITED
    assert child[row.name] == row.check(value if is_inherited else row.default)


@pytest.mark.parametrize("row", RECORD, ids=lambda row: row.name)
def test_the_classes_and_the_engine_take_it(row: options.Option, tmp_path: Path) -> None:
    value, _ = OTHERS[row.name]
    path = tmp_path / "run.swt"
    recorder = swifttrace.Recorder(path, **{row.name: value})
    settings: dict[str, Any] = {**recorder.engine_arguments()}
    assert settings[row.name] == row.check(value)
    used = swifttrace.record(path, **{row.name: value}).recorder
    assert getattr(used, row.name) == row.check(value)
    for documented in (swifttrace.Recorder, swifttrace.record):
        assert f"    {row.name}: {row.doc}" in doc_lines(documented)


@pytest.mark.parametrize("row", CODE[:-1], ids=lambda row: row.name)
def test_what_traces_takes_it(row: options.Option, tmp_path: Path) -> None:
    value, _ = OTHERS[row.name]
    for made in (
        swifttrace.trace(**{row.name: value}),
        swifttrace.record("x", **{row.name: value}),
    ):
        assert getattr(made.filters, row.name) == value
    assert f"    {row.name}: {row.doc}" in doc_lines(swifttrace.record)


def types(name: str) -> dict[str, Any]:
    """The keys of a TypedDict of the module, which exists only for type checkers."""
    source = Path(options.__file__).read_text()
    (body,) = re.findall(
        rf"    class {name}\(TypedDict.*?\):\n(.*?)\n\n(?:    class|class)", source, re.S
    )
    return dict(re.findall(r"(?m)^        (\w+): (.*)$", body))


def test_the_types_have_it() -> None:
    recorded = [row.name for row in RECORD]
    assert sorted(types("RecordOptions")) == sorted(types("RecorderSettings")) == sorted(recorded)
    assert sorted([*types("TraceOptions"), "own"]) == sorted(row.name for row in CODE)
    stub = Path(swifttrace.__file__).with_name("_swifttrace.pyi").read_text()
    assert "class EngineRecorder(RecorderSettings):" in stub
    assert set(types("TraceOptions")) <= set(inspect.signature(swifttrace.trace).parameters)


def test_the_engine_refuses_a_key_that_it_does_not_know(tmp_path: Path) -> None:
    program = """
from swifttrace._tracing import options
options.RECORD = (*options.RECORD, options.Switch("fresh", False, "New.", "new", "file"))
import swifttrace
swifttrace.record("run.swt", fresh=True).start()
"""
    ended = run_python("-c", program, cwd=tmp_path)
    assert ended.stderr.splitlines()[-1] == "TypeError: start(), strategies: unknown key 'fresh'"
