"""Filters that match nothing: a line names what would match."""

import json
from pathlib import Path

import pytest
from conftest import RunRecorded
from running import Ended, run_python

PROGRAM = """
import json


def parse(text):
    return json.loads(text)


def main():
    parse("1")
    try:
        parse("{")
    except ValueError:
        print("caught")


main()
raise SystemExit(3)
"""


@pytest.fixture
def folder(run_recorded: RunRecorded, tmp_path: Path) -> Path:
    assert run_recorded(PROGRAM).status == 3
    return tmp_path


def swifttrace(folder: Path, *words: str) -> Ended:
    return run_python("-m", "swifttrace", *words, cwd=folder)


@pytest.mark.parametrize(
    "command", [[], ["record"], ["--format", "json"], ["--source", "settrace"]]
)
@pytest.mark.parametrize(
    ("option", "glob", "message"),
    [
        (
            "--include",
            "src/foo.py",
            "nothing matched --include 'src/foo.py'; files that ran: program.py",
        ),
        (
            "--function",
            "Parser.*",
            "nothing matched --function 'Parser.*'; functions that ran: <module>, main, parse",
        ),
        ("--exclude", "*.py", "nothing is left by --exclude '*.py'; files that ran: program.py"),
    ],
)
def test_tracing(tmp_path: Path, command: list[str], option: str, glob: str, message: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    ended = swifttrace(tmp_path, *command, option, glob, "program.py")
    assert (ended.stdout, ended.status) == ("caught\n", 3)
    assert ended.stderr.splitlines()[-1] == f"swifttrace: {message}"


def test_filters_that_match_are_silent(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("def f(): pass\nf()\n")
    for words in (["--function", "f"], ["--include", "pro*"], []):
        assert "nothing" not in swifttrace(tmp_path, *words, "program.py").stderr


def test_a_child_that_matches_nothing_is_silent(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import os, sys\nif os.fork() == 0: sys.exit()\nos.wait()\ndef late(): pass\nlate()\n"
    )
    ended = swifttrace(tmp_path, "--function", "late", "program.py")
    assert "nothing" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["stats", "--include", "src/foo.py"],
            "nothing matched --include 'src/foo.py'; files that ran: program.py",
        ),
        (
            ["stats", "--function", "nope"],
            "nothing matched --function 'nope'; functions that ran: <module>, main, parse",
        ),
        (
            ["show", "--exclude", "*"],
            "nothing matched --exclude '*'; files that ran: program.py",
        ),
        (
            ["show", "--function", "nope", "--format", "json"],
            "nothing matched --function 'nope'; functions that ran: <module>, main, parse",
        ),
        (["show", "--min-duration", "1000s"], "nothing matched --min-duration"),
        (["callers", "nope"], "nothing matched 'nope'; functions that ran: <module>, main, parse"),
        (
            ["callees", "run.swt", "a", "b"],
            "nothing matched 'a' 'b'; functions that ran: <module>, main, parse",
        ),
        (
            ["paths", "KeyError"],
            "nothing matched 'KeyError'; exceptions that were raised: SystemExit, "
            "json.decoder.JSONDecodeError",
        ),
    ],
)
def test_reading(folder: Path, words: list[str], message: str) -> None:
    ended = swifttrace(folder, *words)
    assert (ended.stdout, ended.status) == ("", 1)
    assert ended.stderr == f"swifttrace: {message}\n"


def test_times_outside_of_the_recording(folder: Path) -> None:
    ended = swifttrace(folder, "show", "--from", "1000")
    assert (ended.stdout, ended.status) == ("", 1)
    assert ended.stderr.startswith(
        "swifttrace: nothing matched --from 1000: the events are from 0 to "
    )


def test_empty_machine_formats_are_valid(folder: Path) -> None:
    ended = swifttrace(folder, "stats", "--function", "nope", "--format", "json")
    assert (json.loads(ended.stdout), ended.status) == ([], 1)
    ended = swifttrace(folder, "callers", "--format", "json", "nope")
    assert (json.loads(ended.stdout), ended.status) == ([], 1)


def test_a_recording_without_events(tmp_path: Path, run_recorded: RunRecorded) -> None:
    run_recorded("def f(): pass\n", "--function", "f")
    for command in (["stats"], ["show"]):
        ended = swifttrace(tmp_path, *command)
        assert (ended.stdout, ended.status) == ("", 1)
        assert ended.stderr == "swifttrace: run.swt has no events\n"


@pytest.mark.parametrize(
    "words", [["stats"], ["show"], ["info"], ["callers", "parse"], ["diff", "run.swt"]]
)
def test_run_swt_is_the_default(folder: Path, words: list[str]) -> None:
    ended = swifttrace(folder, *words)
    assert (ended.stderr, ended.status) == ("", 0)
    assert ended.stdout
    (folder / "run.swt").unlink()
    ended = swifttrace(folder, *words)
    assert ended.status == 2
    assert (
        "cannot read run.swt: No such file or directory; name a recording, or make one with "
        "swifttrace record" in ended.stderr
    )


def test_options_stand_anywhere(folder: Path) -> None:
    whole = swifttrace(folder, "callers", "run.swt", "parse").stdout
    for words in (
        ["callers", "parse"],
        ["callers", "--top", "5", "parse"],
        ["callers", "run.swt", "--top", "5", "parse"],
        ["callers", "parse", "--top", "5", "nope"],
    ):
        assert swifttrace(folder, *words).stdout == whole
    ended = swifttrace(folder, "callers", "run.swt")
    assert (ended.stdout, ended.status) == ("", 2)
    assert "missing name: what to look for in run.swt" in ended.stderr


def test_a_misspelled_command_is_named(tmp_path: Path) -> None:
    for word in ("statss", "stat"):  # The second is a program of most systems.
        ended = swifttrace(tmp_path, word, "run.swt")
        assert ended.status == 2
        assert "; did you mean swifttrace stats? (see swifttrace --help)\n" in ended.stderr
    assert "did you mean" not in swifttrace(tmp_path, "zzzz.py").stderr
    assert "did you mean" not in swifttrace(tmp_path, "record", "stat").stderr


def test_help_has_each_command(tmp_path: Path) -> None:
    from swifttrace._cli.commands import COMMANDS

    text = swifttrace(tmp_path, "--help").stdout
    for name, line in COMMANDS.items():
        assert f"    {name:10}{line}\n" in text
        assert swifttrace(tmp_path, name, "--help").status == 0
