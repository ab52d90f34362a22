"""The command line."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from typing import NoReturn

from . import _program
from ._filters import Filters
from ._strategies import (
    CallLogger,
    EventLogger,
    JSONLogger,
    LineLogger,
    ReturnLogger,
    Strategy,
    TreeLogger,
    engine_strategies,
)
from ._tracing import begin
from ._types import Target
from ._version import __version__

_EXAMPLES = """\
examples:
  swifttrace script.py                       calls and returns of your own code, as a tree
  swifttrace --lines -o trace.txt script.py  the lines too, to a file
  swifttrace --format sentences --calls -m http.server 8000
  swifttrace --function 'Parser.*' --depth 3 -m mypackage input.txt
  swifttrace --all -c 'import json; json.loads("[1]")'
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        prefix = "unrecognized arguments: "
        if message.startswith(prefix):
            unknown = message.removeprefix(prefix).split()[0]
            known = difflib.get_close_matches(unknown, self._option_string_actions, 1)
            message = f"unknown option {unknown}"
            message += f"; did you mean {known[0]}?" if known else ""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main() -> None:
    """Run the command line: trace a program. Ends as the program ends."""
    parser = _make_parser()
    options = parser.parse_args()
    try:
        program = _find_program(parser, options)
        strategies = _strategies(options)
        filters = Filters(
            options.include,
            options.exclude,
            options.function,
            options.depth,
            options.all,
            own=program.own,
        )
        engine_strategies(strategies)
    except (_program.NotRunnableError, ValueError) as error:
        parser.error(str(error))

    if options.output not in (None, "-") and _is_same_file(options.output, options.script):
        parser.error(f"-o {options.output} would overwrite the program")

    def start() -> None:
        try:
            begin(strategies, filters)
        except OSError as error:
            parser.error(f"cannot write to {error.filename}: {error.strerror}")

    program.run(start)


def _make_parser() -> _Parser:
    parser = _Parser(
        prog="swifttrace",
        description="Trace a Python program: its calls, lines and returns, with values.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s [OPTIONS] (script.py | -m MODULE | -c CODE) [ARGS]",
        allow_abbrev=False,
    )
    program = parser.add_argument_group("the program")
    program.add_argument("script", nargs="?", help=argparse.SUPPRESS)
    program.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    program.add_argument(
        "-m", dest="module", nargs=argparse.REMAINDER, help="run a module, as python -m does"
    )
    program.add_argument(
        "-c", dest="code", nargs=argparse.REMAINDER, help="run code, as python -c does"
    )
    events = parser.add_argument_group("what is shown (calls and returns if nothing is said)")
    for name in ("calls", "lines", "returns"):
        events.add_argument(f"--{name}", action="store_true", help=f"show {name}")
    events.add_argument("--events", action="store_true", help="show calls, lines and returns")
    events.add_argument(
        "--c-calls", action="store_true", help="with --format json: functions written in C too"
    )
    form = parser.add_argument_group("how it is shown")
    form.add_argument(
        "--format",
        choices=("tree", "sentences", "json"),
        default="tree",
        help="an indented tree with values and durations (the default), a sentence a line, or a "
        "JSON object a line",
    )
    form.add_argument("-o", dest="output", metavar="FILE", help="write to FILE; - is stdout")
    code = parser.add_argument_group("which code is traced (your own if nothing is said)")
    code.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only files that match"
    )
    code.add_argument(
        "--exclude", metavar="GLOB", action="append", default=[], help="no files that match"
    )
    code.add_argument(
        "--function",
        metavar="GLOB",
        action="append",
        default=[],
        help="only functions whose qualified name matches, such as 'Parser.*'",
    )
    code.add_argument("--depth", metavar="N", type=int, help="only the outermost N traced frames")
    code.add_argument(
        "--all", action="store_true", help="the standard library and site-packages too"
    )
    parser.add_argument("--version", action="version", version=f"swifttrace {__version__}")
    return parser


def _is_same_file(output: str, script: str | None) -> bool:
    try:
        return script is not None and os.path.samefile(output, script)
    except OSError:
        return False  # One of them does not exist.


def _find_program(parser: _Parser, options: argparse.Namespace) -> _program.Program:
    if options.module is not None:
        if not options.module:
            parser.error("-m needs the name of a module")
        return _program.find_module(options.module[0], options.module[1:])
    if options.code is not None:
        if not options.code:
            parser.error("-c needs code to run")
        return _program.compile_code(options.code[0], options.code[1:])
    if options.script is None:
        parser.error("say what to trace: a script, -m MODULE or -c CODE")
    if options.script.startswith("-") and not os.path.exists(options.script):
        parser.error(f"unrecognized arguments: {options.script}")
    return _program.find_script(options.script, options.arguments)


def _strategies(options: argparse.Namespace) -> tuple[Strategy, ...]:
    file: Target = sys.stdout if options.output == "-" else options.output
    calls = options.calls or options.events
    lines = options.lines or options.events
    returns = options.returns or options.events
    if options.c_calls and options.format != "json":
        raise ValueError("--c-calls needs --format json")
    if options.format == "json":
        if not (calls or lines or returns):
            return (JSONLogger(file, c_calls=options.c_calls),)
        return (
            JSONLogger(
                file,
                calls=calls,
                lines=lines,
                returns=returns,
                exceptions=False,
                opcodes=False,
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
