"""What `python -m swifttrace stats` prints."""

from __future__ import annotations

import argparse
import fnmatch
import os
from collections.abc import Callable

from . import _terminal
from ._arguments import Parser
from ._listing import lines_of, listing
from ._reading import Recording
from ._terminal import place
from ._views import FunctionStats

# What `--sort` offers.
SORTS: dict[str, Callable[[FunctionStats], object]] = {
    "own": lambda row: -row.own,
    "total": lambda row: -row.total,
    "mean": lambda row: -row.mean,
    "calls": lambda row: -row.calls,
    "raised": lambda row: (-row.raised, -row.passed),
    "name": lambda row: row.name,
}


def show_stats(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Show the functions or lines of a recording. Returns the status."""
    (recording,) = recordings
    rows = recording.stats(
        by=options.by,
        lines=options.source is not None or options.lines,
        process=options.process,
        thread=options.thread,
    )
    if options.source is not None:
        return _source(parser, options.source, recording, rows)
    rows = tuple(row for row in rows if _is_wanted(row, options))
    rows = tuple(sorted(rows, key=SORTS[options.sort]))  # type: ignore[arg-type]
    if options.lines:
        return _lines(options, rows)
    rows = rows[: options.top]
    if options.format == "json":
        _terminal.print_json([as_dict(row) for row in rows])
        return 0
    owner = {None: (), "process": ("process",), "thread": ("process", "thread")}[options.by]
    names = (*owner, "calls", "total", "own", "mean", "raised", "passed", "function", "file")
    if options.format == "csv":
        fields = [(*_fields(row, names[:-1]), row.file, row.first_line) for row in rows]
        _terminal.print_csv((*names, "line"), fields)
        return 0
    cells = [
        (
            *(str(getattr(row, name)) for name in owner),
            f"{row.calls:,}",
            *(_terminal.duration(time) for time in (row.total, row.own, row.mean)),
            f"{row.raised:,}" if row.raised else "",
            f"{row.passed:,}" if row.passed else "",
            row.name,
            place(row.file, row.first_line),
        )
        for row in rows
    ]
    _terminal.print_table(names, cells, {len(names) - 2, len(names) - 1})
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
    keys = {"calls": lambda line: -line.hits, "total": lambda line: -line.total}
    lines.sort(key=lambda pair: keys.get(options.sort, lambda line: -line.own)(pair[0]))
    lines = lines[: options.top]
    names = ("hits", "total", "own", "function", "file")
    if options.format == "json":
        _terminal.print_json(
            [{**line._asdict(), "function": row.name, "file": row.file} for line, row in lines]
        )
    elif options.format == "csv":
        fields = [
            (line.hits, line.total, line.own, row.name, row.file, line.line) for line, row in lines
        ]
        _terminal.print_csv((*names, "line"), fields)
    else:
        cells = [
            (
                f"{line.hits:,}",
                _terminal.duration(line.total),
                _terminal.duration(line.own),
                row.name,
                place(row.file, line.line),
            )
            for line, row in lines
        ]
        _terminal.print_table(names, cells, {3, 4})
    return 0


def _source(
    parser: Parser, path: str, recording: Recording, rows: tuple[FunctionStats, ...]
) -> int:
    files = {row.file for row in rows}
    wanted = os.path.join(recording.folder, path)
    found = {
        file
        for file in files
        if file in (path, wanted, os.path.abspath(path)) or file.endswith("/" + path)
    }
    if len(found) != 1:
        problem = f"these match it: {', '.join(sorted(found))}" if found else "it is not in it"
        parser.error(f"--source {path}: {problem} ({recording.path})")
    (file,) = found
    source = os.path.join(recording.folder, file)
    if not os.path.isfile(source):
        parser.error(f"cannot read the source {source}")
    for line in listing(source, lines_of(row for row in rows if row.file == file)):
        print(line)
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
