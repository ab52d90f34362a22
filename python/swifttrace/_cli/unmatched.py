"""Messages for filters that match nothing: they name what would match. The status is then 1."""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import os
from collections.abc import Iterable, Iterator

from .._printable import printable, report
from .._reading.recording import Recording
from .._reading.rows import Function
from .parsing import Parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

# Names in a message.
_SHOWN = 5


def refuse(parser: Parser, message: str) -> NoReturn:
    """Print a message, and exit with the status for nothing that matched."""
    parser.exit(1, f"{parser.prog}: {printable(message)}\n")


def listed(names: Iterable[str], like: Iterable[str] = ()) -> str:
    """Return the first few distinct names, those that are like a glob first, and their number."""
    distinct = list(dict.fromkeys(names))
    near = [name for glob in like for name in difflib.get_close_matches(glob, distinct, _SHOWN)]
    distinct = list(dict.fromkeys([*near, *distinct]))
    rest = len(distinct) - _SHOWN
    return ", ".join(distinct[:_SHOWN] or ["none"]) + (f" and {rest:,} more" if rest > 0 else "")


def report_unmatched_code(recording: Recording, options: argparse.Namespace) -> int:
    """Report that `--include`, `--exclude` or `--function` match no function. Returns the status.

    The functions that ran are named if they are in files that match, else the files.
    """
    functions = list(_functions(recording))
    if not functions:
        report(f"{recording.path} has no events")
        return 1
    files = [f for f in functions if _has_file(f, options.include, options.exclude)]
    if not files:
        words = _words("include", options.include) or _words("exclude", options.exclude)
        ran = (_short(function.file, recording.folder) for function in functions)
        names = listed(ran, options.include)
        report(f"nothing matched {words}; files that ran: {names}")
    elif options.function:
        names = listed((function.qualified_name for function in files), options.function)
        report(
            f"nothing matched {_words('function', options.function)}; functions that ran: {names}"
        )
    else:
        report("nothing matched the options: no such event")
    return 1


def report_nothing(recording: Recording, options: argparse.Namespace) -> bool:
    """Report that `show` has nothing to show, if that is because of an option.

    Returns:
        Whether an option has left out all events, or the recording has none.
    """
    functions = list(_functions(recording))
    wanted = [
        function
        for function in functions
        if _has_file(function, options.include, options.exclude)
        and _matches(function.qualified_name, options.function)
    ]
    if not wanted:
        return report_unmatched_code(recording, options) == 1
    end = recording.info().duration / 1e9
    for name, value in (("from", options.begin), ("until", options.end)):
        if value is not None:
            report(
                f"nothing matched --{name} {value / 1e9:g}: the events are from 0 to {end:.6f} s"
            )
            return True
    names = ("process", "thread", "depth", "min_duration", "max_children", "tail")
    given = [
        f"--{name.replace('_', '-')}"
        for name in names
        if getattr(options, name) is not None and (name != "min_duration" or options.min_duration)
    ]
    if given:
        report(f"nothing matched {' with '.join(given)}")
        return True
    report(f"nothing to show: {recording.path} has events of other kinds: {_kinds(recording)}")
    return True


def report_unmatched_names(recording: Recording, options: argparse.Namespace) -> int:
    """Report that `tree`, `callers`, `callees` or `paths` found nothing. Returns the status."""
    patterns = " ".join(f"'{pattern}'" for pattern in options.patterns)
    if options.command == "paths":
        names = listed(recording._exception_classes(), options.patterns)
        report(f"nothing matched {patterns}; exceptions that were raised: {names}")
    else:
        ran = (function.qualified_name for function in _functions(recording))
        names = listed(ran, options.patterns)
        report(f"nothing matched {patterns}; functions that ran: {names}")
    return 1


def _kinds(recording: Recording) -> str:
    return ", ".join(recording.info().events) or "none"


def _functions(recording: Recording) -> Iterator[Function]:
    for table in recording.functions:
        for function in table:
            if function is not None:
                yield function


def _words(name: str, globs: list[str]) -> str:
    return " ".join(f"--{name} '{glob}'" for glob in globs)


def _matches(text: str, globs: list[str]) -> bool:
    return not globs or any(fnmatch.fnmatchcase(text, glob) for glob in globs)


def _is_in(file: str, globs: list[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(file, glob) or fnmatch.fnmatchcase(file, "*/" + glob) for glob in globs
    )


def _has_file(function: Function, include: list[str], exclude: list[str]) -> bool:
    return (not include or _is_in(function.file, include)) and not _is_in(function.file, exclude)


def _short(file: str, folder: str) -> str:
    return file.removeprefix(os.path.join(folder, ""))
