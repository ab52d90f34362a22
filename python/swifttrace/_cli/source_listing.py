"""Source files with the hits and times of each line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from types import CodeType

from .. import _swifttrace
from .._reading.results import FunctionStats, LineStats
from .terminal import duration


def lines_of(functions: Iterable[FunctionStats]) -> dict[int, LineStats]:
    """Return the lines of all functions of one file, by number."""
    lines: dict[int, LineStats] = {}
    for function in functions:
        for line in function.lines:
            known = lines.get(line.line, LineStats(line.line, 0, 0, 0))
            lines[line.line] = LineStats(
                line.line, known.hits + line.hits, known.total + line.total, known.own + line.own
            )
    return lines


def executable_lines(source: str, path: str) -> set[int]:
    """Return the lines that can run; none if the source is invalid in this version of Python."""
    try:
        pending = [compile(source, path, "exec", dont_inherit=True)]
    except (SyntaxError, ValueError):
        return set()
    lines: set[int] = set()
    while pending:
        code = pending.pop()
        # The first line of a function has a call event, and no line event.
        first = code.co_firstlineno if code.co_name != "<module>" else 0
        lines.update(line for _, _, line in code.co_lines() if line and line != first)
        pending += (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return lines


def listing(path: str, lines: dict[int, LineStats]) -> Iterator[str]:
    """Yield a file's lines with hits, time and own time; `!` marks a line that never ran."""
    source = _swifttrace.source_lines(os.fsencode(path))
    executable = executable_lines("\n".join((*source, "")), path)
    yield f"{'hits':>12} {'time':>9} {'own':>9}    line  {path}"
    for number, text in enumerate(source, 1):
        known = lines.get(number)
        if known is not None and known.hits:
            numbers = f"{known.hits:>12,} {duration(known.total):>9} {duration(known.own):>9}"
        else:
            numbers = f"{'':>32}"
        mark = "!" if number in executable and not (known and known.hits) else " "
        yield f"{numbers} {mark} {number:>5}  {text.rstrip()}".rstrip()
