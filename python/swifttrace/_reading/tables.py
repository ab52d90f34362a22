"""Rows of a recording: a sequence in Python, a table for readers of Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, overload

from .. import _swifttrace

Row = TypeVar("Row", covariant=True)


class Table(Generic[Row]):
    """Rows that work like a tuple, and that pyarrow, polars, pandas and DuckDB read as a table.

    The class does not inherit from tuple, because these packages read a tuple as a list of columns.

    Args:
        rows: The rows.
        name: The engine's name of the table.
        recording: Opens the recording.
    """

    def __init__(self, rows: tuple[Row, ...], name: str, recording: Callable[[], object]) -> None:
        self._rows = rows
        self._name = name
        self._recording = recording

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Table):
            return self._rows == other._rows
        return self._rows == other

    def __hash__(self) -> int:
        return hash(self._rows)

    def __repr__(self) -> str:
        return repr(self._rows)

    def __arrow_c_schema__(self) -> object:
        """Return the columns' types: a PyCapsule of an `ArrowSchema`."""
        return _swifttrace.arrow_schema(self._name)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows: a PyCapsule of an `ArrowArrayStream`.

        Args:
            requested_schema: The schema that the consumer prefers, which is ignored.
        """
        return _swifttrace.arrow_stream(self._recording(), self._name, requested_schema)
