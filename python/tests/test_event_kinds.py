"""The names of the kinds of events are equal wherever they stand."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pyarrow
import pytest
import swifttrace
from running import run_python
from swifttrace import _swifttrace
from swifttrace._event_kinds import EVENT_KINDS, REQUESTED_NAMES
from swifttrace._reading import results
from swifttrace._tracing.options import Events

ROOT = Path(__file__).resolve().parents[2]
NUMBERED = dict(enumerate(EVENT_KINDS[1:], 1))
PAGES = ("arrow.md", "format.md", "json-lines.md")
NAMES = [name for _, name, _ in NUMBERED.values()]

# A program with events of all kinds.
PROGRAM = """
import sys, threading, types

def instruction():
    frame = sys._getframe()
    frame.f_trace_opcodes, frame.f_trace = True, lambda *event: None
    return 1

def numbers():
    yield 1

@types.coroutine
def switch():
    yield

async def wait():
    await switch()

def fail():
    int("x")

instruction()
# CPython 3.12 sends opcodes from the next start of a trace function on: here, in a thread.
thread = threading.Thread(target=int)
thread.start()
thread.join()
instruction()
list(numbers())
coroutine = wait()
coroutine.send(None)
try:
    coroutine.send(None)
except StopIteration:
    pass
try:
    fail()
except ValueError:
    pass
"""


def literals() -> dict[str, tuple[str, ...]]:
    """The values of the Literals of names of the stub, by the name of the alias."""
    stub = ast.parse((ROOT / "python/swifttrace/_swifttrace.pyi").read_text())
    found: dict[str, tuple[str, ...]] = {}
    for statement in stub.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        value = statement.value
        if isinstance(value, ast.Subscript) and ast.unparse(value.value) == "Literal":
            assert isinstance(value.slice, ast.Tuple)
            found[statement.target.id] = tuple(
                name
                for part in value.slice.elts
                for name in (
                    found[part.id] if isinstance(part, ast.Name) else (ast.literal_eval(part),)
                )
            )
    return found


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Path]:
    """The live JSON of a program with events of all kinds, and the folder of its recording."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "program.py").write_text(PROGRAM)
    live = ["--format", "json", "--opcodes", "--c-calls", "-o", "live.jsonl"]
    kept = ["--calls", "--lines", "--returns", "--exceptions", "--opcodes", "--c-calls"]
    for options in (live, ["record", *kept]):
        assert run_python("-m", "swifttrace", *options, "program.py", cwd=folder).status == 0
    return [json.loads(line) for line in (folder / "live.jsonl").read_text().splitlines()], folder


def pairs(lines: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(line["event"], line["kind"]) for line in lines}


def test_the_list_is_that_of_the_c_header() -> None:
    header = (ROOT / "Sources/CTraceHook/include/CTraceHook_event.h").read_text()
    names = re.findall(r"^  CTraceHook_Kind(\w+)(?: = (\d+))?, +///<", header, re.MULTILINE)
    assert [int(number) for _, number in names if number] == [1]
    snake = [re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower() for name, _ in names]
    assert snake == NAMES


def test_the_list_is_that_of_the_stub() -> None:
    stub = literals()
    events, names, requested = (set(column) for column in zip(*NUMBERED.values(), strict=True))
    assert set(stub["_PythonName"]) == events
    assert set(stub["_KindName"]) == names
    assert stub["_RequestedName"] == REQUESTED_NAMES
    assert set(REQUESTED_NAMES) == requested
    assert dict(enumerate(_swifttrace.event_kinds(), 1)) == NUMBERED


def test_live_json_has_these_names(live: tuple[list[dict[str, Any]], Path]) -> None:
    lines, _ = live
    assert pairs(lines) == {(event, name) for event, name, _ in NUMBERED.values()}


def test_a_recording_has_these_names(live: tuple[list[dict[str, Any]], Path]) -> None:
    lines, folder = live
    recording = swifttrace.open(folder / "run.swt")
    assert {(event.event, event.kind) for event in recording} == pairs(lines)
    table = pyarrow.table(recording)
    assert set(table["kind"].to_pylist()) == {name for _, name in pairs(lines)}
    # The whole list, whatever occurs, in the order of the numbers.
    assert table["kind"].chunk(0).dictionary.to_pylist() == NAMES
    recording.export("jsonl", folder / "export.jsonl")
    exported = (folder / "export.jsonl").read_text().splitlines()
    assert pairs([json.loads(line) for line in exported]) == pairs(lines)


def test_options_have_these_names() -> None:
    assert Events.KINDS == REQUESTED_NAMES
    assert set(Events.DEFAULT) < set(REQUESTED_NAMES)


def test_sentences_of_differences_are_for_these_names() -> None:
    assert set(results._SENTENCES) <= set(NAMES)


def test_pages_list_all_kinds() -> None:
    pages = {name: " ".join((ROOT / "docs" / name).read_text().split()) for name in PAGES}
    numbered = ", ".join(f"{number} {name}" for number, name in enumerate(NAMES, 1))
    assert f"The events are: {numbered}." in pages["format.md"]
    assert ", ".join(f"`{name}`" for name in NAMES) in pages["arrow.md"]
    events = dict.fromkeys(event for event, _, _ in NUMBERED.values())
    assert ", ".join(f"`{event}`" for event in events) in pages["json-lines.md"]
