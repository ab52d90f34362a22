"""`--all` traces all code of the program, but not the code with which swifttrace starts it."""

import json
from pathlib import Path

import pytest
import swifttrace
from running import run_python

PROGRAM = """
import json, random, re
random.seed(1)

def work(number):
    return json.loads(json.dumps([random.random() for _ in range(number)]))

for number in range(20):
    work(number)
re.compile("a+")
"""

SAME = {"PYTHONHASHSEED": "0"}
COMMANDS = {"script": ["program.py"], "module": ["-m", "program"], "code": ["-c", PROGRAM]}


@pytest.mark.parametrize("options", [[], ["--values=safe"], ["--c-calls"], ["--source=settrace"]])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_two_runs_do_not_differ(tmp_path: Path, command: list[str], options: list[str]) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    for name in ("first.swt", "a-longer-name.swt"):
        words = ["record", "--all", "-o", name, *options, *command]
        assert run_python("-m", "swifttrace", *words, cwd=tmp_path, env=SAME).status == 0
    compared = run_python(
        "-m", "swifttrace", "diff", "first.swt", "a-longer-name.swt", cwd=tmp_path
    )
    assert compared.status == 0, compared.stdout
    event = next(iter(swifttrace.open(tmp_path / "first.swt")))
    expected = "_run_module_as_main" if command[0] == "-m" else "<module>"
    assert (event.kind, event.function.name, event.depth) == ("call", expected, 0)


@pytest.mark.parametrize("source", ["settrace", "auto"])
def test_live_events_begin_with_the_program_s(tmp_path: Path, source: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    texts = []
    for name in ("first.txt", "a-longer-name.txt"):
        words = ["--all", "--source", source, "--format", "json", "-o", name, "program.py"]
        assert run_python("-m", "swifttrace", *words, cwd=tmp_path, env=SAME).lines() == []
        texts.append((tmp_path / name).read_text())
    events = [[json.loads(line) for line in text.splitlines()] for text in texts]
    assert events[0][0]["event"] == "call"
    assert events[0][0]["function"] == "<module>"
    places = [[(e["event"], e["function"], e.get("line")) for e in run] for run in events]
    assert places[0] == places[1]


def test_a_block_begins_and_ends_with_its_own(tmp_path: Path) -> None:
    program = """
import swifttrace
def work(): pass
with swifttrace.record("run.swt", all=True, events=["call", "return", "c_call"]):
    work()
"""
    (tmp_path / "program.py").write_text(program)
    assert run_python("program.py", cwd=tmp_path).lines() == []
    events = [(e.event, e.function.name) for e in swifttrace.open(tmp_path / "run.swt")]
    assert events == [("call", "work"), ("return", "work")]
