"""A traced program finds the interpreter in the same state as untraced."""

import sys
import zipfile
from pathlib import Path

import pytest
from conftest import RunTraced, SameAsUntraced
from running import run, run_python

# Facts about the start that a program can observe.
STATE = """
import sys, os, json
import __main__

def show(name, value):
    print(f"{name}: {value!r}")

show("argv", sys.argv)
show("original argv", sys.orig_argv)
show("options", (sys._xoptions, sys.warnoptions))
show("path", sys.path)
show("name", __name__)
show("file", globals().get("__file__"))
show("cached", globals().get("__cached__"))
show("package", globals().get("__package__", "none"))
show("spec", __spec__ and (__spec__.name, __spec__.origin, __spec__.cached, __spec__.parent))
show("loader", type(__loader__))
show("loader name", getattr(__loader__, "name", None))
show("loader path", getattr(__loader__, "path", None))
show("doc", __doc__)
show("globals", sorted(globals()))
show("annotations", globals().get("__annotations__", "none"))
show("order", list(globals())[:9])
show("main", __main__.__dict__ is globals() and sys.modules["__main__"] is __main__)
show("builtins", __builtins__)
show("flags", sys.flags)
show("cwd", os.getcwd())
show("executable", sys.executable)
show("recursion", sys.getrecursionlimit())
show("switch", sys.getswitchinterval())
show("dont_write_bytecode", sys.dont_write_bytecode)
show("warnings", sys.warnoptions)
show("excepthook", sys.excepthook is sys.__excepthook__)
show("stdin", sys.stdin.read())
show("isatty", [f.isatty() for f in (sys.stdin, sys.stdout, sys.stderr)])
show("buffering", [sys.stdout.line_buffering, sys.stderr.line_buffering])
show("back", [frame.name for frame in __import__("traceback").extract_stack()])
show("profile", sys.getprofile())
show("environ", sorted(os.environ))
show("signals", __import__("signal").getsignal(2))
"""


def test_a_script(same_as_untraced: SameAsUntraced) -> None:
    ended = same_as_untraced("program.py", "a", "--lines", program=STATE, stdin="input\n")
    assert "argv: ['program.py', 'a', '--lines']\n" in ended.stdout
    assert "back: ['<module>']\n" in ended.stdout
    assert ended.stderr == ""


def test_a_script_of_another_folder(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "tool.py").write_text("import neighbour\n" + STATE)
    (tmp_path / "folder" / "neighbour.py").write_text("print('imported')\n")
    for path in ["folder/tool.py", "./folder/../folder/tool.py", str(tmp_path / "folder/tool.py")]:
        assert "imported\n" in same_as_untraced(path).stdout


def test_a_symbolic_link_to_a_script(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "tool.py").write_text("import neighbour\n" + STATE)
    (tmp_path / "folder" / "neighbour.py").write_text("print('imported')\n")
    (tmp_path / "link").symlink_to("folder/tool.py")
    ended = same_as_untraced("link", "x")
    assert f"path: ['{tmp_path}/folder'" in ended.stdout


