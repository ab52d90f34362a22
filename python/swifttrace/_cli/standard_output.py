"""Output to the standard output of the program, for `-o -`."""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import TextFile


class StandardOutput:
    """Writes to `sys.stdout`, between the program's own output.

    The trace ends when the reader of a pipe closes it, as `head` does. The program continues,
    because it would have written less without the trace; its output is discarded.
    """

    def __init__(self, stream: TextFile) -> None:
        self._stream = stream
        self._is_pipe = _is_pipe(stream)

    @property
    def closed(self) -> bool:
        """Whether the stream is closed."""
        return getattr(self._stream, "closed", False)

    def write(self, text: str) -> None:
        """Write text. Flush a pipe at once, so that the program does not fail to write later."""
        try:
            self._stream.write(text)
            if self._is_pipe:
                self._stream.flush()
        except BrokenPipeError:
            _let_go(self._stream)
            raise

    def flush(self) -> None:
        """Write out buffered text."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            _let_go(self._stream)
            raise


def standard_output() -> TextFile | None:
    """Return a file for standard output; None if that is closed."""
    return None if sys.stdout is None else StandardOutput(sys.stdout)


def _is_pipe(stream: TextFile) -> bool:
    try:
        mode = os.fstat(stream.fileno()).st_mode  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _let_go(stream: TextFile) -> None:
    """Redirect a stream to /dev/null, with the text that it could not write."""
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
        null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(null, number)
        os.close(null)
        stream.flush()
    except (AttributeError, OSError, ValueError):
        return  # The stream is closed, or has no descriptor.
