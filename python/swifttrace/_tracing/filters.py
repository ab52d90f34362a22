"""Which code is traced: the user's own, unless something else is said."""

from __future__ import annotations

import os
import sys

from .._paths import PACKAGE, absolute, real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._swifttrace import Filter


class Filters:
    """Which code is traced.

    Args:
        include: Globs on files; where there are any, only matching files are traced, be they the
            user's own or not.
        exclude: Globs on files that are left out.
        function: Globs on qualified names; where there are any, only matching functions are traced.
        depth: How many traced frames of a stack are shown, at least 1; None for all.
        all: Whether the standard library, site-packages and frozen modules are traced too.
        own: Files, and folders ending in a separator, that count as the user's own wherever they
            lie.
    """

    def __init__(
        self,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        function: Sequence[str] = (),
        depth: int | None = None,
        all: bool = False,
        own: Sequence[str] = (),
    ) -> None:
        globs = {"include": include, "exclude": exclude, "function": function}
        for name, values in globs.items():
            if isinstance(values, str) or not all_strs(values):
                raise TypeError(f"{name} must be a sequence of str, such as {name}=['*.py']")
        if depth is not None and not isinstance(depth, int):
            raise TypeError(f"depth must be an int or None, not {type(depth).__name__}")
        if depth is not None and depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth}")
        self.include = include
        self.exclude = exclude
        self.function = function
        self.depth = depth
        self.all = all
        self.own = own

    def engine_filter(self) -> Filter:
        """Return the filter as the engine takes it."""
        return {
            "all": bool(self.all),
            "library_folders": [] if self.all or self.include else foreign_folders(),
            "own": list(self.own),
            "hidden": [PACKAGE],
            "include": list(self.include),
            "exclude": list(self.exclude),
            "function": list(self.function),
        }


def all_strs(values: Iterable[object]) -> bool:
    """Return whether all values are strs."""
    return all(isinstance(value, str) for value in values)


def foreign_folders() -> list[str]:
    """Return the folders whose code is not the user's own, each ending in a separator."""
    # Imported here: an import of swifttrace is to cost next to nothing. Not sysconfig, which takes
    # longer than all the rest.
    import site

    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    folders = [os.path.dirname(os.__file__)]
    folders += [os.path.join(prefix, sys.platlibdir, name) for prefix in prefixes]
    folders += site.getsitepackages()
    if user_site := site.getusersitepackages():
        folders.append(user_site)
    return _with_separator(folders)


def _with_separator(folders: Iterable[str]) -> list[str]:
    spellings = [spelling for f in folders for spelling in (absolute(f), real(f))]
    return [os.path.join(folder, "") for folder in dict.fromkeys(spellings)]
