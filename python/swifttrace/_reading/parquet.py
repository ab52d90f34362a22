"""Parquet data sets of recordings. pyarrow, an optional dependency, writes them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._files import create

if TYPE_CHECKING:
    from .recording import Recording

# Most events of one file of a data set: distributed engines share the work by files.
_ROWS_OF_A_FILE = 1 << 24
_TABLES = ("functions", "threads")
# Columns whose numbers rise by small steps.
_RISING = ("time", "timestamp")


class MissingPyArrowError(ImportError):
    """pyarrow is not installed. The message has the command to install it."""


def write_parquet(
    recording: Recording,
    target: str | os.PathLike[str],
    told: Callable[[int], object] = lambda rows: None,
) -> None:
    """Write a recording as Parquet, in bounded memory.

    Args:
        recording: The recording.
        target: A file, whose name ends in `.parquet`, for the events alone; or a folder, which must
            be empty or not exist, for `events/part-00000.parquet` and further parts,
            `functions.parquet` and `threads.parquet`.
        told: Called from time to time with the number of events written since the last call.

    Raises:
        MissingPyArrowError: pyarrow is not installed.
        OSError: The file cannot be written, or the folder is not empty.
        ValueError: The recording is damaged; the message names file and offset.
    """
    path = os.fspath(target)
    if path.endswith(".parquet") and not os.path.isdir(path):
        _write(recording, path, told)
        return
    if os.path.isdir(path) and os.listdir(path):
        raise FileExistsError(f"{path} is a folder that is not empty")
    for folder in (path, os.path.join(path, "events")):
        if not os.path.isdir(folder):
            os.makedirs(folder, 0o700)
            os.chmod(folder, 0o700)  # Whatever the umask.
    _write(recording, os.path.join(path, "events", "part-{:05}.parquet"), told)
    for name in _TABLES:
        _write(getattr(recording, name), os.path.join(path, f"{name}.parquet"))


def _write(table: object, path: str, told: Callable[[int], object] = lambda rows: None) -> None:
    """Write a table to a file, or to several if the path has a placeholder for a number."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPyArrowError(
            "Parquet needs pyarrow: pip install 'swifttrace[parquet]'"
        ) from error
    is_split = path.endswith("part-{:05}.parquet")
    stream = pyarrow.RecordBatchReader.from_stream(table)
    options = _options(stream.schema)
    part, is_over = 0, False
    while not is_over:
        final = path[: -len("{:05}.parquet")] + f"{part:05}.parquet" if is_split else path
        # Engines do not read a file with this suffix. A complete file loses it.
        unfinished = f"{final}.unfinished"
        try:
            # Only the owner can read the file, also after pyarrow has replaced its content.
            os.close(create(unfinished))
            with pyarrow.parquet.ParquetWriter(unfinished, stream.schema, **options) as writer:
                rows = 0
                while not (is_split and rows >= _ROWS_OF_A_FILE):
                    try:
                        batch = stream.read_next_batch()
                    except StopIteration:
                        is_over = True
                        break
                    writer.write_batch(batch)
                    rows += batch.num_rows
                    told(batch.num_rows)
            if rows or part == 0:
                os.replace(unfinished, final)
        finally:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
        part += 1


def _options(schema: Any) -> dict[str, object]:
    """Return encodings of the columns that are fast and small.

    Texts, and numbers that have few values, are stored once, in a dictionary. Other numbers are
    plain or differences: a dictionary of them would take longer than everything else. Columns that
    are sorted or have few values get minima and maxima, by which engines skip blocks.
    """
    from pyarrow import types

    plain = (types.is_integer, types.is_timestamp)
    numbers = [field.name for field in schema if any(test(field.type) for test in plain)]
    rising = [name for name in _RISING if name in numbers]
    few = [name for name in ("process", "process_index", "thread") if name in numbers]
    # The elements of a list are a column, which is named by its path.
    texts = [
        f"{field.name}.list.element" if types.is_list(field.type) else field.name
        for field in schema
        if field.name not in numbers
    ]
    return {
        "compression": "zstd",
        "use_dictionary": texts + few,
        "column_encoding": dict.fromkeys(rising, "DELTA_BINARY_PACKED") or None,
        "write_statistics": rising + few,
    }
