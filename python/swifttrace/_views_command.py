"""`python -m swifttrace stats`, `callers`, `callees`, `paths` and `diff`."""

from __future__ import annotations

import argparse
import fnmatch
import os
import signal
import sys
from collections.abc import Callable

from . import _terminal
from ._arguments import HelpFormatter, Parser
from ._listing import lines_of, listing
from ._reading import Recording
from ._views import Change, Difference, Divergence, FunctionStats, Side, StackCount

_EXAMPLES = {
    "stats": """\
examples:
  swifttrace stats run.swt                          where the time went
  swifttrace stats --sort calls --top 10 run.swt
  swifttrace stats --function 'Parser.*' --format csv run.swt
  swifttrace stats --by thread run.swt
  swifttrace stats --source script.py run.swt       hits and time beside each line
""",
    "callers": """\
examples:
  swifttrace callers run.swt 'Session.*'            by which stacks these were reached
""",
    "callees": """\
examples:
  swifttrace callees run.swt main                   what main calls, and what that calls
""",
    "paths": """\
examples:
  swifttrace paths run.swt KeyError                 on which stacks KeyErrors were raised
  swifttrace paths run.swt '*'                      and all others
""",
    "diff": """\
examples:
  swifttrace diff good.swt bad.swt                  where two runs first differ, and what changed
""",
}
_DESCRIPTIONS = {
    "stats": "Count the functions and lines of a recording, and their time.",
    "callers": "Show each distinct stack by which functions were reached.",
    "callees": "Show what functions call, and what that calls.",
    "paths": "Show each distinct stack on which an exception was raised.",
    "diff": "Show where two runs first differ, and which functions changed. The status is 0 if "
    "they did the same, else 1.",
}
_SORTS: dict[str, Callable[[FunctionStats], object]] = {
    "own": lambda row: -row.own,
    "total": lambda row: -row.total,
    "mean": lambda row: -row.mean,
    "calls": lambda row: -row.calls,
    "raised": lambda row: (-row.raised, -row.passed),
    "name": lambda row: row.name,
}


def main() -> None:
    """Run the command. The status is 1 where a part of a recording cannot be read."""
    command = sys.argv[1]
    parser = _make_parser(command)
    options = parser.parse_args(sys.argv[2:])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    recordings = [_open(parser, path, options) for path in options.recordings]
    try:
        status = _COMMANDS[command](parser, options, recordings)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the text has had enough of it, which is no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return
    except OSError as error:
        parser.error(f"cannot read or write: {error.strerror}")
    for recording in recordings:
        for thread in recording.threads:
            if thread.dropped:
                print(
                    f"swifttrace: {recording.path}: process {thread.process}, thread "
                    f"{thread.index}: {thread.dropped:,} events are missing",
                    file=sys.stderr,
                )
        for problem in recording.damage:
            print(f"swifttrace: {problem}", file=sys.stderr)
    sys.exit(1 if any(recording.damage for recording in recordings) else status)


def _open(parser: Parser, path: str, options: argparse.Namespace) -> Recording:
    try:
        recording = Recording(path, children=options.children)
    except OSError as error:
        parser.error(f"cannot read {path}: {error.strerror}")
    except ValueError as error:
        parser.error(str(error))
    recording._watch = _terminal.watch
    return recording


def _stats(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
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
    rows = tuple(sorted(rows, key=_SORTS[options.sort]))  # type: ignore[arg-type]
    if options.lines:
        return _lines(options, rows)
    rows = rows[: options.top]
    if options.format == "json":
        _terminal.print_json([_as_dict(row) for row in rows])
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
            _place(row.file, row.first_line),
        )
        for row in rows
    ]
    _terminal.print_table(names, cells, {len(names) - 2, len(names) - 1})
    return 0


def _fields(row: FunctionStats, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, "name" if name == "function" else name) for name in names)


def _as_dict(row: FunctionStats) -> dict[str, object]:
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
                _place(row.file, line.line),
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


