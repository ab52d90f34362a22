"""Parsers and options that several commands share."""

from __future__ import annotations

import argparse
import os
import sys

from .._printable import printable
from .._tracing.filters import Filters
from .._tracing.options import CODE
from .._tracing.program import Program, compile_code, find_module, find_script
from .._tracing.session import SOURCES, auto_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Finds the terminal's width without `shutil`. Importing that takes longer than the parsing."""

    def __init__(self, prog: str, **options: Any) -> None:
        options.setdefault("width", _columns() - 2)
        super().__init__(prog, **options)


def _columns() -> int:
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        pass  # Missing or not a number: the terminal knows the width.
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80  # The default without a terminal.


class Parser(argparse.ArgumentParser):
    """Reports an error on one line."""

    def error(self, message: str) -> NoReturn:
        prefix = "unrecognized arguments: "
        if message.startswith(prefix):
            import difflib

            unknown = message.removeprefix(prefix).split()[0]
            known = difflib.get_close_matches(unknown, self._option_string_actions, 1)
            message = f"unknown option {unknown}"
            message += f"; did you mean {known[0]}?" if known else ""
        self.exit(2, f"{self.prog}: {printable(message)} (see {self.prog} --help)\n")


def add_program(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the program."""
    program = parser.add_argument_group("the program")
    program.add_argument("script", nargs="?", help=argparse.SUPPRESS)
    program.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    program.add_argument(
        "-m", dest="module", nargs=argparse.REMAINDER, help="run a module, as python -m does"
    )
    program.add_argument(
        "-c", dest="code", nargs=argparse.REMAINDER, help="run code, as python -c does"
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options that select the code to trace."""
    code = parser.add_argument_group("code to trace (default: your own code)")
    for row in CODE:
        row.add_to(code)
    parser.add_argument(
        "--source",
        choices=SOURCES,
        default="auto",
        help="source of events: PyEval_SetTrace, sys.monitoring (Python 3.12 and newer), or "
        f"auto: {auto_source()}",
    )


def find_program(parser: Parser, options: argparse.Namespace) -> Program:
    """Return the program named by the arguments; exit with status 2 if there is none."""
    if options.module is not None:
        if not options.module:
            parser.error("-m needs the name of a module")
        return find_module(options.module[0], options.module[1:])
    if options.code is not None:
        if not options.code:
            parser.error("-c needs code to run")
        return compile_code(options.code[0], options.code[1:])
    if options.script is None:
        parser.error("missing program: name a script, -m MODULE or -c CODE")
    if options.script.startswith("-") and not os.path.exists(options.script):
        parser.error(f"unrecognized arguments: {options.script}")
    if os.path.isfile(options.script):
        return find_script(options.script, options.arguments)
    # Imported here, because most programs are files.
    from .._tracing.console_scripts import find_console_script

    program = find_console_script(options.script, options.arguments)
    if program is None:
        return find_script(options.script, options.arguments)
    options.script = program.arguments[0]
    return program


def filters_of(options: argparse.Namespace, program: Program | None = None) -> Filters:
    """Return the filters from the options and the program.

    Raises:
        TypeError, ValueError: An option is invalid.
    """
    values = {row.name: row.value_of(options) for row in CODE}
    own = program.own if program is not None else ()
    return Filters(**{**values, "own": [*own, *options.own]})


def count(text: str) -> int:
    """Parse a non-negative integer."""
    if not text.isdecimal() or int(text) >= 1 << 62:
        raise argparse.ArgumentTypeError(f"invalid integer: {text!r}")
    return int(text)


def add_thread(group: argparse._ActionsContainer) -> None:
    """Add the options that select a thread of a recording."""
    group.add_argument("--process", metavar="PID", type=count, help="only this process")
    group.add_argument("--thread", metavar="N", type=count, help="only this thread")


def add_children(group: argparse._ActionsContainer) -> None:
    """Add the option to leave out the recordings of child processes."""
    group.add_argument(
        "--no-children",
        dest="children",
        action="store_false",
        help="ignore recordings of child processes",
    )


def is_same_file(output: str, script: str | None) -> bool:
    """Return whether both paths name one existing file."""
    try:
        return script is not None and os.path.samefile(output, script)
    except OSError:
        return False  # One of the files does not exist.
