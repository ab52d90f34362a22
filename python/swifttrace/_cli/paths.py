"""`swifttrace paths`: the stacks on which exceptions are raised."""

from __future__ import annotations

from .analysis import add_output, make_parser, run
from .stacks_table import show_stacks

_EXAMPLES = """\
examples:
  swifttrace paths run.swt KeyError                 the stacks on which KeyErrors were raised
  swifttrace paths run.swt '*'                      the stacks of all exceptions
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "paths", "Show each distinct stack on which an exception was raised.", _EXAMPLES
    )
    parser.add_argument("patterns", nargs="+", metavar="exception", help="such as KeyError")
    add_output(parser)
    run(parser, show_stacks)
