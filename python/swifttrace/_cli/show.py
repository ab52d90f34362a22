"""`python -m swifttrace show`: prints a recording as text."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from .. import _swifttrace
from .._printable import report
from .._reading.recording import Recording
from .._tracing.units import parse_duration
from .parsing import HelpFormatter, Parser, add_children, add_thread, count
from .thread_selection import check_selection, report_dropped
from .trace import strategies_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._swifttrace import Logger, ShowRequest

_EXAMPLES = """\
examples:
  swifttrace show run.swt                     calls and returns as a tree
  swifttrace show --lines --times relative run.swt
  swifttrace show --calls --lines --source run.swt
  swifttrace show --tasks run.swt             with the asyncio task of each line
  swifttrace show --format json --c-calls run.swt
  swifttrace show --from 1.5 --until 2 --thread 0 --depth 4 run.swt
  swifttrace show --tail 50 run.swt           how it ended
  swifttrace show --fold --max-children 20 run.swt
  swifttrace show --min-duration 1ms run.swt  where the time went, in order
  swifttrace show --follow run.swt            while it is being written
"""


def main() -> None:
    """Run the command. The status is 1 if a part of the recording is damaged."""
    parser = _make_parser()
    options = parser.parse_args(sys.argv[2:])
    options.opcodes = options.format == "json"  # Shown if they were recorded.
    try:
        loggers = [strategy.engine_logger() for strategy in strategies_of(options)]
        if options.source and (options.format != "tree" or not (options.lines or options.events)):
            raise ValueError("--source needs --format tree and --lines")
        if options.tasks and (options.format == "json" or options.fold):
            raise ValueError("--tasks needs --format tree or sentences, without --fold")
        for logger in loggers:
            if logger["kind"] == "tree":
                logger["source"] = options.source
                logger["color"] = _is_colored(options.color)
        if options.fold or options.max_children is not None:
            _check_tree(options)
        recording = Recording(options.recording, children=options.children)
    except OSError as error:
        parser.error(f"cannot read {options.recording}: {error.strerror}")
    except ValueError as error:
        parser.error(str(error))
    if not options.follow:
        check_selection(parser, options, recording)
        report_dropped(recording.threads)
    sys.exit(_show(parser, options, recording, loggers))


def _show(
    parser: Parser, options: argparse.Namespace, recording: Recording, loggers: list[Logger]
) -> int:
    # Ctrl-C ends `--follow`. A reader that closes the pipe is not an error.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        handle = recording._open()
        _swifttrace.show(handle, _request(options, loggers))
        recording._look(handle)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except OSError as error:
        parser.error(f"cannot write: {error.strerror}")
    except ValueError as error:  # The output has reached a limit, which the message names.
        print(f"swifttrace: {error}", file=sys.stderr)
        return 1
    if options.follow:
        report_dropped(recording.threads)
    for problem in recording.damage:
        report(problem)
    return 1 if recording.damage else 0


def _is_colored(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    # https://no-color.org: every value except an empty one counts.
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def _check_tree(options: argparse.Namespace) -> None:
    name = "--fold" if options.fold else "--max-children"
    shows_calls = options.calls or options.events or not (options.lines or options.returns)
    if options.format != "tree" or not shows_calls:
        raise ValueError(f"{name} needs --format tree and calls")


def _request(options: argparse.Namespace, loggers: list[Logger]) -> ShowRequest:
    return {
        "loggers": loggers,
        "descriptor": 1,
        "process": options.process,
        "thread": options.thread,
        "begin": options.begin,
        "end": options.end,
        "depth": options.depth,
        "tail": options.tail,
        "times": options.times,
        "follow": options.follow,
        "include": options.include,
        "exclude": options.exclude,
        "function": options.function,
        "min_duration": options.min_duration,
        "fold": options.fold,
        "max_children": options.max_children,
        "tasks": options.tasks,
    }


def _nanoseconds(text: str) -> int:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < 1e9:
        raise argparse.ArgumentTypeError(
            f"invalid time {text!r}: expected seconds, for example 1.5"
        )
    return round(seconds * 1e9)


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _make_parser() -> Parser:
    parser = Parser(
        prog="swifttrace show",
        description="Show a recording as text, in the formats of a live trace.",
        epilog=_EXAMPLES,
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("recording", help="a file that swifttrace record has written")
    what = parser.add_argument_group("events to show (default: calls and returns)")
    for name in ("calls", "lines", "returns"):
        what.add_argument(f"--{name}", action="store_true", help=f"show {name}")
    what.add_argument("--events", action="store_true", help="show calls, lines and returns")
    what.add_argument("--c-calls", action="store_true", help="with --format json: C calls too")
    form = parser.add_argument_group("output")
    form.add_argument(
        "--format",
        choices=("tree", "sentences", "json"),
        default="tree",
        help="an indented tree (default), one sentence per line, or one JSON object per line",
    )
    form.add_argument(
        "--times",
        choices=("none", "relative", "absolute"),
        default="none",
        help="before each line, print the seconds since the start, or the date and time",
    )
    form.add_argument(
        "--tasks",
        action="store_true",
        help="before each line, print the number of the asyncio task in its thread: [task 2]",
    )
    form.add_argument(
        "--fold",
        action="store_true",
        help="show consecutive equal calls of a function once: ×1,204",
    )
    form.add_argument(
        "--source",
        action="store_true",
        help="with --lines: show the source of each line, as the file has it now",
    )
    form.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="color the tree (default: on a terminal, unless NO_COLOR is set)",
    )
    which = parser.add_argument_group("selection")
    which.add_argument(
        "--min-duration",
        metavar="TIME",
        type=_duration,
        default=0,
        help="only calls that took TIME or longer: 1.5ms, 20us, 2s",
    )
    which.add_argument(
        "--max-children", metavar="N", type=count, help="only the first N calls within each call"
    )
    add_thread(which)
    add_children(which)
    which.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only files that match"
    )
    which.add_argument(
        "--exclude", metavar="GLOB", action="append", default=[], help="no files that match"
    )
    which.add_argument(
        "--function",
        metavar="GLOB",
        action="append",
        default=[],
        help="only functions whose qualified name matches",
    )
    which.add_argument(
        "--from",
        dest="begin",
        metavar="SECONDS",
        type=_nanoseconds,
        help="only events from this time on",
    )
    which.add_argument(
        "--until",
        dest="end",
        metavar="SECONDS",
        type=_nanoseconds,
        help="only events up to this time",
    )
    which.add_argument("--depth", metavar="N", type=count, help="only the outermost N frames")
    which.add_argument("--tail", metavar="N", type=count, help="only the last N lines")
    which.add_argument(
        "--follow", action="store_true", help="continue while the program is running"
    )
    parser.set_defaults(output="-")
    return parser
