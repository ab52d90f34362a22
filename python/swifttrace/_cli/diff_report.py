"""The report of `diff`."""

from __future__ import annotations

import argparse

from .._printable import label, report
from .._reading.recording import Recording
from .._reading.results import Change, Difference, Divergence, FunctionStats, Side
from . import terminal
from .parsing import Parser
from .stats_table import as_dict
from .terminal import place, print_line

# Nanoseconds by which the time of a short function varies from run to run.
_NOISE = 100_000


def show_diff(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    """Print where two recordings differ, and return the status: 1 if they do."""
    first, second = recordings
    _warn_about_versions(first, second)
    result = first.diff(second, values=options.values)
    if options.format == "json":
        terminal.print_json(_diff_as_dict(result))
    else:
        _print_diff(result, options)
    alone = result.only_in_first or result.only_in_second
    return 1 if result.divergences or alone else 0


def _warn_about_versions(first: Recording, second: Recording) -> None:
    """Warn if the recordings are from different versions of Python."""
    one, other = (recording.python.split()[0] for recording in (first, second))
    if one.split(".")[:2] != other.split(".")[:2]:
        report(
            f"{first.path} was recorded with Python {one}, {second.path} with {other}: versions "
            "can have different lines and exceptions for the same code"
        )


def _diff_as_dict(result: Difference) -> dict[str, object]:
    def side(value: Side) -> dict[str, object]:
        return {**value._asdict(), "stack": [frame._asdict() for frame in value.stack]}

    def stats(row: FunctionStats | None) -> dict[str, object] | None:
        return None if row is None else as_dict(row)

    return {
        **result._asdict(),
        "divergences": [
            {"difference": d.difference, "first": side(d.first), "second": side(d.second)}
            for d in result.divergences
        ],
        "functions": [
            {"first": stats(change.first), "second": stats(change.second)}
            for change in result.functions
        ],
    }


def _print_diff(result: Difference, options: argparse.Namespace) -> None:
    first, second = options.recordings
    threads = "1 thread is" if result.same_threads == 1 else f"{result.same_threads} threads are"
    print(f"{result.same:,} events are equal; {threads} equal to the end")
    for alone, path in ((result.only_in_first, first), (result.only_in_second, second)):
        for process, thread in alone:
            print_line(f"only in {path}: process {process}, thread {thread}")
    for divergence in result.divergences:
        _print_divergence(divergence, first, second)
    if result.differing > len(result.divergences):
        print(f"\n{result.differing - len(result.divergences):,} more threads differ")
    _print_changes(
        f"only in {first}",
        [c for c in result.functions if c.first and c.first.calls and not c.second],
        options.top,
    )
    _print_changes(
        f"only in {second}",
        [c for c in result.functions if c.second and c.second.calls and not c.first],
        options.top,
    )
    both = [c for c in result.functions if c.first and c.second]
    _print_changes(
        "called more or less often",
        [c for c in both if c.first and c.second and c.first.calls != c.second.calls],
        options.top,
    )
    slower = [c for c in both if _slower_by(c) > 0]
    slower.sort(key=lambda change: -_slower_by(change))
    _print_changes("slower by over a tenth", slower, options.top)


def _slower_by(change: Change) -> int:
    if change.first is None or change.second is None:
        return 0
    more = change.second.own - change.first.own
    return more if more > max(_NOISE, change.first.own // 10) else 0


def _print_divergence(divergence: Divergence, first: str, second: str) -> None:
    sides = ((first, divergence.first), (second, divergence.second))
    _, known = sides[0]
    print()
    print_line(
        f"thread {known.thread} of process {known.process}: the {divergence.difference} differs "
        f"after {known.events:,} events"
    )
    for frame in known.stack:
        arguments = f"({', '.join(frame.arguments)})" if frame.arguments else ""
        name = label(frame.name, frame.file)
        print_line(f"    {name}{arguments}  {place(frame.file, frame.line)}")
    for path, side in sides:
        print_line(f"  {path}: {side.event or 'the thread has ended'}")


def _print_changes(title: str, changes: list[Change], top: int | None) -> None:
    if not changes:
        return
    print()
    print_line(f"{title}:")
    rows = []
    for change in changes[:top]:
        one, other = change
        row = one or other
        assert row is not None
        rows.append(
            (
                "  " + (f"{one.calls:,}" if one else "-"),
                f"{other.calls:,}" if other else "-",
                terminal.bound(one.own, one.is_partial) if one else "-",
                terminal.bound(other.own, other.is_partial) if other else "-",
                label(row.name, row.file),
                place(row.file, row.first_line),
            )
        )
    columns = ("  calls", "calls", "own", "own", "function", "file")
    terminal.print_table(columns, rows, {4, 5})
    if top is not None and len(changes) > top:
        print(f"  and {len(changes) - top:,} more (--top)")
