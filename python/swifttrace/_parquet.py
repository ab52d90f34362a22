"""Parquet data sets of recordings. What writes them is pyarrow, an extra."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._reading import Recording

# Events of one file of a data set: engines that run on many machines give each some files.
_ROWS_OF_A_FILE = 1 << 24
_TABLES = ("functions", "threads")


class MissingPyArrowError(ImportError):
    """pyarrow is not installed. The message says what to do."""


def write_parquet(recording: Recording, target: str | os.PathLike[str]) -> None:
    """Write a recording as Parquet, in bounded memory.

    Args:
        recording: The recording.
        target: A file, whose name ends in `.parquet`, for the events alone; or a folder, which must
            be empty or not exist, for `events/part-00000.parquet` and further parts,
            `functions.parquet` and `threads.parquet`.

    Raises:
        MissingPyArrowError: pyarrow is not installed.
        OSError: It cannot be written, or the folder is not empty.
        ValueError: The recording is damaged; the message names file and offset.
    """
    path = os.fspath(target)
    if path.endswith(".parquet") and not os.path.isdir(path):
        _write(recording, path)
        return
    if os.path.isdir(path) and os.listdir(path):
        raise FileExistsError(f"{path} is a folder that is not empty")
    os.makedirs(os.path.join(path, "events"), exist_ok=True)
    _write(recording, os.path.join(path, "events", "part-{:05}.parquet"))
    for name in _TABLES:
        _write(getattr(recording, name), os.path.join(path, f"{name}.parquet"))


def _write(table: object, path: str) -> None:
    """Write a table to a file, or to several where the path has room for a number."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPyArrowError(
            "Parquet needs pyarrow: pip install 'swifttrace[parquet]'"
        ) from error
    is_split = path.endswith("part-{:05}.parquet")
    stream = pyarrow.RecordBatchReader.from_stream(table)
    part, is_over = 0, False
    while not is_over:
        final = path[: -len("{:05}.parquet")] + f"{part:05}.parquet" if is_split else path
        # A name that no engine reads, until the file is whole.
        unfinished = f"{final}.unfinished"
        try:
            with pyarrow.parquet.ParquetWriter(
                unfinished, stream.schema, compression="zstd"
            ) as writer:
                rows = 0
                while not (is_split and rows >= _ROWS_OF_A_FILE):
                    try:
                        batch = stream.read_next_batch()
                    except StopIteration:
                        is_over = True
                        break
                    writer.write_batch(batch)
                    rows += batch.num_rows
            if rows or part == 0:
                os.replace(unfinished, final)
        finally:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
        part += 1
