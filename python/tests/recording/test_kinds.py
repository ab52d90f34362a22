"""The recorded kinds of events are those that were requested, and no others."""

import sys
from pathlib import Path

import pytest
import swifttrace
from running import run_python

# Calls small functions so often that the short records are used.
PROGRAM = """\
def leaf(number):
    return number

def generate(end):
    for number in range(end):
        yield number

def fail():
    raise ValueError

def main():
    for number in generate(50):
        leaf(number)
    try:
        fail()
    except ValueError:
        pass

main()
"""
ENTERED = {"call", "resume"}
LEFT = {"return", "yield", "unwind"}
SOURCES = ["settrace", "monitoring"] if sys.version_info >= (3, 12) else ["settrace"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        (["--lines"], {"line"}),
        (["--calls"], ENTERED),
        (["--returns"], LEFT),
        (["--exceptions"], {"exception"}),
        (["--lines", "--returns"], {"line"} | LEFT),
        (["--calls", "--lines"], {"line"} | ENTERED),
        (["--calls", "--returns"], ENTERED | LEFT),
        ([], {"line", "exception"} | ENTERED | LEFT),
    ],
)
def test_only_what_was_asked_for_is_recorded(
    tmp_path: Path, options: list[str], kinds: set[str], source: str
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    words = ["-m", "swifttrace", "record", "--source", source, *options, "program.py"]
    ended = run_python(*words, cwd=tmp_path)
    assert ended.status == 0, ended.stderr
    assert {event.kind for event in swifttrace.open(tmp_path / "run.swt")} == kinds
