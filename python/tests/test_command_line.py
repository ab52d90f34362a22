"""The options and the output of the command line."""

import sys
from pathlib import Path

import pytest
from conftest import RunTraced
from running import Ended, run, run_python, without_durations, without_folder

PROGRAM = """\
class Shop:
    def __init__(self, prices):
        self.prices = prices

    def total(self, discount=0):
        result = sum(self.prices)
        return result - discount


def numbers():
    yield 1


def main():
    shop = Shop([3, 4])
    print(shop.total(discount=1))
    list(numbers())
    try:
        shop.total(None)
    except TypeError:
        pass


main()
"""


def without_addresses(lines: list[str]) -> list[str]:
    return [
        line.replace(line.partition(" at 0x")[2][:12], "") if " at 0x" in line else line
        for line in lines
    ]


def test_the_default_is_a_tree_on_standard_error(run_traced: RunTraced) -> None:
    ended = run_traced(PROGRAM)
    assert (ended.stdout, ended.status) == ("6\n", 0)
    assert without_addresses(without_durations(ended.stderr)) == [
        "<module> program.py()",
        "  Shop()",
        "  └ None",
        "  main()",
        "    Shop.__init__(self=<__main__.Shop object at 0x>, prices=[3, 4])",
        "    └ None",
        "    Shop.total(self=<__main__.Shop object at 0x>, discount=1)",
        "    └ 6",
        "    numbers()",
        "    ├ yield 1",
        "    ↻ numbers",
        "    └ None",
        "    Shop.total(self=<__main__.Shop object at 0x>, discount=None)",
        "    ✗ TypeError",
        "  └ None",
        "└ None",
    ]


SENTENCES = {
    "--calls": """\
Call to <module> at line 0
Call to Shop at line 1
Call to main at line 14
Call to __init__ at line 2
Call to total at line 5
Call to numbers at line 10
Resuming numbers at line 11
Call to total at line 5
""",
    "--returns": """\
Returning from Shop with value None
Returning from __init__ with value None
Returning from total with value 6
Yielding from numbers with value 1
Returning from numbers with value None
Unwinding total with TypeError
Returning from main with value None
Returning from <module> with value None
""",
    "--lines": "".join(
        f"Executing line {number} in FOLDER/program.py\n"
        for number in [
            *[1, 1, 2, 5, 10, 14, 24],
            *[15, 3, 16, 6, 7, 17, 11, 11, 18, 19, 6, 7, 20, 21],
        ]
    ),
}


@pytest.mark.parametrize("option", list(SENTENCES))
def test_sentences(run_traced: RunTraced, tmp_path: Path, option: str) -> None:
    ended = run_traced(PROGRAM, "--format", "sentences", option, "-o", "trace.txt")
    assert ended.lines() == ["6"]
    expected = SENTENCES[option].replace("FOLDER", str(tmp_path)).splitlines()
    shown = (tmp_path / "trace.txt").read_text().splitlines()
    if option == "--lines":
        # CPython 3.11 and 3.12 report the line of a class or generator a different number of times.
        shown = [line for line, before in zip(shown, ["", *shown], strict=False) if line != before]
        expected = [e for e, before in zip(expected, ["", *expected], strict=False) if e != before]
    assert shown == expected


EVENTS = """\
Calling function: <module>
Executing line 1 in <module>:FOLDER/program.py
Executing line 4 in <module>:FOLDER/program.py
Calling function: f
Executing line 2 in f:FOLDER/program.py
f returned 1
<module> returned None
"""


@pytest.mark.parametrize("options", [["--events"], [], ["--calls", "--lines", "--returns"]])
def test_sentences_of_all_events(run_traced: RunTraced, tmp_path: Path, options: list[str]) -> None:
    program = "def f():\n    return 1\n\nf()\n"
    ended = run_traced(program, "--format=sentences", *options, "-o", "-")
    assert ended.stdout == EVENTS.replace("FOLDER", str(tmp_path))
    assert (ended.stderr, ended.status) == ("", 0)


def test_two_kinds_of_sentences(run_traced: RunTraced) -> None:
    program = "def f():\n    return 1\n\nf()\n"
    ended = run_traced(program, "--format", "sentences", "--calls", "--returns", "-o", "-")
    assert ended.lines() == [
        "Call to <module> at line 0",
        "Call to f at line 1",
        "Returning from f with value 1",
        "Returning from <module> with value None",
    ]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--calls"], ["<module> program.py()", "  f(x=2)"]),
        (["--returns"], ["  └ 2", "└ None"]),
        (["--calls", "--returns"], ["<module> program.py()", "  f(x=2)", "  └ 2", "└ None"]),
    ],
)
def test_the_tree_of_some_events(
    run_traced: RunTraced, options: list[str], shown: list[str]
) -> None:
    ended = run_traced("def f(x): return x\nf(2)\n", *options, "-o", "-")
    assert without_durations(ended.stdout) == shown


