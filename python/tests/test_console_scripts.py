"""A command that pip installed can be traced by its name, found as by a shell."""

import os
import re
import sys
from pathlib import Path

import pytest
from running import Ended, run, run_python
from test_program_state import STATE

PACKAGE = "def main():\n    print(helper(3))\n\n\ndef helper(number):\n    return number + 1\n"

# The file that pip writes for the entry point `greeting.cli:main`.
WRAPPER = """\
# -*- coding: utf-8 -*-
import re
import sys
from greeting.cli import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""


class Commands:
    """A folder on PATH, and the folder in which the tests run commands."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "bin"
        self.folder.mkdir()
        self.cwd = tmp_path / "cwd"
        self.cwd.mkdir()
        self.environment = {"PATH": f"{self.folder}:{os.environ['PATH']}"}

    def add(self, name: str, text: str, shebang: str = f"#!{sys.executable}\n") -> Path:
        """Writes an executable file."""
        file = self.folder / name
        file.write_text(shebang + text)
        file.chmod(0o755)
        return file

    def run(self, *command: str) -> Ended:
        """Runs a command as a shell does."""
        return run(*command, cwd=self.cwd, env=self.environment)

    def trace(self, *arguments: str) -> Ended:
        return run_python("-m", "swifttrace", *arguments, cwd=self.cwd, env=self.environment)


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.mark.parametrize(
    "shebang",
    [
        f"#!{sys.executable}\n",
        "#!/usr/bin/env python3\n",
        f"#!/bin/sh\n'''exec' {sys.executable} \"$0\" \"$@\"\n' '''\n",
        f"#!/bin/sh\n'''exec' \"{sys.executable}\" \"$0\" \"$@\"\n' '''\n",
    ],
    ids=["python", "env", "long", "spaces"],
)
def test_a_command_finds_the_interpreter_as_a_shell_starts_it(
    commands: Commands, shebang: str
) -> None:
    # The `python3` of an active virtual environment comes first on PATH.
    commands.environment["PATH"] = f"{Path(sys.executable).parent}:{commands.environment['PATH']}"
    file = commands.add("some-tool", STATE, shebang)
    shell = commands.run("some-tool", "a", "--lines")
    assert f"argv: ['{file}', 'a', '--lines']" in shell.stdout
    traced = commands.trace("-o", "trace.txt", "some-tool", "a", "--lines")
    # A shell finds another name of the virtual environment's interpreter.
    started = re.sub(rf"'({sys.executable}3|python3)'", f"'{sys.executable}'", shell.stdout)
    assert traced.stdout == started
    assert (traced.stderr, traced.status) == ("", 0)
    assert (commands.cwd / "trace.txt").stat().st_size > 0


def test_the_package_of_a_command_is_own_code(commands: Commands, tmp_path: Path) -> None:
    # The user's site-packages, whose code is not traced by default.
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    package = tmp_path / "lib" / version / "site-packages" / "greeting"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(PACKAGE)
    commands.environment |= {"PYTHONUSERBASE": str(tmp_path), "PYTHONPATH": str(package.parent)}
    commands.add("greet", WRAPPER)
    ended = commands.trace("record", "greet")
    assert (ended.stdout, ended.status) == ("4\n", 0)
    shown = run_python("-m", "swifttrace", "show", "run.swt", cwd=commands.cwd)
    assert "  main()\n    helper(number)\n" in shown.stdout


def test_a_file_in_the_current_folder_comes_first(commands: Commands) -> None:
    commands.add("tool", "print('command')\n")
    (commands.cwd / "tool").write_text("print('file')\n")
    assert commands.trace("-o", "trace.txt", "tool").stdout == "file\n"


def test_a_folder_that_can_be_run_comes_first(commands: Commands) -> None:
    commands.add("tool", "print('command')\n")
    (commands.cwd / "tool").mkdir()
    # The command is started beside its package.
    (commands.cwd / "tool" / "__init__.py").touch()
    assert commands.trace("-o", "trace.txt", "tool").stdout == "command\n"
    (commands.cwd / "tool" / "__main__.py").write_text("print('folder')\n")
    assert commands.trace("-o", "trace.txt", "tool").stdout == "folder\n"


def test_a_path_names_a_file(commands: Commands) -> None:
    commands.add("tool", "print('command')\n")
    ended = commands.trace("./tool")
    assert ended.stderr.startswith("swifttrace: cannot open ./tool: No such file or directory")


def test_a_command_that_is_not_python(commands: Commands) -> None:
    file = commands.add("tool", "echo command\n", "#!/bin/sh\n")
    ended = commands.trace("tool")
    assert (ended.stdout, ended.status) == ("", 2)
    assert ended.stderr == (
        f"swifttrace: cannot trace {file}: it is not a Python script (see swifttrace --help)\n"
    )


def test_a_command_of_another_python(commands: Commands, tmp_path: Path) -> None:
    other = tmp_path / "other" / "bin" / "python"
    other.parent.mkdir(parents=True)
    other.symlink_to(sys.executable)
    file = commands.add("tool", "print('command')\n", f"#!{other}\n")
    ended = commands.trace("record", "tool")
    assert (ended.stdout, ended.status) == ("", 2)
    assert ended.stderr == (
        f"swifttrace record: cannot trace {file}: it runs under {other}, not under "
        f"{sys.executable}; run {other} -m swifttrace instead (see swifttrace record --help)\n"
    )


def test_an_unknown_word(commands: Commands) -> None:
    ended = commands.trace("nothing")
    assert ended.stderr.startswith("swifttrace: cannot open nothing: No such file or directory")


def test_the_output_does_not_overwrite_a_command(commands: Commands) -> None:
    file = commands.add("tool", "print('command')\n")
    ended = commands.trace("-o", str(file), "tool")
    assert (ended.stdout, ended.status) == ("", 2)
    assert "would overwrite the program" in ended.stderr
