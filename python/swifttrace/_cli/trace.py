"""`python -m swifttrace`: traces a program, and prints its events."""

from __future__ import annotations

import argparse

from .._tracing.program import NotRunnableError
from .._tracing.session import begin
from .._tracing.strategies import (
    CallLogger,
    EventLogger,
    JSONLogger,
    LineLogger,
    ReturnLogger,
    Strategy,
    TreeLogger,
    engine_strategies,
)
from .._version import __version__
from .parsing import (
    HelpFormatter,
    Parser,
    add_filters,
    add_program,
    filters_of,
    find_program,
    is_same_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import Target

_EXAMPLES = """\
examples:
  swifttrace script.py                       calls and returns of your own code, as a tree
  swifttrace --lines -o trace.txt script.py  lines, to a file
  swifttrace --format sentences --calls -m http.server 8000
  swifttrace --function 'Parser.*' --depth 3 -m mypackage input.txt
  swifttrace --calls pytest tests            a command of this environment, by its name
  swifttrace --all -c 'import json; json.loads("[1]")'
  swifttrace record -o run.swt script.py     every event to a file: swifttrace record --help
  swifttrace show run.swt                    read it: swifttrace show --help
  swifttrace export --to perfetto -o run.pftrace run.swt   swifttrace export --help
  swifttrace tree run.swt                    where the time went; also stats, callers, paths, diff
  swifttrace doctor                          whether tracing and recording will work here
"""


def main() -> None:
    """Trace the program named on the command line, and exit with its status."""
    parser = make_parser()
    options = parser.parse_args()
    try:
        program = find_program(parser, options)
        strategies = strategies_of(options)
        filters = filters_of(options, program)
        engine_strategies(strategies)
    except (NotRunnableError, ValueError) as error:
        parser.error(str(error))

    if options.output not in (None, "-") and is_same_file(options.output, options.script):
        parser.error(f"-o {options.output} would overwrite the program")

    def start() -> None:
        try:
            begin(strategies, filters, options.source)
        except OSError as error:
            parser.error(f"cannot write to {error.filename}: {error.strerror}")
        except (RuntimeError, ValueError) as error:
            parser.error(str(error))

    program.run(start)


def make_parser() -> Parser:
    """Return the parser of the arguments."""
    parser = Parser(
        prog="swifttrace",
        description="Trace a Python program: its calls, lines and returns, with values.",
        epilog=_EXAMPLES,
        formatter_class=HelpFormatter,
        usage="%(prog)s [OPTIONS] (script.py | COMMAND | -m MODULE | -c CODE) [ARGS]\n"
        "       %(prog)s (record | show | export | doctor) ...\n"
        "       %(prog)s (stats | tree | callers | callees | paths | diff) ...",
        allow_abbrev=False,
    )
    add_program(parser)
    events = parser.add_argument_group("events to show (default: calls and returns)")
    for name in ("calls", "lines", "returns"):
        events.add_argument(f"--{name}", action="store_true", help=f"show {name}")
    events.add_argument("--events", action="store_true", help="show calls, lines and returns")
    events.add_argument("--c-calls", action="store_true", help="with --format json: C calls too")
    events.add_argument(
        "--opcodes",
        action="store_true",
        help="with --format json: opcodes too, in frames that set f_trace_opcodes",
    )
    form = parser.add_argument_group("output")
    form.add_argument(
        "--format",
        choices=("tree", "sentences", "json"),
        default="tree",
        help="an indented tree with values and durations (default), one sentence per line, or one "
        "JSON object per line",
    )
    form.add_argument("-o", dest="output", metavar="FILE", help="write to FILE; - is stdout")
    add_filters(parser)
    parser.add_argument("--version", action="version", version=f"swifttrace {__version__}")
    return parser


def strategies_of(options: argparse.Namespace) -> tuple[Strategy, ...]:
    """Return the strategies that the options select.

    Raises:
        ValueError: An option is invalid.
    """
    file: Target = options.output
    if options.output == "-":
        from .standard_output import standard_output

        file = standard_output()
    calls = options.calls or options.events
    lines = options.lines or options.events
    returns = options.returns or options.events
    if options.c_calls and options.format != "json":
        raise ValueError("--c-calls needs --format json")
    if options.opcodes and options.format != "json":
        raise ValueError("--opcodes needs --format json")
    if options.format == "json":
        if not (calls or lines or returns):
            return (JSONLogger(file, opcodes=options.opcodes, c_calls=options.c_calls),)
        return (
            JSONLogger(
                file,
                calls=calls,
                lines=lines,
                returns=returns,
                exceptions=False,
                opcodes=options.opcodes,
                c_calls=options.c_calls,
            ),
        )
    if options.format == "tree":
        if not (calls or lines or returns):
            return (TreeLogger(file),)
        return (TreeLogger(file, calls=calls, lines=lines, returns=returns),)
    if not (calls or lines or returns) or (calls and lines and returns):
        return (EventLogger(file),)
    chosen = ((calls, CallLogger), (lines, LineLogger), (returns, ReturnLogger))
    return tuple(logger(file) for wanted, logger in chosen if wanted)
