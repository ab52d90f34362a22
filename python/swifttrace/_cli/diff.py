"""`swifttrace diff`: where two runs first differ, and which functions changed."""

from __future__ import annotations

from .analysis import add_output, make_parser, run
from .diff_report import show_diff

_EXAMPLES = """\
examples:
  swifttrace diff good.swt bad.swt                  where two runs first differ, and what changed
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "diff",
        "Show where two runs first differ, and which functions changed. The status is 0 if the "
        "runs are equal, else 1.",
        _EXAMPLES,
        recordings=2,
    )
    parser.add_argument(
        "--no-values", dest="values", action="store_false", help="do not compare values"
    )
    add_output(parser, formats=("table", "json"), top=20)
    run(parser, show_diff)
