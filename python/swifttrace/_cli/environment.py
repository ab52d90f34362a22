"""Tracing through the variable `SWIFTTRACE`. swifttrace.pth starts it when Python starts.

The variable has the options of the command line, without a program. A problem is reported on one
line, and the program runs untraced. `python -E` and `python -I` ignore the variable.
"""

from __future__ import annotations

import os
import stat
import sys

from .._tracing import child_processes, command_line, search_path
from .._tracing.session import begin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._tracing.filters import Filters
    from .._tracing.strategies import Strategy
    from .._types import Source


def start() -> None:
    """Start tracing if the environment requests it, except in swifttrace's own command."""
    options = os.environ.get(child_processes.OPTIONS, "")
    if not options or sys.flags.ignore_environment or command_line.is_swifttrace():
        return
    try:
        search_path.begin(at_site=True)
        try:
            strategies, filters, source = _read(options)
        finally:
            search_path.give_back()
        begin(strategies, filters, source)
    except SystemExit:
        return  # The parser has printed the reason.
    except Exception as error:  # No failure of swifttrace may end the program.
        from .._printable import report

        report(f"ignoring {child_processes.OPTIONS}: {error}")


def _read(text: str) -> tuple[tuple[Strategy, ...], Filters, Source]:
    from .parsing import filters_of

    words = _words(text)
    strategies: tuple[Strategy, ...]
    if words[:1] == ["record"]:
        from .record import make_parser, recorder_of

        options = make_parser().parse_args(words[1:])
        recorder = recorder_of(options)
        recorder.options = tuple(words)
        if (family := child_processes.family()) is not None:
            recorder.join(family)
        strategies = (recorder,)
    else:
        from .trace import make_parser, strategies_of

        options = make_parser().parse_args(words)
        _refuse_other_file(options.output)
        strategies = strategies_of(options)
    if options.script is not None or options.module is not None or options.code is not None:
        raise ValueError(f"it must not name a program: {text}")
    return strategies, filters_of(options), options.source


def _words(text: str) -> list[str]:
    if text.startswith("@"):
        return child_processes.stored_options(text[1:])
    import shlex

    return shlex.split(text)


def _refuse_other_file(path: str | None) -> None:
    """Refuse to write text into a file that is not empty, or through a link.

    Users of the program may not know that the variable is set, and must not lose a file to it.

    Raises:
        FileExistsError: The file is not empty, or it is a link.
    """
    if path in (None, "-"):
        return
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    if stat.S_ISLNK(status.st_mode):
        raise FileExistsError(f"{path} is a symbolic link; name the file that it points to")
    if stat.S_ISREG(status.st_mode) and status.st_size > 0:
        raise FileExistsError(f"{path} exists already; name another file, or remove it")
