"""Tables of functions and of lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from .._printable import label
from .._reading.results import NOT_RECORDED, FunctionStats, LineStats
from . import terminal
from .terminal import place

# Sort keys of functions for `--sort`.
SORTS: dict[str, Callable[[FunctionStats], object]] = {
    "own": lambda row: -row.own,
    "total": lambda row: -row.total,
    "mean": lambda row: -row.mean,
    "calls": lambda row: -row.calls,
    "raised": lambda row: (-row.raised, -row.passed),
    "name": lambda row: row.name,
}
# Sort keys of lines. Exceptions are counted for functions only.
LINE_SORTS: dict[str, Callable[[tuple[LineStats, FunctionStats]], object]] = {
    "own": lambda pair: -pair[0].own,
    "total": lambda pair: -pair[0].total,
    "mean": lambda pair: -pair[0].total / max(1, pair[0].hits),
    "calls": lambda pair: -pair[0].hits,
    "name": lambda pair: (pair[1].file, pair[0].line),
}
# Columns before the others if processes or threads are counted separately.
_OWNERS = {None: (), "process": ("process",), "thread": ("process", "thread")}


def print_stats(options: argparse.Namespace, rows: tuple[FunctionStats, ...]) -> None:
    """Print the functions, or their lines, in the order and the format of the options."""
    rows = tuple(sorted(rows, key=SORTS[options.sort]))  # type: ignore[arg-type]
    if options.lines:
        _print_lines(options, rows)
    else:
        _print_functions(options, rows)


def _print_functions(options: argparse.Namespace, rows: tuple[FunctionStats, ...]) -> None:
    rows = rows[: options.top]
    if options.format == "json":
        terminal.print_json([as_dict(row) for row in rows])
        return
    owner = _OWNERS[options.by]
    names = (*owner, "calls", "total", "own", "mean", "raised", "passed", "function", "file")
    if options.format == "csv":
        missing = ("without_start", "without_end")
        fields = [
            (*_fields(row, names[:-1]), row.file, row.first_line, *_fields(row, missing))
            for row in rows
        ]
        terminal.print_csv((*names, "line", *missing), fields)
        return
    cells = [
        (
            *(str(getattr(row, name)) for name in owner),
            f"{row.calls:,}" if row.name != NOT_RECORDED else "",
            *(terminal.bound(time, row.is_partial) for time in (row.total, row.own)),
            terminal.bound(row.mean, row.is_partial) if row.name != NOT_RECORDED else "",
            f"{row.raised:,}" if row.raised else "",
            f"{row.passed:,}" if row.passed else "",
            label(row.name, row.file),
            place(row.file, row.first_line),
        )
        for row in rows
    ]
    terminal.print_table(names, cells, {len(names) - 2, len(names) - 1})


def _fields(row: FunctionStats, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, "name" if name == "function" else name) for name in names)


def as_dict(row: FunctionStats) -> dict[str, object]:
    """Return the row as an object for JSON."""
    result: dict[str, object] = {**row._asdict(), "mean": row.mean}
    del result["lines"]
    return {name: value for name, value in result.items() if value is not None}


def _print_lines(options: argparse.Namespace, rows: tuple[FunctionStats, ...]) -> None:
    lines = [(line, row) for row in rows for line in row.lines]
    lines.sort(key=LINE_SORTS[options.sort])  # type: ignore[arg-type]
    lines = lines[: options.top]
    owner = _OWNERS[options.by]
    names = (*owner, "hits", "total", "own", "function", "file")
    if options.format == "json":
        terminal.print_json(
            [
                {
                    **{name: getattr(row, name) for name in owner},
                    **line._asdict(),
                    "function": row.name,
                    "file": row.file,
                }
                for line, row in lines
            ]
        )
    elif options.format == "csv":
        fields = [
            (*_fields(row, owner), line.hits, line.total, line.own, row.name, row.file, line.line)
            for line, row in lines
        ]
        terminal.print_csv((*names, "line"), fields)
    else:
        cells = [
            (
                *map(str, _fields(row, owner)),
                f"{line.hits:,}",
                terminal.duration(line.total),
                terminal.duration(line.own),
                label(row.name, row.file),
                place(row.file, line.line),
            )
            for line, row in lines
        ]
        terminal.print_table(names, cells, {len(names) - 2, len(names) - 1})
