"""`swifttrace callees`: the calls that functions make."""

from __future__ import annotations

from .analysis import add_output, make_parser, run
from .stacks_table import show_stacks

_EXAMPLES = """\
examples:
  swifttrace callees run.swt main                   what main calls, and what that calls
"""


def main() -> None:
    """Run the command."""
    parser = make_parser("callees", "Show what functions call, and what that calls.", _EXAMPLES)
    parser.add_argument("patterns", nargs="+", metavar="function", help="such as 'Parser.*'")
    add_output(parser)
    run(parser, show_stacks)
