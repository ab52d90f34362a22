"""At a RecursionError, CPython removes a Python trace function, but not swifttrace."""

import json
from pathlib import Path

from conftest import RunTraced, SameAsUntraced

PROGRAM = """\
import sys


def fall(level):
    return fall(level + 1)


def measure(level=0):
    try:
        return measure(level + 1)
    except RecursionError:
        return level


class Endless:
    def __getattr__(self, name):
        return self.other

    def __repr__(self):
        return repr(self)


def count(numbers):
    for number in numbers:
        yield from count([number])


def attempt(what):
    try:
        what()
    except RecursionError as error:
        return type(error).__name__
    return "no error"


def after(number):
    return number * 2


print(measure())
for what in (
    lambda: fall(0),
    lambda: Endless().name,
    lambda: repr(Endless()),
    lambda: list(count([1])),
):
    print(attempt(what), after(21))
print(measure())
sys.setrecursionlimit(400)
print(measure(), attempt(lambda: fall(0)))
print(after(4))
"""


def test_the_stream_goes_on(run_traced: RunTraced, tmp_path: Path) -> None:
    ended = run_traced(PROGRAM, "--all", "--format", "json", "-o", "trace.json")
    assert ended.status == 0
    events = [json.loads(line) for line in (tmp_path / "trace.json").read_text().splitlines()]
    returned = [e["value"] for e in events if e["event"] == "return" and e["function"] == "after"]
    assert returned == ["42", "42", "42", "42", "8"]
    # Each call is at the depth of the program's start again.
    assert {event["depth"] for event in events if event["function"] == "after"} == {1}
    ends = [e for e in events if e["event"] == "return" and e["function"] == "<module>"]
    assert (ends[-1]["depth"], ends[-1]["kind"]) == (0, "return")


def test_every_frame_of_the_fall_is_left(run_traced: RunTraced, tmp_path: Path) -> None:
    run_traced(PROGRAM, "--all", "--format", "json", "-o", "trace.json")
    calls = unwinds = deepest = 0
    for line in (tmp_path / "trace.json").read_text().splitlines():
        event = json.loads(line)
        if event["function"] != "fall":
            continue
        calls += event["event"] == "call"
        unwinds += event["kind"] == "unwind" and event["value"] == "RecursionError"
        deepest = max(deepest, event["depth"])
    assert calls == unwinds > 900
    assert deepest > 900


def test_the_program_is_as_untraced(same_as_untraced: SameAsUntraced) -> None:
    ended = same_as_untraced(program=PROGRAM)
    assert ended.status == 0
    assert ended.stdout.count("RecursionError 42") == 4
