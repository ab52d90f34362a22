"""Paths, also where the folder in which the process stands has been removed."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AnyStr


def absolute(path: AnyStr) -> AnyStr:
    """Return an absolute path; the path itself if there is no folder that it could start from."""
    try:
        return os.path.abspath(path)
    except OSError:
        return path


def real(path: str) -> str:
    """Return the path without symbolic links; see `absolute`."""
    try:
        return os.path.realpath(path)
    except OSError:
        return path


def current_folder() -> str | None:
    """Return the folder in which the process stands, None if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return None


PACKAGE = os.path.join(os.path.dirname(absolute(__file__)), "")
"""The folder of swifttrace's own files, ending in a separator."""
