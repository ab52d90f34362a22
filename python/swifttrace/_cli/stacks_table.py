"""Tables of the stacks of `callers`, `callees` and `paths`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from .._printable import label, printable
from .._reading.recording import Recording
from .._reading.results import Frame, StackCount, Stacks
from . import terminal
from .parsing import Parser
from .terminal import place, print_line

# Most frames of one stack, and of all stacks together unless --top limits them.
_MOST_OF_A_STACK = 100
_MOST_OF_ALL = 200_000


def show_stacks(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Print the stacks of `callers`, `callees` or `paths`, and return the status."""
    (recording,) = recordings
    command = options.command
    found: Stacks = getattr(recording, command)(*options.patterns)
    stacks = _bounded(found, options.top)
    if found.beyond:
        print(
            f"swifttrace: {found.beyond:,} more occurrences are on stacks beyond the limit",
            file=sys.stderr,
        )
    if options.format == "json":
        terminal.print_json(
            [
                {
                    "count": stack.count,
                    "total": stack.total,
                    "own": stack.own,
                    "is_partial": stack.is_partial,
                    "stack": [frame._asdict() for frame in stack.frames],
                }
                for stack in stacks
            ]
        )
        return 0
    if options.format == "csv":
        rows = [
            (s.count, s.total, s.own, ";".join(map(_name, s.frames)), s.is_partial) for s in stacks
        ]
        terminal.print_csv(("count", "total", "own", "stack", "is_partial"), rows)
        return 0
    if not found:
        message = f"nothing in {recording.path} matches {' '.join(options.patterns)}"
        print(printable(message), file=sys.stderr)
        return 0
    for stack in stacks:
        times = "" if command == "paths" else f"  {terminal.bound(stack.total, stack.is_partial)}"
        print(f"{stack.count:,} time{'s' if stack.count != 1 else ''}{times}")
        half = _MOST_OF_A_STACK // 2
        left_out = len(stack.frames) - _MOST_OF_A_STACK
        for depth, frame in enumerate(stack.frames):
            if depth == half and left_out > 0:
                print(f"  {'  ' * depth}… {left_out:,} more frames …")
            if half <= depth < half + left_out:
                continue
            indentation = "  " * (depth - max(0, left_out) if depth >= half else depth)
            print_line(f"  {indentation}{_name(frame)}  {place(frame.file, frame.line)}".rstrip())
    return 0


def _name(frame: Frame) -> str:
    name = label(frame.name, frame.file)
    return f"{name} ×{frame.repeats:,}" if frame.repeats > 1 else name


def _bounded(stacks: Sequence[StackCount], top: int | None) -> Iterator[StackCount]:
    """Yield the first stacks, and report the number of those that are left out."""
    frames = 0
    for number, stack in enumerate(stacks):
        if number == top:
            return
        frames += len(stack.frames)
        if top is None and frames > _MOST_OF_ALL:
            print(
                f"swifttrace: {len(stacks) - number:,} more stacks are left out; --top N shows N",
                file=sys.stderr,
            )
            return
        yield stack
