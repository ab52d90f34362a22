"""The options of `python -m swifttrace stats`, `callers`, `callees`, `paths` and `diff`."""

from __future__ import annotations

import argparse

from .parsing import HelpFormatter, Parser
from .stats import SORTS

_EXAMPLES = {
    "stats": """\
examples:
  swifttrace stats run.swt                          where the time went
  swifttrace stats --sort calls --top 10 run.swt
  swifttrace stats --function 'Parser.*' --format csv run.swt
  swifttrace stats --by thread run.swt
  swifttrace stats --source script.py run.swt       hits and time beside each line
""",
    "callers": """\
examples:
  swifttrace callers run.swt 'Session.*'            by which stacks these were reached
""",
    "callees": """\
examples:
  swifttrace callees run.swt main                   what main calls, and what that calls
""",
    "paths": """\
examples:
  swifttrace paths run.swt KeyError                 on which stacks KeyErrors were raised
  swifttrace paths run.swt '*'                      and all others
""",
    "diff": """\
examples:
  swifttrace diff good.swt bad.swt                  where two runs first differ, and what changed
""",
}
_DESCRIPTIONS = {
    "stats": "Count the functions and lines of a recording, and their time.",
    "callers": "Show each distinct stack by which functions were reached.",
    "callees": "Show what functions call, and what that calls.",
    "paths": "Show each distinct stack on which an exception was raised.",
    "diff": "Show where two runs first differ, and which functions changed. The status is 0 if "
    "they did the same, else 1.",
}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 62:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def make_parser(command: str) -> Parser:
    """Return the parser of a command's options."""
    parser = Parser(
        prog=f"swifttrace {command}",
        description=_DESCRIPTIONS[command],
        epilog=_EXAMPLES[command],
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    count = 2 if command == "diff" else 1
    parser.add_argument("recordings", nargs=count, metavar="recording", help="as record writes it")
    if command in ("callers", "callees"):
        parser.add_argument("patterns", nargs="+", metavar="function", help="such as 'Parser.*'")
    if command == "paths":
        parser.add_argument("patterns", nargs="+", metavar="exception", help="such as KeyError")
    if command == "stats":
        _add_stats(parser)
    if command == "diff":
        parser.add_argument(
            "--no-values", dest="values", action="store_false", help="do not compare values"
        )
    formats = ("table", "json") if command == "diff" else ("table", "json", "csv")
    parser.add_argument("--format", choices=formats, default="table", help="table by default")
    parser.add_argument(
        "--top",
        metavar="N",
        type=_count,
        default=20 if command == "diff" else None,
        help="only the first N",
    )
    parser.add_argument(
        "--no-children",
        dest="children",
        action="store_false",
        help="of the file alone, without those of child processes",
    )
    return parser


def _add_stats(parser: Parser) -> None:
    parser.add_argument("--lines", action="store_true", help="lines in place of functions")
    parser.add_argument(
        "--source", metavar="FILE", help="the file's source, with hits and time beside each line"
    )
    parser.add_argument("--sort", choices=tuple(SORTS), default="own", help="own by default")
    parser.add_argument(
        "--by", choices=("process", "thread"), help="each process, or each thread, for itself"
    )
    parser.add_argument("--process", metavar="PID", type=_count, help="of this process only")
    parser.add_argument("--thread", metavar="N", type=_count, help="of this thread only")
    for name, text in (
        ("include", "only files that match"),
        ("exclude", "no files that match"),
        ("function", "only functions whose qualified name matches"),
    ):
        parser.add_argument(f"--{name}", metavar="GLOB", action="append", default=[], help=text)
