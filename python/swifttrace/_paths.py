"""Functions on paths that work even if the current folder has been removed."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AnyStr


def absolute(path: AnyStr) -> AnyStr:
    """Return the absolute path, or the path as it is if the current folder has been removed."""
    try:
        return os.path.abspath(path)
    except OSError:
        return path


def real(path: str) -> str:
    """Return the path with symbolic links resolved; see `absolute`."""
    try:
        return os.path.realpath(path)
    except OSError:
        return path


def current_folder() -> str | None:
    """Return the current folder, or None if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return None


PACKAGE = os.path.join(os.path.dirname(absolute(__file__)), "")
"""The folder of swifttrace's own files, ending in a separator."""