def test_the_tree_with_lines(run_traced: RunTraced, tmp_path: Path) -> None:
    ended = run_traced("def f():\n    return 2\nf()\n", "--events", "-o", "-")
    assert without_durations(ended.stdout) == [
        "<module> program.py()",
        f"  · {tmp_path}/program.py:1",
        f"  · {tmp_path}/program.py:3",
        "  f()",
        f"    · {tmp_path}/program.py:2",
        "  └ 2",
        "└ None",
    ]


def test_a_file_for_the_text(run_traced: RunTraced, tmp_path: Path) -> None:
    (tmp_path / "trace.txt").write_text("what was there before")
    program = "import os\nos.chdir('/')\n"
    assert run_traced(program, "--calls", "-o", "trace.txt").lines() == []
    assert without_folder((tmp_path / "trace.txt").read_text()) == "<module> program.py()\n"


def test_a_dash_is_standard_output_in_order(run_traced: RunTraced) -> None:
    program = "def f(): print('inside')\nprint('before')\nf()\n"
    assert run_traced(program, "--calls", "-o", "-").lines() == [
        "<module> program.py()",
        "before",
        "  f()",
        "inside",
    ]


def test_code(tmp_path: Path) -> None:
    code = "import sys\ndef f(): return sys.argv\nf()"
    command = ["-m", "swifttrace", "-o", "-", "-c", code, "a", "-o", "b"]
    ended = run_python(*command, cwd=tmp_path)
    assert without_durations(ended.stdout) == [
        "<module> <string>()",
        "  f()",
        "  └ ['-c', 'a', '-o', 'b']",
        "└ None",
    ]


def test_a_module(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys\nprint(sys.argv[1:])\n")
    command = ["-m", "swifttrace", "--calls", "-o", "-", "-m", "tool", "--lines", "x"]
    assert run_python(*command, cwd=tmp_path).lines() == ["<module> tool.py()", "['--lines', 'x']"]


def test_arguments_behind_the_script_are_the_programs(run_traced: RunTraced) -> None:
    program = "import sys\nprint(sys.argv)\n"
    arguments = ("--lines", "-o", "x", "--help", "--", "-m", "", "ä", "--depth", "0")
    ended = run_traced(program, "--calls", "-o", "-", arguments=arguments)
    assert without_folder(ended.stdout) == f"<module> program.py()\n{['program.py', *arguments]}\n"
    assert not Path("x").exists()


def test_help(tmp_path: Path) -> None:
    ended = run_python("-m", "swifttrace", "--help", cwd=tmp_path)
    assert (ended.stderr, ended.status) == ("", 0)
    assert ended.stdout.startswith("usage: ")
    for option in [
        *["-m ", "-c ", "--calls", "--lines", "--returns", "--events", "--format", "-o FILE"],
        *["--include", "--exclude", "--function", "--depth", "--all", "--version"],
    ]:
        assert f"  {option}" in ended.stdout
    _, _, examples = ended.stdout.partition("examples:\n")
    assert "swifttrace script.py" in examples
    assert "-o trace.txt" in examples


def test_the_examples_of_the_help_are_right(tmp_path: Path) -> None:
    import shlex

    (tmp_path / "script.py").touch()
    (tmp_path / "mypackage").mkdir()
    (tmp_path / "mypackage" / "__main__.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_nothing.py").write_text("def test_nothing(): pass\n")
    _, _, examples = run_python("-m", "swifttrace", "-h", cwd=tmp_path).stdout.partition(
        "examples:\n"
    )
    words = [shlex.split(line.partition("   ")[0]) for line in examples.splitlines()]
    ran = 0
    for name, *arguments in words:
        assert name == "swifttrace"
        if "http.server" in arguments:
            continue
        ended = run_python("-m", "swifttrace", *arguments, cwd=tmp_path)
        assert ended.status == 0, ended.stderr
        ran += 1
    assert ran >= 3


def test_the_version(tmp_path: Path) -> None:
    import swifttrace

    ended = run_python("-m", "swifttrace", "--version", cwd=tmp_path)
    assert ended.lines() == [f"swifttrace {swifttrace.__version__}"]


@pytest.fixture
def command() -> Path:
    """The console script, beside this Python."""
    path = Path(sys.executable).with_name("swifttrace")
    assert path.is_file(), "the package is not installed"
    return path


def test_the_command_does_what_the_module_does(command: Path, tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("def f(x): return x\n")
    (tmp_path / "program.py").write_text(
        "import sys, neighbour\nneighbour.f(sys.argv)\nprint(sys.path)\nsys.exit(7)\n"
    )

    def both(*words: str) -> tuple[Ended, Ended]:
        options = ["--format", "sentences", "-o", "-"]
        return (
            run(command, *options, *words, cwd=tmp_path),
            run_python("-m", "swifttrace", *options, *words, cwd=tmp_path),
        )

    for words in [
        ["program.py", "-x"],
        ["-m", "program"],
        ["-c", "import program"],
        ["--help"],
        ["--depth", "0", "program.py"],
        ["nothing.py"],
    ]:
        by_command, by_module = both(*words)
        assert by_command == by_module, words
    assert both("program.py")[0].status == 7
