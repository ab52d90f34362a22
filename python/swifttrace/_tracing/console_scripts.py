"""Console scripts: commands such as `flask` that pip installed for the running interpreter."""

from __future__ import annotations

import importlib.util
import os
import re
import sys

from .._paths import absolute
from . import search_path
from .program import NotRunnableError, Program, files_of, find_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHEBANG = rb"#!\s*(/\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?"
# pip's form for long paths and paths with spaces: sh runs the second line, a string in Python.
_SH = rb"#!\s*/\S*/sh\s*\n'''exec' (?:\"([^\"\n]+)\"|(\S+)) \"\$0\" \"\$@\""
# The line of a console script that imports its entry point.
_IMPORT = rb"(?m)^from ([A-Za-z_]\w*)[\w.]* import "


def find_console_script(name: str, arguments: Sequence[str]) -> Program | None:
    """Find the Python script that a shell would run for a name without a slash.

    Returns:
        None if there is no such command, or if the current folder has a file, or a folder that can
        be run, of that name.

    Raises:
        NotRunnableError: The command is not a script of this interpreter.
    """
    if os.sep in name or (os.path.lexists(name) and not _is_plain_folder(name)):
        return None
    problem = None
    for path in _commands(name):
        interpreter = _interpreter(path)
        if interpreter is not None and (_is_this(interpreter) or _is_in_environment(path)):
            program = find_script(path, arguments)
            # As with `-m`, the package that this command belongs to counts as the user's own code.
            with search_path.Programs(program.search_path):
                program.own = [*program.own, *_files_of_package(path)]
            return program
        problem = problem or _problem(path, interpreter)
    if problem is not None:
        raise NotRunnableError(problem)
    return None


def _is_plain_folder(name: str) -> bool:
    """Return whether the name is that of a folder that cannot be run, for example a package."""
    return os.path.isdir(name) and not os.path.exists(os.path.join(name, "__main__.py"))


def _files_of_package(path: str) -> list[str]:
    """Return the file and the folders of the package whose function a console script calls."""
    with open(path, "rb") as file:
        imported = [match.decode() for match in re.findall(_IMPORT, file.read(4096))]
    for name in imported:
        if name not in sys.stdlib_module_names:
            try:
                spec = importlib.util.find_spec(name)
            except (ImportError, ValueError):
                spec = None  # The program will report it.
            return files_of(spec) if spec else []
    return []


def _commands(name: str) -> Iterator[str]:
    """Yield the executable files of that name: first in this environment, then on PATH."""
    folders = [os.path.dirname(sys.executable), *os.environ.get("PATH", "").split(os.pathsep)]
    for folder in dict.fromkeys(folders):
        path = absolute(os.path.join(folder, name))
        if os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def _interpreter(path: str) -> str | None:
    """Return the interpreter named in a script's first lines; None unless it is Python."""
    try:
        with open(path, "rb") as file:
            start = file.read(1024)
    except OSError:
        return None
    match = re.match(_SH, start) or re.match(_SHEBANG, start)
    if match is None:
        return None
    first, second = (os.fsdecode(group or b"") for group in match.groups())
    # `/usr/bin/env python3` names the first Python on PATH.
    named = second if os.path.basename(first) == "env" or not first else first
    return named if re.fullmatch(r"python[\d.]*t?", os.path.basename(named)) else None


def _is_this(interpreter: str) -> bool:
    """Return whether an interpreter is the running one. A name without a folder may be any."""
    if os.sep not in interpreter:
        return True
    try:
        is_same_file = os.path.samefile(interpreter, sys.executable)
        # The interpreters of virtual environments are links to one file.
        return is_same_file and os.path.samefile(
            os.path.dirname(interpreter), os.path.dirname(sys.executable)
        )
    except OSError:
        return False


def _is_in_environment(path: str) -> bool:
    """Return whether a script belongs to the running virtual environment, which may have moved."""
    return sys.prefix != sys.base_prefix and os.path.dirname(path) == os.path.dirname(
        sys.executable
    )


def _problem(path: str, interpreter: str | None) -> str:
    if interpreter is None:
        return f"cannot trace {path}: it is not a Python script"
    return (
        f"cannot trace {path}: it runs under {interpreter}, not under {sys.executable}; "
        f"run {interpreter} -m swifttrace instead"
    )
