"""Output as tables, CSV and JSON. On a terminal, rich draws the tables if it is installed."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Sequence

from .._printable import printable
from .parsing import Parser

# Characters that JSON allows without an escape, and that a terminal could interpret.
_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

# Most characters of a cell.
_LONGEST = 500


def prepare_output(parser: Parser) -> None:
    """Make standard output accept all characters. Exit with an error if it is closed."""
    if sys.stdout is None:
        parser.error("cannot write: standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def print_line(text: str, keep: str = "") -> None:
    """Print a line with escapes for a terminal; `keep` is that of `printable`."""
    print(printable(text, keep))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], left: set[int]) -> None:
    """Print aligned columns; the columns whose indices are in `left` are left-aligned."""
    # A long name would widen every row.
    rows = [[_cut(printable(text)) for text in row] for row in rows]
    if sys.stdout.isatty() and _print_rich(columns, rows, left):
        return
    widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]
    for row in (columns, *rows):
        cells = (
            text.ljust(width) if place in left else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())


def _print_rich(columns: Sequence[str], rows: Sequence[Sequence[str]], left: set[int]) -> bool:
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return False
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(columns):
        table.add_column(
            name,
            justify="left" if place in left else "right",
            no_wrap=place not in left,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(text) for text in row))
    Console().print(table)
    return True


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print comma-separated values, after a row with the names of the columns."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(
        [printable(field) if isinstance(field, str) else field for field in row] for row in rows
    )


def print_json(value: object) -> None:
    """Print a JSON value."""
    # Written in parts, because the whole text may be as large as the reader's limits allow.
    for text in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(value):
        sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
    print()


def duration(nanoseconds: int) -> str:
    """Return a duration with three digits and a unit, such as `1.23 ms`."""
    if nanoseconds < 1000:
        return f"{nanoseconds} ns"
    value, unit = nanoseconds / 1e9, "s"
    for limit, name in ((1_000_000, "µs"), (1_000_000_000, "ms")):
        if nanoseconds < limit:
            value, unit = nanoseconds / limit * 1000, name
            break
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {unit}"


def bound(nanoseconds: int, is_partial: bool) -> str:
    """Return a duration; `≥ 1.23 ms` for a lower bound, `?` for an unknown one."""
    if not is_partial:
        return duration(nanoseconds)
    return f"≥ {duration(nanoseconds)}" if nanoseconds else "?"


def place(file: str, line: int) -> str:
    """Return `file.py:3` with escapes for a terminal; an empty text if the file is unknown."""
    longest = _LONGEST - 16  # Leaves space for the line number, so that the cell is not cut again.
    if len(file) > longest:
        file = "…" + file[-longest:]
    return f"{printable(file)}:{line}" if file else ""
