"""`swifttrace callers`: the stacks through which functions are reached."""

from __future__ import annotations

from .analysis import add_output, make_parser, run
from .stacks_table import show_stacks

_EXAMPLES = """\
examples:
  swifttrace callers run.swt 'Session.*'            the stacks through which they were reached
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "callers", "Show each distinct stack through which functions were reached.", _EXAMPLES
    )
    parser.add_argument("patterns", nargs="+", metavar="function", help="such as 'Parser.*'")
    add_output(parser)
    run(parser, show_stacks)
