"""Exports to the formats of other tools. Swift writes them, except coverage's database."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from .. import _swifttrace
from .._files import create
from .._paths import absolute, real
from .progress import progress_bar

if TYPE_CHECKING:
    from .._swifttrace import ExportRequest
    from .recording import Recording

_MAGIC = b"SWTRACE\n"


class Selection(NamedTuple):
    """The threads that are exported.

    Args:
        process: The number of the only process; None for all.
        thread: The index of the only thread, in its process; None for all.
    """

    process: int | None = None
    thread: int | None = None


Writer = Callable[["Recording", object, str, Selection], None]


class Format(NamedTuple):
    """A format that recordings are exported to.

    Args:
        write: Writes a recording to a path; `-` is standard output. Its second argument is the
            engine's handle of the recording.
        ending: The usual suffix of files.
        help: Its purpose, in a few words.
        opens: A command or a site that opens the file.
        to_stdout: Whether it can be written to standard output.
    """

    write: Writer
    ending: str
    help: str
    opens: str
    to_stdout: bool = True


def export(recording: Recording, name: str, path: str, selection: Selection) -> None:
    """Write a recording in a format.

    Raises:
        ValueError: The format is unknown or cannot represent this recording, or the file would
            replace a recording.
        ImportError: The format needs a package that is missing.
        OSError: The file cannot be written.
    """
    format = FORMATS.get(name)
    if format is None:
        raise ValueError(f"unknown format {name!r} (choose from {', '.join(FORMATS)})")
    if path == "-" and not format.to_stdout:
        raise ValueError(f"{name} cannot be written to standard output: name a file")
    check_target(path)
    handle = recording._open()
    format.write(recording, handle, path, selection)
    recording._look(handle)


def check_target(path: str) -> None:
    """Refuse to replace a recording, which cannot be reproduced.

    Raises:
        ValueError: The path is that of a recording.
    """
    if path == "-":
        return
    with contextlib.suppress(OSError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            return
        with open(path, "rb") as file:
            is_recording = file.read(len(_MAGIC)) == _MAGIC
        if is_recording:
            raise ValueError(f"{path} is a recording, and would be overwritten")


@contextlib.contextmanager
def _descriptor(path: str) -> Iterator[int]:
    """Open a file for writing, and replace an existing one. Remove it if the block raises."""
    if path == "-":
        yield 1
        return
    opened: list[int] = []
    try:
        yield create(path, opened)
    except BaseException:
        for descriptor in opened:
            _remove(path, os.fstat(descriptor))
        raise
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _remove(path: str, status: os.stat_result) -> None:
    """Remove an incomplete file, but neither a link to it nor a file that has replaced it."""
    path = real(path)
    with contextlib.suppress(OSError):
        if stat.S_ISREG(status.st_mode) and os.path.samestat(status, os.lstat(path)):
            os.unlink(path)


def _bar(name: str, handle: object) -> contextlib.AbstractContextManager[None]:
    return progress_bar(f"export to {name}", lambda: _swifttrace.progress(handle))


def _by_engine(name: str) -> Writer:
    def write(_: Recording, handle: object, path: str, selection: Selection) -> None:
        with _descriptor(path) as descriptor, _bar(name, handle):
            request: ExportRequest = {
                "format": name,
                "descriptor": descriptor,
                "process": selection.process,
                "thread": selection.thread,
            }
            _swifttrace.export(handle, request)

    return write


def _write_coverage(recording: Recording, handle: object, path: str, selection: Selection) -> None:
    try:
        from coverage import CoverageData
    except ImportError:
        raise ImportError("missing package coverage: pip install coverage") from None
    with _bar("coverage", handle):
        counts = _swifttrace.count_lines(
            handle, {"process": selection.process, "thread": selection.thread}
        )
    lines: dict[str, set[int]] = {}
    for file, hits in counts:
        if hits:
            # coverage identifies a file by its real path.
            path_of_file = real(os.path.join(recording.folder, file))
            lines.setdefault(path_of_file, set()).update(line for line, _ in hits)
    data = CoverageData(basename=absolute(path))
    try:
        data.erase()  # Like `coverage run`.
        data.add_lines(lines)
        data.write()
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def _write_parquet(recording: Recording, handle: object, path: str, selection: Selection) -> None:
    from .parquet import write_parquet

    if selection != Selection():
        raise ValueError(
            "parquet always includes all processes and threads: omit --process and --thread"
        )
    done, (_, total) = 0, _swifttrace.progress(handle)

    def written(rows: int) -> None:
        nonlocal done
        done += rows

    with progress_bar("export to parquet", lambda: (done, total)):
        write_parquet(recording, path, written)


# The formats of `--to`, in the order of the help.
FORMATS = {
    "perfetto": Format(
        _by_engine("perfetto"), ".pftrace", "a timeline, for large recordings", "ui.perfetto.dev"
    ),
    "chrome": Format(
        _by_engine("chrome"), ".json", "a timeline, as JSON", "chrome://tracing, ui.perfetto.dev"
    ),
    "speedscope": Format(
        _by_engine("speedscope"),
        ".speedscope.json",
        "a timeline and flame graphs",
        "www.speedscope.app",
    ),
    "collapsed": Format(
        _by_engine("collapsed"), ".folded", "stacks and their time", "flamegraph.pl out.folded"
    ),
    "callgrind": Format(
        _by_engine("callgrind"),
        ".callgrind",
        "time by line and by call",
        "callgrind_annotate, kcachegrind",
    ),
    "pstats": Format(
        _by_engine("pstats"), ".pstats", "calls and times, as from cProfile", "python -m pstats"
    ),
    "lcov": Format(
        _by_engine("lcov"), ".info", "hits of lines and functions", "genhtml out.info -o html"
    ),
    "coverage": Format(
        _write_coverage,
        ".coverage",
        "lines that ran, for coverage.py",
        "coverage report --data-file=FILE",
        to_stdout=False,
    ),
    "jsonl": Format(_by_engine("jsonl"), ".jsonl", "every event, one JSON object per line", "jq"),
    "parquet": Format(
        _write_parquet,
        ".parquet",
        "tables for data engines; a folder, without the suffix",
        "duckdb, polars, Spark",
        to_stdout=False,
    ),
}
