"""Parts that `stats`, `callers`, `callees`, `paths` and `diff` share."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence

from .._printable import report
from .._reading.recording import Recording
from .default_recording import add_recording, open_recording, use_default
from .parsing import HelpFormatter, Parser, add_children, count
from .terminal import prepare_output


def make_parser(command: str, description: str, examples: str, recordings: int = 1) -> Parser:
    """Return the parser of a command that reads so many recordings."""
    parser = Parser(
        prog=f"swifttrace {command}",
        description=description,
        epilog=examples,
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    add_recording(parser, recordings)
    return parser


def add_output(
    parser: Parser, formats: Sequence[str] = ("table", "json", "csv"), top: int | None = None
) -> None:
    """Add the options for the form of the output."""
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
    # Options can stand between the recording and the names.
    options = parser.parse_intermixed_args(sys.argv[2:])
    use_default(parser, options)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    prepare_output(parser)
    recordings = [open_recording(parser, path, options.children) for path in options.recordings]
    for recording in recordings:
        recording._shows_progress = True
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
