"""`python -m swifttrace record`: writes every event of a program to a file."""

from __future__ import annotations

import argparse
import errno
import os
import sys

from .. import _swifttrace
from .._paths import absolute
from .._tracing import child_processes
from .._tracing.options import RECORD
from .._tracing.program import NotRunnableError
from .._tracing.recorder import Recorder
from .._tracing.session import begin
from .._tracing.strategies import engine_strategies
from .parsing import (
    HelpFormatter,
    Parser,
    add_filters,
    add_program,
    filters_of,
    find_program,
    is_same_file,
)

_EXAMPLES = """\
examples:
  swifttrace record script.py                            writes run.swt
  swifttrace record -o slow.swt --values safe -m mypackage input.txt
  swifttrace record --max-size 200M --keep last server.py   the last events of a long run
  swifttrace record --calls --returns --all script.py    no lines; the standard library too
  swifttrace record --min-duration 1ms script.py    only calls that took longer
"""


def main() -> None:
    """Record the program named on the command line, and exit with its status."""
    arguments = sys.argv[2:]
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        program = find_program(parser, options)
        recorder = recorder_of(options)
        recorder.prints_summary = True
        _go_on(recorder)
        words = [*arguments[: len(arguments) - _count_of_program(options)]]
        recorder.options = ("record", *words)
        filters = filters_of(options, program)
        engine_strategies((recorder,))
    except (NotRunnableError, ValueError) as error:
        parser.error(str(error))
    if is_same_file(options.output, options.script):
        parser.error(f"-o {options.output} would overwrite the program")

    def start() -> None:
        try:
            begin((recorder,), filters, options.source)
        except OSError as error:
            parser.error(_reason(error))
        except (RuntimeError, ValueError) as error:
            parser.error(str(error))

    program.run(start)


def _go_on(recorder: Recorder) -> None:
    """Write beside the recording if its first process has replaced itself with this command.

    A program that restarts itself from `/proc/self/cmdline` runs swifttrace again.
    """
    family = child_processes.family()
    if family is None or family[2] != os.getpid():
        return
    if child_processes.is_of(os.environ.get(child_processes.OPTIONS, ""), absolute(recorder.path)):
        recorder.join(family)


def recorder_of(options: argparse.Namespace) -> Recorder:
    """Return the recorder that the options describe.

    Raises:
        ValueError: An option is invalid.
    """
    return Recorder(options.output, **{row.name: row.value_of(options) for row in RECORD})


def _count_of_program(options: argparse.Namespace) -> int:
    """Return the number of words that name the program and its arguments."""
    if options.module is not None:
        return len(options.module) + 1
    if options.code is not None:
        return len(options.code) + 1
    return len(options.arguments) + 1


def _reason(error: OSError) -> str:
    if (process := _writer(error)) is not None:
        return f"{error.filename} is being written by process {process}; name another file with -o"
    if isinstance(error, FileExistsError):
        if not os.path.isfile(error.filename):
            return f"cannot write to {error.filename}: it is not a regular file"
        return f"{error.filename} exists already; --force replaces a recording"
    return f"cannot write to {error.filename}: {error.strerror}"


def _writer(error: OSError) -> int | None:
    """Return the process that is writing an existing recording; None if there is none."""
    if not isinstance(error, FileExistsError) and error.errno != errno.EBUSY:
        return None
    try:
        return _swifttrace.writer(error.filename)
    except OSError:
        return None  # It was removed, or cannot be read.


def make_parser() -> Parser:
    """Return the parser of the command's arguments."""
    parser = Parser(
        prog="swifttrace record",
        description="Write every event of a Python program to a file, which is complete however "
        "the program ends. swifttrace show reads it.",
        epilog=_EXAMPLES,
        formatter_class=HelpFormatter,
        usage="%(prog)s [-o FILE] [OPTIONS] (script.py | COMMAND | -m MODULE | -c CODE) [ARGS]",
        allow_abbrev=False,
    )
    add_program(parser)
    file = parser.add_argument_group("file")
    file.add_argument(
        "-o",
        dest="output",
        metavar="FILE",
        default="run.swt",
        help="write to FILE (default: run.swt); child processes write beside it",
    )
    events = parser.add_argument_group(
        "events to record (default: calls, lines, returns and exceptions)"
    )
    groups = {"file": file, "events": events}
    for row in RECORD:
        row.add_to(groups[row.group])
    add_filters(parser)
    return parser
