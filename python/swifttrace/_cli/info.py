"""`swifttrace info`: facts about a recording as a whole."""

from __future__ import annotations

import argparse

from .._reading.recording import Recording
from .analysis import make_parser, run
from .info_report import as_dict, print_info
from .parsing import Parser, add_children
from .terminal import print_json

_EXAMPLES = """\
examples:
  swifttrace info                                   of run.swt, in the current folder
  swifttrace info --format json crash.swt
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "info",
        "Show the command, the Python, the duration and the end of a recorded program, its "
        "processes and threads, and how many events of each kind are in the recording.",
        _EXAMPLES,
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="format of the output (default: text)",
    )
    add_children(parser)
    run(parser, _show)


def _show(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Print the facts. Returns the status."""
    (recording,) = recordings
    info = recording.info()
    if options.format == "json":
        print_json(as_dict(info))
    else:
        print_info(info)
    return 0
