"""`swifttrace callees`: the calls that functions make."""

from __future__ import annotations

from .analysis import add_output, make_parser, run
from .stacks_table import show_stacks

_EXAMPLES = """\
examples:
  swifttrace callees run.swt main                   the calls that main makes, and their calls
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "callees", "Show the calls that functions make, and the calls within those.", _EXAMPLES
    )
    parser.add_argument("patterns", nargs="+", metavar="function", help="such as 'Parser.*'")
    add_output(parser)
    run(parser, show_stacks)
