"""`python -m swifttrace stats`, `callers`, `callees`, `paths` and `diff`."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from .._printable import report
from .._reading.recording import Recording
from .analyze_options import make_parser
from .diff import show_diff
from .parsing import Parser
from .stacks import show_stacks
from .stats import show_stats
from .terminal import prepare_output

_COMMANDS = {
    "stats": show_stats,
    "callers": show_stacks,
    "callees": show_stacks,
    "paths": show_stacks,
    "diff": show_diff,
}


def main() -> None:
    """Run the command. The status is 1 where a part of a recording cannot be read."""
    command = sys.argv[1]
    parser = make_parser(command)
    options = parser.parse_args(sys.argv[2:])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    prepare_output(parser)
    recordings = [_open(parser, path, options) for path in options.recordings]
    try:
        status = _COMMANDS[command](parser, options, recordings)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the text has had enough of it, which is no error.
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
