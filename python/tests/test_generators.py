"""Generators that delegate to each other: their events and depths."""

import json
from pathlib import Path

from conftest import RunTraced

PROGRAM = """\
class Stop(Exception):
    def __init__(self):
        self.reason = plain()


def plain():
    return 0


def inner():
    try:
        yield 1
        yield 2
    except Stop:
        plain()


def middle():
    yield from inner()
    plain()


def outer():
    yield from middle()
    plain()
    yield 3


def run(generator):
    next(generator)
    print(generator.throw(Stop))
    generator.close()


run(outer())
"""


def test_depths_when_an_exception_is_thrown_through_generators(
    run_traced: RunTraced, tmp_path: Path
) -> None:
    """Depths agree with `f_back`, and no version loses the line of a generator that resumes."""
    run_traced(PROGRAM, "--format", "json", "-o", "trace.json")
    events = [json.loads(line) for line in (tmp_path / "trace.json").read_text().splitlines()]
    depths: dict[str, set[int]] = {}
    for event in events:
        depths.setdefault(event["function"], set()).add(event["depth"])
    assert depths["outer"] == {2}
    assert depths["middle"] == {3}
    assert depths["inner"] == {4}
    assert depths["run"] == {1}
    lines = [event["line"] for event in events if (event["event"], event["depth"]) == ("line", 2)]
    assert {25, 26} <= set(lines)
    calls = [e["depth"] for e in events if (e["event"], e["function"]) == ("call", "plain")]
    assert sorted(calls) == [3, 4, 5, 5]


def test_a_function_bound_to_an_object_shows_as_repr_does(
    run_traced: RunTraced, tmp_path: Path
) -> None:
    program = """\
class Größe(list): pass
class Outer:
    class Inner(list): pass
import collections
for value in (Größe(), Outer.Inner(), collections.deque(), []):
    value.append(1)
    print(repr(value.append))
"""
    ended = run_traced(program, "--format", "json", "--c-calls", "-o", "trace.json")
    events = [json.loads(line) for line in (tmp_path / "trace.json").read_text().splitlines()]
    shown = [e["value"] for e in events if e["event"] == "c_call" and "append" in e["value"]]
    assert shown == ended.stdout.splitlines()
