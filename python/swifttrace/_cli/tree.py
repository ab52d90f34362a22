"""`swifttrace tree`: one merged tree of the calls, sorted by time."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator

from .._printable import label, report
from .._reading.call_tree import CallNode, CallTree
from .._reading.recording import Recording
from . import terminal
from .analysis import add_output, make_parser, run
from .parsing import Parser, add_thread, count
from .terminal import place
from .thread_selection import check_selection
from .unmatched import report_unmatched_names

_EXAMPLES = """\
examples:
  swifttrace tree run.swt                           which calls the time went to
  swifttrace tree run.swt 'Flask.wsgi_app'          what these calls did
  swifttrace tree --reverse run.swt 'Session.*'     by which calls these were reached
  swifttrace tree --min-share 0.1 --depth 5 run.swt
"""


def main() -> None:
    """Run the command."""
    parser = make_parser(
        "tree", "Show all calls as one tree, the slowest first, with their time.", _EXAMPLES
    )
    parser.add_argument(
        "patterns",
        nargs="*",
        metavar="function",
        help="functions to begin with, such as 'Parser.*' (default: the outermost functions)",
    )
    parser.add_argument(
        "--reverse", action="store_true", help="show the callers of functions, not their callees"
    )
    parser.add_argument(
        "--min-share",
        type=_percent,
        default=0.01,
        metavar="PERCENT",
        help="leave out calls with a smaller share of the time (default: 1)",
    )
    parser.add_argument("--depth", type=count, metavar="N", help="only N levels")
    add_thread(parser)
    add_output(parser)
    run(parser, _show)


def _percent(text: str) -> float:
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(
            f"invalid percentage {text!r}: expected a number from 0 to 100"
        )
    return value / 100


def _show(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Print the tree. Returns the status: 1 if no function matches."""
    (recording,) = recordings
    check_selection(parser, options, recording)
    if options.depth == 0:
        parser.error("--depth must be positive, not 0")
    tree = recording.tree(
        *options.patterns,
        reverse=options.reverse,
        min_share=options.min_share,
        depth=options.depth,
        process=options.process,
        thread=options.thread,
    )
    nodes = itertools.islice(tree, options.top)
    if tree.beyond:
        print(f"swifttrace: {tree.beyond:,} more calls on stacks beyond the limit", file=sys.stderr)
    if options.format == "json":
        terminal.print_json([_as_dict(node) for node in nodes])
    elif options.format == "csv":
        columns = ("depth", "function", "file", "line", "calls", "total", "own", "share")
        terminal.print_csv((*columns, "repeats", "is_partial"), [_fields(node) for node in nodes])
    elif tree or tree.cut:
        names = ("share", "total", "own", "calls", "function", "file")
        terminal.print_table(names, list(_rows(tree, options.top, options.min_share)), {4, 5})
    elif options.patterns:
        return report_unmatched_names(recording, options)
    else:
        report(f"{recording.path} has no calls")
        return 1
    return 0


def _as_dict(node: CallNode) -> dict[str, object]:
    return {**node._asdict(), "function": node.function._asdict()}


def _fields(node: CallNode) -> tuple[object, ...]:
    return (
        *(node.depth, *node.function, node.calls, node.total, node.own, f"{node.share:.4f}"),
        *(node.repeats, node.is_partial),
    )


def _rows(tree: CallTree, top: int | None, min_share: float) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table: the nodes, and after those below a node what was cut there."""
    least = min_share * tree.total
    # Nodes above the current one, below which so much was cut that it matters.
    waiting: list[CallNode] = []
    shown = len(tree) if top is None else min(top, len(tree))
    for node in tree[:shown]:
        while waiting and waiting[-1].depth >= node.depth:
            yield _cut_row(waiting.pop())
        yield (
            f"{node.share:.1%}".replace("%", " %"),
            terminal.bound(node.total, node.is_partial),
            terminal.bound(node.own, node.is_partial),
            f"{node.calls:,}",
            _indented(node.depth, label(node.function.name, node.function.file), node.repeats),
            place(node.function.file, node.function.line),
        )
        if node.cut and node.cut_time >= least:
            waiting.append(node)
    if shown < len(tree):
        yield ("", "", "", "", f"… {len(tree) - shown:,} more rows (--top)", "")
        return
    while waiting:
        yield _cut_row(waiting.pop())
    if tree.cut and tree.cut_time >= least:
        share = tree.cut_time / tree.total if tree.total else 0.0
        yield _cut(0, tree.cut, tree.cut_time, share)


def _cut_row(node: CallNode) -> tuple[str, ...]:
    share = node.share * node.cut_time / node.total if node.total else 0.0
    return _cut(node.depth + 1, node.cut, node.cut_time, share)


def _cut(depth: int, number: int, time: int, share: float) -> tuple[str, ...]:
    return (
        f"{share:.1%}".replace("%", " %"),
        terminal.duration(time),
        "",
        "",
        _indented(depth, f"… {number:,} more", 1),
        "",
    )


def _indented(depth: int, name: str, repeats: int) -> str:
    return "  " * depth + (f"{name} ×{repeats:,}" if repeats > 1 else name)
