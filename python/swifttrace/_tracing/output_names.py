"""Names of recordings: `%p` and `%t`, and older recordings that make room for a new one."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .recorder import Recorder

DEFAULT_NAME = "run.swt"


def output_name(text: str) -> str:
    """Return the name of a file: `%p` is the process ID, `%t` the time, `%%` a percent sign."""
    # Imported here, because `swifttrace.record` does not need them.
    import re
    import time

    values = {"%p": str(os.getpid()), "%t": time.strftime("%Y%m%d-%H%M%S"), "%%": "%"}
    return re.sub("%[pt%]", lambda match: values[match[0]], text)


def literal_name(name: str) -> str:
    """Return a text from which `output_name` makes this name."""
    return name.replace("%", "%%")


def make_room(recorder: Recorder) -> None:
    """Rename an existing recording, with those of its children, to a numbered name.

    If it is being written, or is not a regular file, the recorder gets the numbered name instead.
    The recorder's note names the other file.

    Raises:
        OSError: The file cannot be renamed.
    """
    path = recorder.path
    if not os.path.lexists(path):
        return
    stem, ending = os.path.splitext(path)
    number = 1
    while os.path.lexists(f"{stem}-{number}{ending}"):
        number += 1
    free = f"{stem}-{number}"
    if not os.path.isfile(path) or _is_being_written(path):
        recorder.path = recorder.file = free + ending
        recorder.note = f" ({path} is in use)"
        return
    for child in _children(path):
        os.rename(child, free + child[len(stem) :])
    os.rename(path, free + ending)
    recorder.note = f" (the older one is now {free}{ending})"


def _is_being_written(path: str) -> bool:
    from .. import _swifttrace

    try:
        return _swifttrace.writer(os.fsencode(path)) is not None
    except OSError:
        return False


def _children(path: str) -> list[str]:
    """Return the files of a recording's child processes; none if the file is something else."""
    from .._reading.recording import open

    try:
        files = open(path)._headers
    except (OSError, ValueError):
        return []
    return [file.path for file in files[1:]]
