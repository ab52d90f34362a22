"""`python -m swifttrace export`: converts a recording to the format of another tool."""

from __future__ import annotations

import os
import sys

from .._printable import report
from .._reading.export import FORMATS
from .default_recording import add_recording, open_recording
from .parsing import HelpFormatter, Parser, add_children, add_thread
from .thread_selection import check_selection, report_dropped

_EXAMPLES = """\
examples:
  swifttrace export --to perfetto -o run.pftrace run.swt     then open it in ui.perfetto.dev
  swifttrace export --to collapsed -o - run.swt | flamegraph.pl > run.svg
  swifttrace export --to callgrind -o callgrind.out run.swt && callgrind_annotate callgrind.out
  swifttrace export --to coverage -o .coverage run.swt && coverage report
"""


def main() -> None:
    """Run the command. The status is 1 if a part of the recording is damaged."""
    parser = _make_parser()
    options = parser.parse_args(sys.argv[2:])
    recording = open_recording(parser, options.recording, options.children)
    check_selection(parser, options, recording)
    report_dropped(recording.threads)
    try:
        recording.export(
            options.format, options.output, process=options.process, thread=options.thread
        )
    except BrokenPipeError:
        # The reader of the pipe has closed it, which is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        parser.error(f"cannot write to {options.output}: {error.strerror}")
    except (ValueError, ImportError) as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    for problem in recording.damage:
        report(problem)
    sys.exit(1 if recording.damage else 0)


def _make_parser() -> Parser:
    formats = "\n".join(
        f"  {name:11}{format.help + ' ':42}{format.opens}" for name, format in FORMATS.items()
    )
    parser = Parser(
        prog="swifttrace export",
        description="Write a recording in another tool's format.",
        epilog=f"formats, their purpose, and tools that open them:\n{formats}\n\n{_EXAMPLES}",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    add_recording(parser)
    parser.add_argument(
        "--to", dest="format", metavar="NAME", required=True, choices=FORMATS, help="the format"
    )
    parser.add_argument(
        "-o",
        dest="output",
        metavar="FILE",
        required=True,
        help="write to FILE, replacing an existing one; - is stdout",
    )
    which = parser.add_argument_group("events to export (default: all)")
    add_thread(which)
    add_children(which)
    return parser
