"""Children that run Python: the environment tells them to record too."""

from __future__ import annotations

import os
import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OPTIONS = "SWIFTTRACE"
"""The options of the command line, for children and for programs that nobody starts by hand."""

FAMILY = "SWIFTTRACE_FAMILY"
"""The recording that a child's belongs to."""

OWN = "SWIFTTRACE_OWN"
"""Files and folders that count as the user's own code wherever they lie."""


def follow(output: str, words: Sequence[str], own: Sequence[str]) -> None:
    """Have children record beside a recording that has been started.

    Args:
        output: The recording.
        words: The options that it was started with.
        own: Files and folders that count as the user's own.
    """
    from . import _swifttrace

    path = os.path.abspath(output)
    handle = _swifttrace.open_recording(path, False)
    family = _swifttrace.describe(handle)[0][0][14]
    kept = _without_output(words)
    os.environ[OPTIONS] = shlex.join(["record", "-o", path, *kept])
    os.environ[FAMILY] = ":".join(str(number) for number in family)
    os.environ[OWN] = os.pathsep.join(own)


def _without_output(words: Sequence[str]) -> list[str]:
    """Return the options without those that concern the first file alone."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "-o":
            next(rest, None)
        elif word != "--force" and not word.startswith("-o"):
            kept.append(word)
    return kept
