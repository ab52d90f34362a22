"""`swifttrace stats`: counts and times of functions and lines."""

from __future__ import annotations

import argparse
import fnmatch
import os
import re

from .._paths import absolute
from .._reading.recording import Recording
from .._reading.results import FunctionStats
from . import terminal
from .analysis import add_output, make_parser, run
from .parsing import Parser, add_thread
from .source_listing import lines_of, listing
from .stats_table import LINE_SORTS, SORTS, print_stats
from .thread_selection import check_selection

_EXAMPLES = """\
examples:
  swifttrace stats run.swt                          where the time went
  swifttrace stats --sort calls --top 10 run.swt
  swifttrace stats --function 'Parser.*' --format csv run.swt
  swifttrace stats --by thread run.swt
  swifttrace stats --source script.py run.swt       hits and time beside each line
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "stats", "Count the functions and lines of a recording, and their time.", _EXAMPLES
    )
    _add_options(parser)
    add_output(parser)
    run(parser, _show)


def _add_options(parser: Parser) -> None:
    parser.add_argument("--lines", action="store_true", help="show lines instead of functions")
    parser.add_argument(
        "--source",
        metavar="FILE",
        help="show the source of FILE, with hits and time beside each line",
    )
    parser.add_argument(
        "--sort", choices=tuple(SORTS), default="own", help="column to sort by (default: own)"
    )
    parser.add_argument(
        "--by", choices=("process", "thread"), help="count each process, or each thread, separately"
    )
    add_thread(parser)
    for name, text in (
        ("include", "only files that match"),
        ("exclude", "no files that match"),
        ("function", "only functions whose qualified name matches"),
    ):
        parser.add_argument(f"--{name}", metavar="GLOB", action="append", default=[], help=text)


def _show(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Print the functions or lines of a recording, and return the status."""
    (recording,) = recordings
    check_selection(parser, options, recording)
    if options.source is not None:
        _check_source(parser, options)
    rows = recording.stats(
        by=options.by,
        lines=options.source is not None or options.lines,
        process=options.process,
        thread=options.thread,
    )
    if options.source is not None:
        return _source(parser, options.source, recording, rows)
    if options.lines and options.sort not in LINE_SORTS:
        parser.error(f"lines cannot be sorted by {options.sort}: omit --lines")
    rows = tuple(row for row in rows if _is_wanted(row, options))
    print_stats(options, rows)
    return 0


def _check_source(parser: Parser, options: argparse.Namespace) -> None:
    """Reject options that do not apply to `--source`."""
    for name, default in (
        ("format", "table"),
        ("sort", "own"),
        ("top", None),
        ("by", None),
        ("lines", False),
        ("include", []),
        ("exclude", []),
        ("function", []),
    ):
        if getattr(options, name) != default:
            parser.error(f"--source shows a whole file: omit --{name}, or use --lines")


def _source(
    parser: Parser, path: str, recording: Recording, rows: tuple[FunctionStats, ...]
) -> int:
    files = {row.file for row in rows}
    # A recording has the text `\udcff` for a byte of a path that is not UTF-8.
    path = path.encode(errors="backslashreplace").decode()
    # The path of a script that was started as `./script.py` begins with `./`.
    wanted = {path, absolute(path), os.path.normpath(os.path.join(recording.folder, path))}
    found = {file for file in files if file in wanted or os.path.normpath(file) in wanted}
    if not found:
        ending = "/" + os.path.normpath(path)
        found = {file for file in files if os.path.normpath(file).endswith(ending)}
    if len({os.path.normpath(file) for file in found}) != 1:
        problem = (
            f"these files match: {', '.join(sorted(found))}"
            if found
            else "it is not in the recording"
        )
        parser.error(f"--source {path}: {problem} ({recording.path})")
    source = os.path.join(recording.folder, min(found))
    if not os.path.isfile(source):
        source = re.sub(r"\\u(dc[89a-f][\da-f])", lambda match: chr(int(match[1], 16)), source)
    if not os.path.isfile(source):
        parser.error(f"cannot read the source {source}")
    for line in listing(source, lines_of(row for row in rows if row.file in found)):
        terminal.print_line(line, keep="\t")
    return 0


def _is_wanted(row: FunctionStats, options: argparse.Namespace) -> bool:
    def matches(text: str, globs: list[str]) -> bool:
        return any(
            fnmatch.fnmatchcase(text, glob) or fnmatch.fnmatchcase(text, "*/" + glob)
            for glob in globs
        )

    if options.include and not matches(row.file, options.include):
        return False
    if matches(row.file, options.exclude):
        return False
    return not options.function or any(
        fnmatch.fnmatchcase(row.name, glob) for glob in options.function
    )
