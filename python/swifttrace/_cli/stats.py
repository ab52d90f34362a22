"""What `python -m swifttrace stats` prints."""

from __future__ import annotations

import argparse
import fnmatch
import os
import re
from collections.abc import Callable

from .._paths import absolute
from .._printable import label
from .._reading.recording import Recording
from .._reading.results import NOT_RECORDED, FunctionStats, LineStats
from . import terminal
from .parsing import Parser
from .source_listing import lines_of, listing
from .terminal import place
from .thread_selection import check_selection

# What `--sort` offers.
SORTS: dict[str, Callable[[FunctionStats], object]] = {
    "own": lambda row: -row.own,
    "total": lambda row: -row.total,
    "mean": lambda row: -row.mean,
    "calls": lambda row: -row.calls,
    "raised": lambda row: (-row.raised, -row.passed),
    "name": lambda row: row.name,
}
# The same of lines: what a function raises belongs to none of its lines.
_LINE_SORTS: dict[str, Callable[[tuple[LineStats, FunctionStats]], object]] = {
    "own": lambda pair: -pair[0].own,
    "total": lambda pair: -pair[0].total,
    "mean": lambda pair: -pair[0].total / max(1, pair[0].hits),
    "calls": lambda pair: -pair[0].hits,
    "name": lambda pair: (pair[1].file, pair[0].line),
}
# What stands before a row that is counted for itself.
_OWNERS = {None: (), "process": ("process",), "thread": ("process", "thread")}


def show_stats(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Show the functions or lines of a recording. Returns the status."""
    (recording,) = recordings
    check_selection(parser, options, recording)
    if options.source is not None:
        _check_source(parser, options)
    rows = recording.stats(
        by=options.by,
        lines=options.source is not None or options.lines,
        process=options.process,
        thread=options.thread,
    )
    if options.source is not None:
        return _source(parser, options.source, recording, rows)
    if options.lines and options.sort not in _LINE_SORTS:
        parser.error(f"lines cannot be sorted by {options.sort}: leave --lines out")
    rows = tuple(row for row in rows if _is_wanted(row, options))
    rows = tuple(sorted(rows, key=SORTS[options.sort]))  # type: ignore[arg-type]
    if options.lines:
        return _lines(options, rows)
    rows = rows[: options.top]
    if options.format == "json":
        terminal.print_json([as_dict(row) for row in rows])
        return 0
    owner = _OWNERS[options.by]
    names = (*owner, "calls", "total", "own", "mean", "raised", "passed", "function", "file")
    if options.format == "csv":
        missing = ("without_start", "without_end")
        fields = [
            (*_fields(row, names[:-1]), row.file, row.first_line, *_fields(row, missing))
            for row in rows
        ]
        terminal.print_csv((*names, "line", *missing), fields)
        return 0
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
    return 0


def _fields(row: FunctionStats, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, "name" if name == "function" else name) for name in names)


def as_dict(row: FunctionStats) -> dict[str, object]:
    """Return the row as JSON has it."""
    result: dict[str, object] = {**row._asdict(), "mean": row.mean}
    del result["lines"]
    return {name: value for name, value in result.items() if value is not None}


def _lines(options: argparse.Namespace, rows: tuple[FunctionStats, ...]) -> int:
    lines = [(line, row) for row in rows for line in row.lines]
    lines.sort(key=_LINE_SORTS[options.sort])  # type: ignore[arg-type]
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
    return 0


def _check_source(parser: Parser, options: argparse.Namespace) -> None:
    """Refuse what a listing of a whole file cannot obey."""
    for name, default in (
        ("format", "table"),
        ("sort", "own"),
        ("top", None),
        ("by", None),
        ("lines", False),
        ("include", []),
        ("exclude", []),
        ("function", []),
    ):
        if getattr(options, name) != default:
            parser.error(f"--source shows a whole file: leave --{name} out, or take --lines")


def _source(
    parser: Parser, path: str, recording: Recording, rows: tuple[FunctionStats, ...]
) -> int:
    files = {row.file for row in rows}
    # A recording has such bytes of a path as are no UTF-8 as the text `\udcff`.
    path = path.encode(errors="backslashreplace").decode()
    # A script that was started as `./script.py` has the dot in its path.
    wanted = {path, absolute(path), os.path.normpath(os.path.join(recording.folder, path))}
    found = {file for file in files if file in wanted or os.path.normpath(file) in wanted}
    if not found:
        ending = "/" + os.path.normpath(path)
        found = {file for file in files if os.path.normpath(file).endswith(ending)}
    if len({os.path.normpath(file) for file in found}) != 1:
        problem = f"these match it: {', '.join(sorted(found))}" if found else "it is not in it"
        parser.error(f"--source {path}: {problem} ({recording.path})")
    source = os.path.join(recording.folder, min(found))
    if not os.path.isfile(source):
        source = re.sub(r"\\u(dc[89a-f][\da-f])", lambda match: chr(int(match[1], 16)), source)
    if not os.path.isfile(source):
        parser.error(f"cannot read the source {source}")
    for line in listing(source, lines_of(row for row in rows if row.file in found)):
        terminal.print_line(line, keep="\t")
    return 0


def _is_wanted(row: FunctionStats, options: argparse.Namespace) -> bool:
    def matches(text: str, globs: list[str]) -> bool:
        return any(
            fnmatch.fnmatchcase(text, glob) or fnmatch.fnmatchcase(text, "*/" + glob)
            for glob in globs
        )

    if options.include and not matches(row.file, options.include):
        return False
    if matches(row.file, options.exclude):
        return False
    return not options.function or any(
        fnmatch.fnmatchcase(row.name, glob) for glob in options.function
    )
