"""Filters: the selection of traced code."""

import os
import sysconfig
from pathlib import Path

import pytest
from conftest import Run, RunTraced
from running import run_python, without_durations
from swifttrace._tracing.filters import foreign_folders

PROGRAM = """
import sys, swifttrace, json, helpers.text

class Parser:
    def parse(self, text):
        return self.read(text)

    def read(self, text):
        return helpers.text.strip(text)

def main():
    json.loads("[1]")
    return Parser().parse(" x ")

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout), FILTERS):
    main()
"""

HELPER = """
def strip(text):
    return text.strip()
"""


@pytest.fixture
def returned(run_program: Run, tmp_path: Path) -> "Returned":
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "text.py").write_text(HELPER)
    return Returned(run_program)


class Returned:
    """Runs the program with filters. Returns the names of the functions that returned."""

    def __init__(self, run_program: Run) -> None:
        self.run_program = run_program

    def __call__(self, filters: str) -> list[str]:
        lines = self.run_program(PROGRAM.replace("FILTERS", filters)).lines()
        return [line.removeprefix("Returning from ").partition(" ")[0] for line in lines]


def test_the_users_own_code(returned: Returned) -> None:
    assert returned("") == ["strip", "read", "parse", "main"]


def test_all_code(returned: Returned) -> None:
    assert returned("all=True") == [
        *["raw_decode", "decode", "loads"],
        *["strip", "read", "parse", "main"],
    ]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ("include=['program.py']", ["read", "parse", "main"]),
        ("include=['*/helpers/*']", ["strip"]),
        ("include=['helpers/text.py']", ["strip"]),
        ("include=['nothing.py']", []),
        ("include=['nothing.py', 'te[wx]t.p?']", ["strip"]),
        ("exclude=['program.py']", ["strip"]),
        ("exclude=['*']", []),
        ("include=['*.py'], exclude=['json/*', 'helpers/*']", ["read", "parse", "main"]),
        ("function=['main']", ["main"]),
        ("function=['Parser.*']", ["read", "parse"]),
        ("function=['Parser.read', 'strip']", ["strip", "read"]),
        ("function=['parse']", []),
        ("depth=1", ["main"]),
        ("depth=2", ["parse", "main"]),
        ("depth=None", ["strip", "read", "parse", "main"]),
        ("depth=1, function=['Parser.*']", ["parse"]),
        ("include=('helpers/*',), function=('s*',), depth=1", ["strip"]),
    ],
)
def test_filters(returned: Returned, filters: str, names: list[str]) -> None:
    assert returned(filters) == names


def test_include_brings_in_the_standard_library(returned: Returned) -> None:
    assert returned("include=['json/__init__.py']") == ["loads"]


def test_the_options_of_the_command_line(run_traced: RunTraced) -> None:
    program = """
import json

class Parser:
    def parse(self):
        return self.read()

    def read(self):
        return json.loads("1")

Parser().parse()
"""
    options = {
        "--function Parser.*": ["read", "parse"],
        "--function Parser.read --function <module>": ["read", "<module>"],
        "--depth 1": ["<module>"],
        "--depth=2": ["Parser", "parse", "<module>"],
        "--exclude program.py": [],
        "--include json/__init__.py": ["<module>", "loads"],
        "--include */json/* --exclude *coder.py --exclude scanner.py": ["<module>", "loads"],
        "--all --function loads": ["loads"],
    }
    for option, names in options.items():
        words = [*option.split(), "--format", "sentences", "--returns", "-o", "-"]
        lines = run_traced(program, *words).lines()
        shown = [line.removeprefix("Returning from ").partition(" ")[0] for line in lines]
        assert [name for name in shown if not name.startswith("_")] == names, option


def test_a_folder_of_the_users_own_that_is_named_like_the_librarys(tmp_path: Path) -> None:
    folder = tmp_path / "site-packages" / "json"
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text("def f(): pass\nf()\n")
    command = ["-m", "swifttrace", "-o", "-", "--format", "sentences", "--calls"]
    lines = run_python(*command, folder / "mine.py", cwd=tmp_path).lines()
    assert lines == ["Call to <module> at line 0", "Call to f at line 1"]


def test_a_module_of_the_standard_library_that_is_the_program_is_traced(tmp_path: Path) -> None:
    command = ["-m", "swifttrace", "-o", "trace.txt", "--format", "sentences", "--calls"]
    assert run_python(*command, "-m", "json.tool", cwd=tmp_path, stdin="[]").lines() == ["[]"]
    trace = (tmp_path / "trace.txt").read_text().splitlines()
    assert any(line.startswith("Call to main at line ") for line in trace)
    assert not any(line.startswith("Call to parse_args ") for line in trace)


def test_code_from_a_string_belongs_to_the_module_that_runs_it(run_traced: RunTraced) -> None:
    program = """
import collections, dataclasses

Point = collections.namedtuple("Point", "x y")

@dataclasses.dataclass
class Data:
    x: int

def f(): pass

exec("def made(): return 1")
made()
Point(1, 2)
f()
"""
    lines = run_traced(program, "--calls", "-o", "-").lines()
    assert "  made()" in lines
    assert "  f()" in lines
    assert not any("_make" in line or "__new__" in line for line in lines)


def test_swifttrace_itself_is_never_traced(run_traced: RunTraced) -> None:
    program = """
import swifttrace

def f(): pass

f()
swifttrace.traced(f)
"""
    traced = run_traced(program, "--all", "--calls", "-o", "-", "--include", "*/swifttrace/*")
    assert traced.lines() == []


def test_depth_counts_traced_frames_only(run_traced: RunTraced) -> None:
    program = """
import functools

def inner(x): return x

def outer():
    return functools.reduce(lambda a, b: inner(a), [1, 2])

sorted([2, 1], key=lambda x: outer())
"""
    shown = run_traced(program, "--depth", "3", "-o", "-").stdout
    assert without_durations(shown) == [
        "<module> program.py()",
        "  <lambda>(x=2)",
        "    outer()",
        "    └ 1",
        "  └ 1",
        "  <lambda>(x=1)",
        "    outer()",
        "    └ 1",
        "  └ 1",
        "└ None",
    ]


def test_the_folders_that_are_not_the_programs_own_are_those_of_sysconfig() -> None:
    folders = tuple(foreign_folders())
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        path = os.path.join(sysconfig.get_path(name), "")
        assert path.startswith(folders), (name, path, folders)
