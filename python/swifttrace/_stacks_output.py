"""What `python -m swifttrace callers`, `callees` and `paths` print."""

from __future__ import annotations

import argparse
import sys

from . import _terminal
from ._arguments import Parser
from ._printable import label, printable
from ._reading import Recording
from ._terminal import place, print_line
from ._views import StackCount


def show_stacks(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Show the stacks of `callers`, `callees` or `paths`. Returns the status."""
    (recording,) = recordings
    command = options.command
    stacks: tuple[StackCount, ...] = getattr(recording, command)(*options.patterns)
    stacks = stacks[: options.top]
    if options.format == "json":
        _terminal.print_json(
            [
                {
                    "count": stack.count,
                    "total": stack.total,
                    "own": stack.own,
                    "stack": [frame._asdict() for frame in stack.frames],
                }
                for stack in stacks
            ]
        )
        return 0
    if options.format == "csv":
        rows = [
            (s.count, s.total, s.own, ";".join(label(frame.name, frame.file) for frame in s.frames))
            for s in stacks
        ]
        _terminal.print_csv(("count", "total", "own", "stack"), rows)
        return 0
    if not stacks:
        message = f"nothing in {recording.path} matches {' '.join(options.patterns)}"
        print(printable(message), file=sys.stderr)
        return 0
    for stack in stacks:
        times = "" if command == "paths" else f"  {_terminal.duration(stack.total)}"
        print(f"{stack.count:,} time{'s' if stack.count != 1 else ''}{times}")
        for depth, frame in enumerate(stack.frames):
            name = label(frame.name, frame.file)
            print_line(f"  {'  ' * depth}{name}  {place(frame.file, frame.line)}".rstrip())
    return 0
