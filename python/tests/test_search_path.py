"""Files of the program that are named like modules of the standard library."""

import os
import sys
from pathlib import Path

import pytest
from conftest import SameAsUntraced
from running import run, run_python

# Modules that swifttrace imports, and others that those import. Not those without which no
# `python -m` starts: `importlib`, `types`, and on 3.11 `contextlib` and what that imports.
NAMES = (
    *("argparse", "atexit", "copy", "difflib", "enum", "errno", "gettext", "inspect", "json"),
    *("linecache", "locale", "re", "shlex", "shutil", "stat", "tempfile", "textwrap", "warnings"),
    *(("functools", "operator") if sys.version_info >= (3, 12) else ()),
)


def importing(*names: str) -> str:
    """A program that shows which of the modules are its own."""
    return "".join(
        f"import {name}\nprint({name!r}, getattr({name}, 'MINE', None))\n" for name in names
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with such files, and a program that imports them."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("MINE = __name__\n")
    (tmp_path / "program.py").write_text(importing(*NAMES))
    return tmp_path


OWN = {"argparse argparse", "gettext gettext", "locale locale", "re re"}
"""Lines of the output: modules that no interpreter imports by itself."""


@pytest.mark.parametrize("command", [("program.py",), ("-m", "program")])
def test_the_program_imports_its_own(
    folder: Path, same_as_untraced: SameAsUntraced, command: tuple[str, ...]
) -> None:
    ended = same_as_untraced(*command)
    assert ended.stderr == ""
    assert set(ended.lines()) >= OWN


def test_code_imports_its_own(tmp_path: Path, same_as_untraced: SameAsUntraced) -> None:
    # CPython itself imports others for `-c`, from the current folder.
    names = ("argparse", "gettext", "locale")
    for name in names:
        (tmp_path / f"{name}.py").write_text("MINE = __name__\n")
    ended = same_as_untraced("-c", importing(*names))
    assert ended.lines() == [f"{name} {name}" for name in names]


def test_the_program_imports_its_own_from_another_folder(
    folder: Path, same_as_untraced: SameAsUntraced
) -> None:
    (folder / "tools").mkdir()
    (folder / "tools" / "again.py").write_text(importing(*NAMES))
    (folder / "tools" / "locale.py").write_text("MINE = 'nearer'\n")
    assert "locale nearer" in same_as_untraced(os.path.join("tools", "again.py")).stdout


def test_files_of_python_path(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "program.py").write_text(importing(*NAMES))
    env = {**os.environ, "PYTHONPATH": str(folder)}
    untraced = run(sys.executable, "program.py", cwd=other, env=env)
    assert set(untraced.lines()) >= OWN
    traced = run(sys.executable, "-m", "swifttrace", "-o", "t", "program.py", cwd=other, env=env)
    assert traced == untraced


def test_by_the_command(folder: Path) -> None:
    untraced = run_python("program.py", cwd=folder)
    assert set(untraced.lines()) >= OWN
    command = Path(sys.executable).parent / "swifttrace"
    assert run(str(command), "-o", "trace.txt", "program.py", cwd=folder) == untraced
    assert "argparse.py()" in (folder / "trace.txt").read_text()


def test_by_the_environment(folder: Path) -> None:
    untraced = run_python("program.py", cwd=folder)
    env = {**os.environ, "SWIFTTRACE": "-o trace.txt"}
    assert run(sys.executable, "program.py", cwd=folder, env=env) == untraced
    assert "argparse.py()" in (folder / "trace.txt").read_text()


def test_the_children_of_a_recorded_program(folder: Path) -> None:
    (folder / "parent.py").write_text(
        "import os, sys\n"
        "print(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, 'program.py']))\n"
    )
    untraced = run_python("parent.py", cwd=folder)
    recorded = run_python("-m", "swifttrace", "record", "parent.py", cwd=folder)
    assert recorded.stdout == untraced.stdout
    assert len(list(folder.glob("run*.swt"))) == 2


def test_the_commands_that_read(folder: Path) -> None:
    assert run_python("-m", "swifttrace", "record", "program.py", cwd=folder).status == 0
    for words in (["show"], ["stats"], ["export", "--to", "chrome", "-o", "out.json"]):
        ended = run_python("-m", "swifttrace", *words, "run.swt", cwd=folder)
        assert (ended.status, ended.stderr) == (0, ""), words


def test_a_wrong_option(folder: Path) -> None:
    ended = run_python("-m", "swifttrace", "--liens", "program.py", cwd=folder)
    assert ended.status == 2
    assert "did you mean --lines?" in ended.stderr


def test_a_folder_without_code_hides_nothing(
    tmp_path: Path, same_as_untraced: SameAsUntraced
) -> None:
    """Without `__init__.py`, a folder gives way to a module that comes later."""
    (tmp_path / "argparse").mkdir()
    program = "import argparse, sys\nprint(argparse.__file__, sys.path[0])\n"
    assert "argparse.py" in same_as_untraced(program=program).stdout


def test_the_search_path_is_the_programs(same_as_untraced: SameAsUntraced) -> None:
    same_as_untraced(program="import sys\nprint(sys.path)\n", env={"PYTHONPATH": "a:b"})
    same_as_untraced(program="import sys\nprint(sys.path)\n", env={"PYTHONSAFEPATH": "1"})
