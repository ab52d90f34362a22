"""`stats`: combinations of options, and the destination of its text."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest
from running import Ended, run, run_python

PROGRAM = """\
import threading

def gr\u00f6\u00dfe(n):
    return [
        item
        for item in range(n)
    ]

thread = threading.Thread(target=gr\u00f6\u00dfe, args=[3])
thread.start()
thread.join()
gr\u00f6\u00dfe(5)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of the program, whose path has a dot in it."""
    path: Path = tmp_path_factory.mktemp("stats")
    (path / "program.py").write_text(PROGRAM)
    script = f"{path}/./program.py"
    words = ("-c", f"import runpy; runpy.run_path({script!r})")
    assert run_python("-m", "swifttrace", "record", *words, cwd=path).status == 0
    return path


def stats(folder: Path, *options: str) -> Ended:
    return run_python("-m", "swifttrace", "stats", *options, "run.swt", cwd=folder)


def test_lines_of_threads_say_which_thread(folder: Path) -> None:
    text = stats(folder, "--lines", "--by", "thread", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["thread"] for row in rows if row["line"] == "4"} == {"0", "1"}
    found = json.loads(stats(folder, "--lines", "--by", "thread", "--format", "json").stdout)
    assert {row["thread"] for row in found if row["line"] == 4} == {0, 1}
    table = stats(folder, "--lines", "--by", "thread").stdout
    assert table.split()[:4] == ["process", "thread", "hits", "total"]


def test_lines_are_sorted_as_asked(folder: Path) -> None:
    def rows(sort: str) -> list[dict[str, str]]:
        text = stats(folder, "--lines", "--format", "csv", "--sort", sort).stdout
        return list(csv.DictReader(io.StringIO(text)))

    places = [(row["file"], int(row["line"])) for row in rows("name")]
    assert places == sorted(places)
    means = [int(row["total"]) / max(1, int(row["hits"])) for row in rows("mean")]
    assert means == sorted(means, reverse=True)
    ended = stats(folder, "--lines", "--sort", "raised")
    assert (ended.stdout, ended.status) == ("", 2)
    assert "lines cannot be sorted by raised: omit --lines" in ended.stderr


@pytest.mark.parametrize(
    "options", [["--format", "json"], ["--top", "3"], ["--function", "f"], ["--by", "thread"]]
)
def test_a_listing_refuses_what_it_cannot_obey(folder: Path, options: list[str]) -> None:
    ended = stats(folder, "--source", "program.py", *options)
    assert (ended.stdout, ended.status) == ("", 2)
    assert f"--source shows a whole file: leave {options[0]} out" in ended.stderr


def test_the_source_is_found_by_its_path_without_dots(folder: Path) -> None:
    for path in ("program.py", "./program.py", f"{folder}/program.py", f"{folder}/./program.py"):
        ended = stats(folder, "--source", path)
        assert (ended.stderr, ended.status) == ("", 0), path
        assert len(ended.stdout.splitlines()) == len(PROGRAM.splitlines()) + 1


@pytest.mark.parametrize("command", ["stats", "show"])
def test_what_is_not_there_cannot_be_chosen(folder: Path, command: str) -> None:
    for option, words in (
        ("--thread", "the recording has no thread 77; the last is 1"),
        ("--process", "the recording has no process 77; it has "),
    ):
        ended = run_python("-m", "swifttrace", command, option, "77", "run.swt", cwd=folder)
        assert (ended.stdout, ended.status) == ("", 2)
        assert words in ended.stderr


VIEWS = [
    ["stats", "run.swt"],
    ["stats", "--lines", "run.swt"],
    ["stats", "--source", "program.py", "run.swt"],
    ["stats", "--format", "json", "run.swt"],
    ["callers", "run.swt", "gr*"],
    ["diff", "run.swt", "run.swt"],
]


@pytest.mark.parametrize("words", VIEWS)
def test_other_encodings_have_the_text_in_their_letters(folder: Path, words: list[str]) -> None:
    ended = run_python("-m", "swifttrace", *words, cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert (ended.stderr, ended.status) == ("", 0)
    if words[0] == "callers":
        assert "gr\\xf6\\xdfe" in ended.stdout


@pytest.mark.parametrize("words", VIEWS)
def test_a_closed_output_is_told_in_a_line(folder: Path, words: list[str]) -> None:
    quoted = " ".join(f"'{word}'" for word in (sys.executable, "-m", "swifttrace", *words))
    ended = run("sh", "-c", f"{quoted} >&-", cwd=folder)
    assert ended.stderr == (
        f"swifttrace {words[0]}: cannot write: standard output is closed "
        f"(see swifttrace {words[0]} --help)\n"
    )
    assert ended.status == 2


def test_a_source_whose_path_is_no_utf8(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.py")
    Path(path).write_text("x = 1\n")
    assert run_python("-m", "swifttrace", "record", path, cwd=tmp_path).status == 0
    for name in (path, os.path.basename(path)):
        ended = stats(tmp_path, "--source", name)
        assert (ended.stderr, ended.status) == ("", 0)
        assert ended.stdout.splitlines()[1].endswith("x = 1")


def test_a_file_with_any_name_is_one_row(tmp_path: Path) -> None:
    program = "exec(compile('x = 1', 'line\\nand \\x1b[31mred', 'exec'))\n"
    (tmp_path / "program.py").write_text(program)
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=tmp_path).status == 0
    for options in ([], ["--lines"]):
        lines = stats(tmp_path, *options).stdout.splitlines()
        assert len(lines) == 3
        assert sum(line.endswith(r"line\nand \x1b[31mred:1") for line in lines) == 1
