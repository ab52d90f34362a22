"""Recording of child processes that run Python. Environment variables make them record."""

from __future__ import annotations

import os

from .._paths import absolute
from .options import CODE, RECORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .filters import Filters
    from .recorder import Recorder

OPTIONS = "SWIFTTRACE"
"""The variable with command line options, for children and for programs that a service starts.

The value `@/path/of/run.swt` refers to the options that are stored in that recording.
"""

FAMILY = "SWIFTTRACE_FAMILY"
"""The variable with the run of a child: the two numbers of its ID, and the first process."""

_LONGEST = 4096
"""Most bytes of options in the environment. On most systems, `execve` accepts 128 KiB for one
variable, and 2 MB for all variables and arguments."""

_MOST = 8 << 20
"""Most bytes of options in a recording."""


def changes(recorder: Recorder, filters: Filters) -> dict[str, str]:
    """Return the variables that make children record beside a recording.

    Options that are too long for the environment are stored in the recording. Children read it:
    their own files are beside it.

    Args:
        recorder: The recording, and its options.
        filters: The code that is recorded.

    Raises:
        ValueError: The options are longer than a recording can hold.
    """
    path = absolute(recorder.path)
    words = ["record", "-o", path, *_options(recorder, filters)]
    text = _join(words)
    size = len(os.fsencode(text))
    if size > _MOST:
        raise ValueError(f"too many filters: {size:,} bytes of options; at most {_MOST:,} fit")
    if size > _LONGEST:
        recorder.options = tuple(words)
        text = f"@{path}"
    first, second = recorder.family
    return {OPTIONS: text, FAMILY: f"{first}:{second}:{os.getpid()}"}


def present(names: Iterable[str]) -> dict[str, str | None]:
    """Return the values of environment variables; None for each that is not set."""
    return {name: os.environ.get(name) for name in names}


def change(values: Mapping[str, str | None]) -> None:
    """Set environment variables; the value None unsets one."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def family() -> tuple[int, int, int] | None:
    """Return the ID of the run that the environment names, and its first process.

    None if the variable is missing or invalid.
    """
    try:
        first, second, process = map(int, os.environ[FAMILY].split(":"))
    except (KeyError, ValueError):
        return None
    return first, second, process


def is_of(text: str, path: str) -> bool:
    """Return whether a value of `SWIFTTRACE` is meant for the children of a recording."""
    start = _join(["record", "-o", path])
    return text in (f"@{path}", start) or text.startswith(f"{start} ")


def stored_options(path: str) -> list[str]:
    """Return the options in the recording of this process's run.

    Raises:
        ValueError: The recording belongs to another run.
        OSError: There is no such recording.
    """
    from .._reading.recording import open

    recording = open(path, children=False)
    known = family()
    if known is None or recording.processes[0] != known[2]:
        raise ValueError(f"{path} has been replaced by another recording")
    return list(recording.options)


# Characters that need no quotes in a shell.
_PLAIN = "%+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def _join(words: Iterable[str]) -> str:
    """Return a command line, like `shlex.join`. Its import takes as long as that of swifttrace."""
    return " ".join(
        word if word and not word.strip(_PLAIN) else "'" + word.replace("'", "'\"'\"'") + "'"
        for word in words
    )


def _options(recorder: Recorder, filters: Filters) -> Iterator[str]:
    """Yield the command line options that a child inherits."""
    for rows, holder in ((RECORD, recorder), (CODE, filters)):
        for row in rows:
            yield from row.words(getattr(holder, row.name))
