"""Ownership of code that comes from strings, by the rules of docs/design.md."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import Ended, run_python, without_durations

SOURCES = ["settrace"] if sys.version_info < (3, 12) else ["settrace", "monitoring"]

# A library, in the site-packages of a virtual environment.
LIBRARY = """
import builtins

def make(text, name, file="<string>", **names):
    exec(compile(text, file, "exec"), names)
    return names[name]

def run(code, names):
    exec(code, names)

def nested(text, name):
    names = {}
    exec("def outer():\\n    names = {}\\n    exec(%r, names)\\n    return names" % text, names)
    return names["outer"]()[name]

def evaluate(text, **names):
    return eval(text, names)

def in_globals_of(function, text):
    exec(text, function.__globals__)

early = make("def early(): return early_inner()\\ndef early_inner(): return 1", "early")
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site-packages of a virtual environment, with the library and swifttrace."""
    import swifttrace

    folder = tmp_path_factory.mktemp("environment")
    command = [sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder)]
    subprocess.run(command, check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "strings_library.py").write_text(LIBRARY)
    beside = Path(swifttrace.__file__).parents[1]
    for name in os.listdir(beside):
        if name.partition(".")[0] in ("swifttrace", "_swifttrace") and not name.endswith(".pth"):
            (packages / name).symlink_to(beside / name)
    return packages


def names_in(packages: Path, folder: Path, program: str, *options: str) -> list[str]:
    """The names of the functions whose calls are shown, without modules."""
    (folder / "program.py").write_text(program)
    command = ["-m", "swifttrace", "--calls", "-o", "-", *options, "program.py"]
    done = subprocess.run(
        [packages.parents[2] / "bin" / "python", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    ended = Ended(done.stdout, done.stderr, done.returncode)
    shown = [line.strip().partition("(")[0] for line in ended.lines()]
    # From 3.14 on, a function of the class evaluates its annotations lazily.
    return [
        name
        for name in shown
        if name != "<module> program.py" and not name.endswith(".__annotate__")
    ]


PROGRAMS = {
    "a library's, with names of its own": (
        "import strings_library as s\n"
        "made = s.make('def made(): return inner()\\ndef inner(): return 1', 'made')\n"
        "def mine(): return made()\nmine()",
        ["mine"],
    ),
    "a library's, in a file's name of its own": (
        "import strings_library as s\n"
        "s.make('def made(): return 1', 'made', '<generated made>')()\ndef mine(): 1\nmine()",
        ["mine"],
    ),
    "a library's, with the name of the user's module": (
        "import strings_library as s\n"
        "s.make('def made(): return 1', 'made', __name__='__main__', __file__=__file__)()",
        [],
    ),
    "a library's, in the user's own names": (
        "import strings_library as s\n"
        "def mine(): return made()\n"
        "s.in_globals_of(mine, 'def made(): return 1')\nmine()",
        ["mine"],
    ),
    "a library's, made by what it has made": (
        "import strings_library as s\ns.nested('def made(): return 1', 'made')()",
        [],
    ),
    "a library's, by eval": (
        "import strings_library as s\ns.evaluate('lambda: (lambda: 1)()')()",
        [],
    ),
    "a library's class": (
        "import strings_library as s\n"
        "C = s.make('class C:\\n def made(self): return [x for x in range(2)]', 'C')\nC().made()",
        [],
    ),
    "compiled by the user, run by a library": (
        "import strings_library as s\nnames = {}\n"
        "s.run(compile('def made(): return 1', '<mine>', 'exec'), names)\nnames['made']()",
        [],
    ),
    "compiled by a library, run by the user": (
        "import codeop\nnames = {}\n"
        "exec(codeop.compile_command('def made(): return 1\\n', '<input>'), names)\n"
        "names['made']()",
        ["<module> <input>", "made"],
    ),
    "the user's, with names of its own": (
        "names = {}\nexec('def made(): return inner()\\ndef inner(): return 1', names)\n"
        "names['made']()",
        ["<module> <string>", "made", "inner"],
    ),
    "the user's, in the module's names": (
        "exec('def made(): return 1')\nmade()",
        ["<module> <string>", "made"],
    ),
    "the user's, by what the user's code has made": (
        "names = {}\n"
        "exec('exec(\"def made(): return 1\", {\"made\": 1}, names)', {'names': names})\n"
        "names['made']()",
        ["<module> <string>", "<module> <string>", "made"],
    ),
    "the user's, by eval": (
        "eval('(lambda: 1)()', {})",
        ["<module> <string>", "<lambda>"],
    ),
    "a namedtuple": (
        "import collections, typing\n"
        "P = collections.namedtuple('P', 'x y')\n"
        "class Q(typing.NamedTuple):\n x: int\n"
        "def mine(): return P(1, 2), Q(1), P._make([1, 2])\nmine()",
        ["Q", "mine"],
    ),
    "a dataclass": (
        "import dataclasses\n"
        "@dataclasses.dataclass(order=True, frozen=True)\nclass D:\n x: int\n"
        "def mine(): return D(1) < D(2), D(1) == D(1), hash(D(1)), repr(D(1))\nmine()",
        ["D", "mine"],
    ),
    "an enum": (
        "import enum\nE = enum.Enum('E', 'A B')\ndef mine(): return E.A, E('x' and 1)\nmine()",
        ["mine"],
    ),
    "timeit": (
        "import timeit\ndef mine(): pass\ntimeit.timeit('mine()', number=1, globals=globals())",
        ["<module> <timeit-src>", "inner", "mine"],
    ),
    "code.InteractiveInterpreter": (
        "import code\ndef mine(): pass\n"
        "code.InteractiveInterpreter(globals()).runsource('mine()', '<console>', 'exec')",
        ["<module> <console>", "mine"],
    ),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("case", PROGRAMS)
def test_code_belongs_to_whoever_runs_it(
    packages: Path, tmp_path: Path, case: str, source: str
) -> None:
    program, names = PROGRAMS[case]
    assert names_in(packages, tmp_path, program, "--source", source) == names


def test_a_doctest_is_the_users_own(packages: Path, tmp_path: Path) -> None:
    program = (
        "import doctest\ndef mine():\n    '''\n    >>> mine()\n    1\n"
        "    >>> (lambda: mine())()\n    1\n    '''\n    return 1\ndoctest.testmod()"
    )
    assert names_in(packages, tmp_path, program) == [
        "<module> <doctest __main__.mine[0]>",
        "mine",
        "<module> <doctest __main__.mine[1]>",
        "<lambda>",
        "mine",
    ]


def test_code_that_was_made_before_is_the_librarys_if_nothing_is_known(
    packages: Path, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(
        "import collections, dataclasses, sys, swifttrace\n"
        "import strings_library as s\n"
        "@dataclasses.dataclass\nclass D:\n    x: int\n"
        "P = collections.namedtuple('P', 'x')\n"
        "exec('def made(): return 1')\n"
        "def mine(): return D(1), P(1), s.early(), made()\n"
        "with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):\n    mine()\n"
    )
    done = subprocess.run(
        [packages.parents[2] / "bin" / "python", "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.splitlines(), done.stderr) == (
        ["Call to mine at line 8", "Call to made at line 1"],
        "",
    )


def test_all_shows_what_a_library_has_made(packages: Path, tmp_path: Path) -> None:
    program = "import strings_library as s\ns.make('def made(): return 1', 'made')()"
    assert "made" in names_in(packages, tmp_path, program, "--all")


@pytest.mark.parametrize(
    ("command", "stdin"),
    [(["-c", "def f(): 1\nf()"], ""), (["/dev/stdin"], "def f(): 1\nf()")],
    ids=["-c", "standard input"],
)
def test_the_program_itself_is_the_users_own(
    tmp_path: Path, command: list[str], stdin: str
) -> None:
    options = ["-m", "swifttrace", "--calls", "-o", "-"]
    shown = run_python(*options, *command, cwd=tmp_path, stdin=stdin).stdout.splitlines()
    assert shown[1:] == ["  f()"]


@pytest.mark.parametrize("package", ["attrs", "pydantic", "jinja2", "sympy"])
def test_what_packages_make_is_theirs(tmp_path: Path, package: str) -> None:
    pytest.importorskip({"attrs": "attr"}.get(package, package))
    programs = {
        "attrs": "import attr\n@attr.s(auto_attribs=True, order=True)\nclass C:\n    x: int\n"
        "def mine(): return C(1) < C(2), repr(C(1)), C(1) == C(1)\nmine()",
        "pydantic": "import pydantic\nclass C(pydantic.BaseModel):\n    x: int\n"
        "def mine(): return C(x=1), C(x=1).model_dump()\nmine()",
        "jinja2": "import jinja2\nclass C: pass\n"
        "def mine(): return jinja2.Template('{{ x }}').render(x=1)\nmine()",
        "sympy": "import sympy\nclass C: pass\nx = sympy.Symbol('x')\n"
        "def mine(): return sympy.lambdify(x, x + 1)(1)\nmine()",
    }
    (tmp_path / "program.py").write_text(programs[package])
    command = ["-m", "swifttrace", "--calls", "-o", "-", "program.py"]
    shown = without_durations(run_python(*command, cwd=tmp_path).stdout)
    calls = [line.strip() for line in shown[1:] if ".__annotate__(" not in line]
    assert calls == ["C()", "mine()"]
