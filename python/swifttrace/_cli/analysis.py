"""Parts that `stats`, `callers`, `callees`, `paths` and `diff` share."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence

from .._printable import report
from .._reading.recording import Recording
from .parsing import HelpFormatter, Parser, add_children, count
from .terminal import prepare_output


def make_parser(command: str, description: str, examples: str, recordings: int = 1) -> Parser:
    """Return the parser of a command that reads this number of recordings."""
    parser = Parser(
        prog=f"swifttrace {command}",
        description=description,
        epilog=examples,
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    parser.add_argument(
        "recordings", nargs=recordings, metavar="recording", help="a file that record has written"
    )
    return parser


def add_output(
    parser: Parser, formats: Sequence[str] = ("table", "json", "csv"), top: int | None = None
) -> None:
    """Add the options for the output."""
    parser.add_argument(
        "--format", choices=formats, default="table", help="format of the output (default: table)"
    )
    parser.add_argument("--top", metavar="N", type=count, default=top, help="only the first N")
    add_children(parser)


def run(parser: Parser, show: Callable[[Parser, argparse.Namespace, list[Recording]], int]) -> None:
    """Run a command. The status is 1 if a part of a recording is damaged.

    Args:
        parser: The parser of the command's arguments.
        show: Prints the result, and returns the status.
    """
    options = parser.parse_args(sys.argv[2:])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    prepare_output(parser)
    recordings = [_open(parser, path, options) for path in options.recordings]
    try:
        status = show(parser, options, recordings)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the pipe has closed it, which is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return
    except OSError as error:
        parser.error(f"cannot read or write: {error.strerror}")
    for recording in recordings:
        for thread in recording.threads:
            if thread.dropped:
                report(
                    f"{recording.path}: process {thread.process}, thread "
                    f"{thread.index}: {thread.dropped:,} events are missing"
                )
        for problem in recording.damage:
            report(problem)
    sys.exit(1 if any(recording.damage for recording in recordings) else status)


def _open(parser: Parser, path: str, options: argparse.Namespace) -> Recording:
    try:
        recording = Recording(path, children=options.children)
    except OSError as error:
        parser.error(f"cannot read {path}: {error.strerror}")
    except ValueError as error:
        parser.error(str(error))
    recording._shows_progress = True
    return recording
