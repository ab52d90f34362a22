"""Code that a filter excluded has its own row, as far as its time is known."""

import csv
import io
from pathlib import Path

import pytest
import swifttrace
from running import run_python

# `own` calls a library, which sleeps before, between and after its callbacks.
LIBRARY = """\
import time

def run(functions):
    for function in functions:
        time.sleep(0.05)
        function()
    time.sleep(0.05)
"""
PROGRAM = """\
import time
import library

def one():
    time.sleep(0.02)

def own():
    time.sleep(0.03)
    one()

def main():
    library.run([one, one])
    own()

main()
"""
WAITED = 150_000_000
BETWEEN = 50_000_000


@pytest.fixture(scope="module", params=["auto", "settrace"])
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder with a recording of user code, for each source of events."""
    path: Path = tmp_path_factory.mktemp("left_out")
    (path / "program.py").write_text(PROGRAM)
    (path / "library.py").write_text(LIBRARY)
    for name, options in (
        ("run", ("--calls", "--returns")),
        ("lines", ()),
        ("values", ("--calls", "--returns", "--values", "safe")),
    ):
        ended = run_python(
            *("-m", "swifttrace", "record", "--source", request.param, "-o", f"{name}.swt"),
            *(*options, "--exclude", "library.py", "program.py"),
            cwd=path,
        )
        assert ended.status == 0, ended.stderr
    return path


@pytest.mark.parametrize("name", ["run", "lines", "values"])
def test_it_has_a_row_of_its_own(folder: Path, name: str) -> None:
    rows = {row.name: row for row in swifttrace.open(folder / f"{name}.swt").stats()}
    missing = rows["(not recorded)"]
    # Before the first callback and after the last, only line events separate the library from its
    # caller.
    certain = WAITED if name == "lines" else BETWEEN
    assert certain <= missing.own < certain + 45_000_000
    assert missing.total == missing.own
    assert WAITED - certain <= rows["main"].own < WAITED - certain + 45_000_000
    # Sleeping in the program itself, or in its C calls, is its own time.
    assert 30_000_000 <= rows["own"].own < WAITED
    assert 60_000_000 <= rows["one"].own < WAITED
    assert sum(row.own for row in rows.values()) == rows["<module>"].total


def test_the_table_shows_it(folder: Path) -> None:
    table = run_python("-m", "swifttrace", "stats", "run.swt", cwd=folder).stdout.splitlines()
    assert any(line.split()[-2:] == ["(not", "recorded)"] for line in table)
    text = run_python("-m", "swifttrace", "stats", "--format", "csv", "run.swt", cwd=folder).stdout
    (row,) = [
        row for row in csv.DictReader(io.StringIO(text)) if row["function"] == "(not recorded)"
    ]
    assert int(row["own"]) >= BETWEEN


def test_lines_of_the_caller_are_without_it(folder: Path) -> None:
    rows = swifttrace.open(folder / "lines.swt").stats(lines=True)
    (line,) = [line for row in rows for line in row.lines if row.name == "main" and line.line == 12]
    assert line.total >= WAITED
    assert line.own < 50_000_000


def test_exports_have_it(folder: Path) -> None:
    text = run_python(
        "-m", "swifttrace", "export", "--to", "collapsed", "-o", "-", "run.swt", cwd=folder
    ).stdout
    (line,) = [line for line in text.splitlines() if line.split(" ")[-2].endswith("recorded)")]
    stack, _, time = line.rpartition(" ")
    assert stack.split(";")[-2].startswith("main (")
    assert int(time) >= BETWEEN
    text = run_python(
        "-m", "swifttrace", "export", "--to", "callgrind", "-o", "-", "run.swt", cwd=folder
    ).stdout
    assert "(not recorded)" in text
    assert "calls=" in text


def test_what_a_with_block_does_is_the_functions_own(tmp_path: Path) -> None:
    # `contextlib`, which is not recorded, resumes the generator before and after the block.
    (tmp_path / "program.py").write_text(
        "import contextlib, time\n"
        "@contextlib.contextmanager\ndef timer():\n    yield\n"
        "def block():\n    with timer():\n        time.sleep(0.05)\n"
        "block()\nblock()\n"
    )
    for options in ((), ("--calls", "--returns")):
        ended = run_python(
            "-m", "swifttrace", "record", "--force", *options, "program.py", cwd=tmp_path
        )
        assert ended.status == 0
        rows = {row.name: row for row in swifttrace.open(tmp_path / "run.swt").stats()}
        assert rows["block"].own >= 100_000_000


def test_a_library_that_calls_nothing_back_is_its_callers(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import library\nlibrary.run([])\n")
    (tmp_path / "library.py").write_text(LIBRARY)
    ended = run_python(
        "-m", "swifttrace", "record", "--exclude", "library.py", "program.py", cwd=tmp_path
    )
    assert ended.status == 0
    (row,) = swifttrace.open(tmp_path / "run.swt").stats()
    assert row.name == "<module>"
    assert row.own >= 50_000_000
