"""The search path for modules: the program's, and the one for swifttrace's own imports.

A program's folder may hold files that are named like modules of the standard library, such as
`argparse.py`. swifttrace does not import them, and the program imports them as if it ran alone.
"""

from __future__ import annotations

import os
import sys

# These modules are never files, and are loaded already; `importlib.machinery` would import others.
from _frozen_importlib import FrozenImporter
from _frozen_importlib_external import PathFinder

from .._paths import current_folder, real
from . import command_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LIBRARY = os.path.dirname(os.__file__)

_original: list[str] = []
_has_first = False
_loaded_before: frozenset[str] = frozenset()


def begin(*, at_site: bool = False) -> None:
    """Switch to swifttrace's search path. Called before imports from the standard library.

    Args:
        at_site: Whether Python is still starting, and the program's folder is not on the search
            path yet.
    """
    global _original, _has_first, _loaded_before
    _original = sys.path[:]
    # The interpreter adds no entry for `-m` if the current folder has been removed.
    is_missing = command_line.is_by_module() and current_folder() is None
    _has_first = not (at_site or sys.flags.safe_path or is_missing)
    names = list(sys.modules)
    if not at_site:
        # Later modules were loaded for `-m`, or by the script that pip wrote for the command.
        names = names[: names.index("site" if "site" in names else "__main__") + 1]
    _loaded_before = frozenset(names)
    use_own()


def use_own() -> None:
    """Import from the standard library first, and never from the program's folder."""
    paths = _original[int(_has_first) :]
    place = paths.index(_LIBRARY) if _LIBRARY in paths else 0
    # PYTHONPATH comes last: it may hold files of any name, and libraries that swifttrace can use.
    sys.path[:] = [*paths[place:], *paths[:place]]


def use_programs(first: str | None) -> None:
    """Switch to the program's search path.

    If the program would get another file for a module that swifttrace has imported, swifttrace's
    imports from the standard library are removed from `sys.modules`. swifttrace keeps using them.

    Args:
        first: The entry that the interpreter puts first; None for no entry.
    """
    added = [first] if first is not None and not sys.flags.safe_path else []
    sys.path[:] = [*added, *_original[int(_has_first) :]]
    _forget_others(added)


class Programs:
    """The program's search path within a `with` statement; see `use_programs`."""

    def __init__(self, first: str | None) -> None:
        self._first = first

    def __enter__(self) -> None:
        use_programs(self._first)

    def __exit__(self, *_: object) -> None:
        use_own()


def give_back() -> None:
    """Undo `begin(at_site=True)`: restore the path, and forget modules like `use_programs`."""
    sys.path[:] = _original
    first = _first_of_program()
    _forget_others([first] if first is not None and not sys.flags.safe_path else [])


def _first_of_program() -> str | None:
    """Return the entry that the interpreter will put first; None if it is unknown."""
    _, kind, words = command_line.split(sys.orig_argv)
    if kind or not words or words[0] == "-":
        return current_folder()
    path = words[0]
    return path if os.path.isdir(path) else os.path.dirname(real(path))


def _forget_others(added: Iterable[str]) -> None:
    paths = [*added, *_original[int(_has_first) :]]
    others: list[str] = []  # Also files of the current folder, which `-m` imported.
    ours: list[str] = []
    for name in [name for name in sys.modules if name not in _loaded_before]:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if name.partition(".")[0] in sys.stdlib_module_names and file.endswith(".py"):
            if "." not in name and file != _file_of(name, paths):
                others.append(name)
            if file.startswith(os.path.join(_LIBRARY, "")):
                ours.append(name)
    if others:
        # Forget all of them: a module that stayed would keep using those that are forgotten.
        for name in {*others, *ours}:
            del sys.modules[name]


def _file_of(name: str, paths: list[str]) -> str | None:
    """Return the file from which the interpreter would import a module that is not built in."""
    if FrozenImporter.find_spec(name):
        return getattr(sys.modules[name], "__file__", None)
    found = PathFinder.find_spec(name, paths)
    return found.origin if found is not None else None