def _stacks(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    (recording,) = recordings
    command = options.command
    stacks: tuple[StackCount, ...] = getattr(recording, command)(*options.patterns)
    stacks = stacks[: options.top]
    if options.format == "json":
        _terminal.print_json(
            [
                {
                    "count": stack.count,
                    "total": stack.total,
                    "own": stack.own,
                    "stack": [frame._asdict() for frame in stack.frames],
                }
                for stack in stacks
            ]
        )
        return 0
    if options.format == "csv":
        rows = [
            (s.count, s.total, s.own, ";".join(frame.name for frame in s.frames)) for s in stacks
        ]
        _terminal.print_csv(("count", "total", "own", "stack"), rows)
        return 0
    if not stacks:
        print(f"nothing in {recording.path} matches {' '.join(options.patterns)}", file=sys.stderr)
        return 0
    for stack in stacks:
        times = "" if command == "paths" else f"  {_terminal.duration(stack.total)}"
        print(f"{stack.count:,} times{times}")
        for depth, frame in enumerate(stack.frames):
            print(f"  {'  ' * depth}{frame.name}  {_place(frame.file, frame.line)}".rstrip())
    return 0


def _diff(parser: Parser, options: argparse.Namespace, recordings: list[Recording]) -> int:
    first, second = recordings
    result = first.diff(second, values=options.values)
    if options.format == "json":
        _terminal.print_json(_diff_as_dict(result))
    else:
        _print_diff(result, options)
    alone = result.only_in_first or result.only_in_second
    return 1 if result.divergences or alone else 0


def _diff_as_dict(result: Difference) -> dict[str, object]:
    def side(value: Side) -> dict[str, object]:
        return {**value._asdict(), "stack": [frame._asdict() for frame in value.stack]}

    def stats(row: FunctionStats | None) -> dict[str, object] | None:
        return None if row is None else _as_dict(row)

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
    print(f"{result.same:,} events are the same; {result.same_threads} threads are, to the end")
    for threads, path in ((result.only_in_first, first), (result.only_in_second, second)):
        for process, thread in threads:
            print(f"only in {path}: process {process}, thread {thread}")
    for divergence in result.divergences:
        _print_divergence(divergence, first, second)
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


# Less than this is noise: a call of some microseconds differs by it from run to run.
_NOISE = 100_000


def _slower_by(change: Change) -> int:
    if change.first is None or change.second is None:
        return 0
    more = change.second.own - change.first.own
    return more if more > max(_NOISE, change.first.own // 10) else 0


def _print_divergence(divergence: Divergence, first: str, second: str) -> None:
    sides = ((first, divergence.first), (second, divergence.second))
    _, known = sides[0]
    print()
    print(
        f"thread {known.thread} of process {known.process}: after {known.events:,} events "
        f"another {divergence.difference}"
    )
    for frame in known.stack:
        arguments = f"({', '.join(frame.arguments)})" if frame.arguments else ""
        print(f"    {frame.name}{arguments}  {_place(frame.file, frame.line)}")
    for path, side in sides:
        print(f"  {path}: {side.event or 'the thread is over'}")


def _print_changes(title: str, changes: list[Change], top: int | None) -> None:
    if not changes:
        return
    print()
    print(f"{title}:")
    rows = []
    for change in changes[:top]:
        one, other = change
        row = one or other
        assert row is not None
        rows.append(
            (
                "  " + (f"{one.calls:,}" if one else "-"),
                f"{other.calls:,}" if other else "-",
                _terminal.duration(one.own) if one else "-",
                _terminal.duration(other.own) if other else "-",
                row.name,
                _place(row.file, row.first_line),
            )
        )
    columns = ("  calls", "calls", "own", "own", "function", "file")
    _terminal.print_table(columns, rows, {4, 5})
    if top is not None and len(changes) > top:
        print(f"  and {len(changes) - top:,} more (--top)")


def _place(file: str, line: int) -> str:
    return f"{file}:{line}" if file else ""


_COMMANDS = {
    "stats": _stats,
    "callers": _stacks,
    "callees": _stacks,
    "paths": _stacks,
    "diff": _diff,
}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 62:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _make_parser(command: str) -> Parser:
    parser = Parser(
        prog=f"swifttrace {command}",
        description=_DESCRIPTIONS[command],
        epilog=_EXAMPLES[command],
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(command=command)
    count = 2 if command == "diff" else 1
    parser.add_argument("recordings", nargs=count, metavar="recording", help="as record writes it")
    if command in ("callers", "callees"):
        parser.add_argument("patterns", nargs="+", metavar="function", help="such as 'Parser.*'")
    if command == "paths":
        parser.add_argument("patterns", nargs="+", metavar="exception", help="such as KeyError")
    if command == "stats":
        _add_stats(parser)
    if command == "diff":
        parser.add_argument(
            "--no-values", dest="values", action="store_false", help="do not compare values"
        )
    formats = ("table", "json") if command == "diff" else ("table", "json", "csv")
    parser.add_argument("--format", choices=formats, default="table", help="table by default")
    parser.add_argument(
        "--top",
        metavar="N",
        type=_count,
        default=20 if command == "diff" else None,
        help="only the first N",
    )
    parser.add_argument(
        "--no-children",
        dest="children",
        action="store_false",
        help="of the file alone, without those of child processes",
    )
    return parser


def _add_stats(parser: Parser) -> None:
    parser.add_argument("--lines", action="store_true", help="lines in place of functions")
    parser.add_argument(
        "--source", metavar="FILE", help="the file's source, with hits and time beside each line"
    )
    parser.add_argument("--sort", choices=tuple(_SORTS), default="own", help="own by default")
    parser.add_argument(
        "--by", choices=("process", "thread"), help="each process, or each thread, for itself"
    )
    parser.add_argument("--process", metavar="PID", type=_count, help="of this process only")
    parser.add_argument("--thread", metavar="N", type=_count, help="of this thread only")
    for name, text in (
        ("include", "only files that match"),
        ("exclude", "no files that match"),
        ("function", "only functions whose qualified name matches"),
    ):
        parser.add_argument(f"--{name}", metavar="GLOB", action="append", default=[], help=text)