def test_a_module(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(STATE)
    ended = same_as_untraced("-m", "tool", "a", "-c", stdin="input\n")
    assert f"argv: ['{tmp_path}/tool.py', 'a', '-c']\n" in ended.stdout
    assert "spec: ('tool', " in ended.stdout


def test_a_module_of_a_package(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "package" / "inner").mkdir(parents=True)
    (tmp_path / "package" / "__init__.py").write_text("import sys\nprint('package', sys.argv)\n")
    (tmp_path / "package" / "inner" / "__init__.py").write_text("value = 5\n")
    (tmp_path / "package" / "inner" / "tool.py").write_text("from . import value\n" + STATE)
    ended = same_as_untraced("-m", "package.inner.tool", "a")
    assert "package: 'package.inner'\n" in ended.stdout


def test_a_package_with_a_main(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("value = 5\n")
    (tmp_path / "package" / "__main__.py").write_text("from . import value\n" + STATE)
    ended = same_as_untraced("-m", "package", "a")
    assert "spec: ('package.__main__', " in ended.stdout


def test_a_package_without_a_main(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    untraced = run_python("-m", "package", cwd=tmp_path)
    assert "is a package and cannot be directly executed" in untraced.stderr
    traced = run_python("-m", "swifttrace", "-o", "trace.txt", "-m", "package", cwd=tmp_path)
    assert traced == untraced


def test_a_namespace_package(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "space").mkdir()
    (tmp_path / "space" / "tool.py").write_text(STATE)
    same_as_untraced("-m", "space.tool")


def test_code(same_as_untraced: SameAsUntraced) -> None:
    ended = same_as_untraced("-c", STATE, "a", "-m")
    assert "argv: ['-c', 'a', '-m']\n" in ended.stdout


def test_a_folder(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__main__.py").write_text("import neighbour\n" + STATE)
    (tmp_path / "folder" / "neighbour.py").write_text("print('imported')\n")
    ended = same_as_untraced("folder", "a")
    assert "argv: ['folder', 'a']\n" in ended.stdout


def test_a_zip_file(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "program.zip", "w") as file:
        file.writestr("__main__.py", "import neighbour\n" + STATE)
        file.writestr("neighbour.py", "print('imported')\n")
    ended = same_as_untraced("program.zip", "a")
    assert "argv: ['program.zip', 'a']\n" in ended.stdout


def test_a_compiled_script(same_as_untraced: SameAsUntraced, tmp_path: Path) -> None:
    (tmp_path / "source.py").write_text(STATE)
    compiling = "import py_compile; py_compile.compile('source.py', 'program.pyc')"
    assert run_python("-c", compiling, cwd=tmp_path).lines() == []
    same_as_untraced("program.pyc", "a")


@pytest.mark.parametrize("flag", ["-O", "-P", "-B", "-W error", "-X utf8", "-u", "-s"])
def test_flags_of_the_interpreter(tmp_path: Path, flag: str) -> None:
    (tmp_path / "program.py").write_text(STATE)
    words = flag.split()
    untraced = run_python(*words, "program.py", cwd=tmp_path)
    command = [*words, "-m", "swifttrace", "-o", "trace.txt", "program.py"]
    assert run_python(*command, cwd=tmp_path) == untraced


def test_a_script_with_annotations(same_as_untraced: SameAsUntraced) -> None:
    program = """
import sys
print(globals().get("__annotations__"))
x: int = 1
print(sys.modules["__main__"].__annotations__)
"""
    # From 3.14 on, annotations are created when they are first accessed.
    before = "None" if sys.version_info >= (3, 14) else "{}"
    assert same_as_untraced(program=program).lines() == [before, "{'x': <class 'int'>}"]


def test_classes_of_the_script_can_be_pickled(same_as_untraced: SameAsUntraced) -> None:
    program = """
import pickle

class Point:
    def __init__(self, x): self.x = x

def function(): pass

copy, copied = pickle.loads(pickle.dumps([Point(3), function]))
print(type(copy) is Point, copy.x, copied is function, Point.__module__)
"""
    assert same_as_untraced(program=program).lines() == ["True 3 True __main__"]


def test_a_script_can_import_itself(same_as_untraced: SameAsUntraced) -> None:
    program = (
        "import __main__\nprint('main', __name__)\nif __name__ == '__main__': import program\n"
    )
    assert same_as_untraced(program=program).lines() == ["main __main__", "main program"]


@pytest.mark.parametrize(
    "declaration",
    ["# coding: latin-1\nprint(ascii('\xe9'))\n", "\ufeffprint(ascii('é'))\n", "print(1)\r\n"],
)
def test_the_encoding_of_a_script(
    same_as_untraced: SameAsUntraced, tmp_path: Path, declaration: str
) -> None:
    encoding = "latin-1" if "latin" in declaration else "utf-8"
    (tmp_path / "program.py").write_bytes(declaration.encode(encoding))
    assert same_as_untraced("program.py").stderr == ""


def test_the_future_of_the_tracer_is_not_the_scripts(same_as_untraced: SameAsUntraced) -> None:
    # swifttrace's own `from __future__ import annotations` must not apply to the program.
    program = "def f(x: int): pass\nprint(f.__annotations__)\n"
    assert same_as_untraced(program=program).lines() == ["{'x': <class 'int'>}"]


def test_standard_input(same_as_untraced: SameAsUntraced) -> None:
    program = "import sys\nfirst = input('? ')\nprint(first.upper(), sys.stdin.read())\n"
    ended = same_as_untraced(program=program, stdin="one\ntwo\nthree")
    assert ended.lines() == ["? ONE two", "three"]


def test_the_depth_of_a_recursion(same_as_untraced: SameAsUntraced) -> None:
    program = """
def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        return n

class Deep:
    def __repr__(self):
        return repr(self)

print(deep(1))
try:
    repr(Deep())
except RecursionError as error:
    print(error)
print(deep(1))
"""
    assert len(same_as_untraced(program=program).lines()) == 3


def test_a_recursion_error_ends_neither_program_nor_trace(run_traced: RunTraced) -> None:
    program = """
def deep():
    deep()

def after(): pass

try:
    deep()
except RecursionError:
    pass
after()
"""
    ended = run_traced(program, "--calls", "--function", "after", "-o", "-")
    assert ended.lines() == ["after()"]


def test_imports_are_those_of_the_program(same_as_untraced: SameAsUntraced) -> None:
    # The tracer's modules may be loaded, but the program's module of an equal name is imported.
    program = """
import sys
print("swifttrace" in vars(sys.modules["__main__"]))
import runpy, argparse, difflib
print(runpy.__name__, sys.modules["__main__"].__name__)
"""
    same_as_untraced(program=program)


def test_a_neighbour_that_is_named_like_a_module_that_the_tracer_uses(
    same_as_untraced: SameAsUntraced, tmp_path: Path
) -> None:
    (tmp_path / "difflib.py").write_text("print('my own difflib')\nvalue = 1\n")
    ended = same_as_untraced(program="import difflib\nprint(difflib.value)\n")
    assert ended.lines() == ["my own difflib", "1"]


def test_a_broken_pipe(tmp_path: Path) -> None:
    program = "import sys\nfor n in range(3): print(n)\n\n"
    program += "with open('done.txt', 'w') as file: file.write('done')\n"
    (tmp_path / "program.py").write_text(program)
    # The reader of the trace exits immediately, without effect on the program.
    words = "import sys, subprocess; sys.exit(subprocess.call(sys.argv[1], shell=True))"
    import sys

    command = f"{sys.executable} -m swifttrace --events program.py 2>&1 >/dev/null | head -c1"
    ended = run_python("-c", words, command, cwd=tmp_path)
    assert ended.status == 0
    assert (tmp_path / "done.txt").read_text() == "done"


def test_environment_variables_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import os\nprint(sorted(os.environ.items()))\n")
    import sys

    untraced = run(sys.executable, "program.py", cwd=tmp_path, env={"X": "1"})
    command = [sys.executable, "-m", "swifttrace", "-o", "/dev/null", "program.py"]
    assert run(*command, cwd=tmp_path, env={"X": "1"}) == untraced


def test_a_script_that_comes_through_a_pipe(tmp_path: Path) -> None:
    command = ["-m", "swifttrace", "-o", "trace.txt", "/dev/stdin"]
    ended = run_python(*command, cwd=tmp_path, stdin="print(5)\n")
    assert (ended.stdout, ended.stderr) == ("5\n", "")
    assert "<module>" in (tmp_path / "trace.txt").read_text()


def test_reading_variables_never_writes_them(same_as_untraced: SameAsUntraced) -> None:
    """`f_locals` is neither created nor updated nor written back."""
    program = """\
import sys


def call(*values):
    return values


def change(argument):
    names = sys._getframe().f_locals
    before = dict(names)
    later = call(argument, names is sys._getframe().f_back)
    names["argument"] = 41
    print(call(before, sorted(names), argument, later))
    argument += 1
    print(names["argument"], argument)
    yield lambda: argument
    print(sorted(names), argument)


for function in change(1):
    print(function())


class Body:
    names = sys._getframe().f_locals
    names["written"] = call(1)
    print(written)
"""
    assert same_as_untraced(program=program).status == 0
