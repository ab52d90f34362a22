"""Parts of `swifttrace.trace` that the standard library's `trace` does not have."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from .. import _swifttrace
from .._paths import PACKAGE
from .._printable import printable, report
from .guarding import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._swifttrace import EngineStrategy, Filter, StartRequest
    from .._types import Source

_GATHERED = 65_536
_SOURCE: Source = "auto"


def load(name: str) -> types.ModuleType:
    """Load a separate copy of a module of the standard library."""
    path = os.path.join(os.path.dirname(os.__file__), f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _private(name: str) -> types.ModuleType:
    """Import a module without leaving it in `sys.modules`.

    The program's own import of the module must be traced.
    """
    before = set(sys.modules)
    module = importlib.import_module(name)
    for new in set(sys.modules) - before:
        del sys.modules[new]
    return module


def standard_trace() -> types.ModuleType:
    """Return the standard library's `trace`, even if a file of the program has its name."""
    path = os.path.join(os.path.dirname(os.__file__), "trace.py")
    known = sys.modules.get("trace")
    if known is not None and getattr(known, "__file__", None) == path:
        return known
    return load("trace")


class CodeFrame:
    """Replaces a frame in functions that use only its code."""

    def __init__(self, code: types.CodeType) -> None:
        self.f_code = code


def is_own(code: types.CodeType) -> bool:
    """Return whether code belongs to swifttrace."""
    return code.co_filename.startswith(PACKAGE)


class Counts:
    """Receives the counts of the engine."""

    def __init__(self, counts: dict[tuple[str, int], int]) -> None:
        self._counts = counts
        # Imported now: at the end, a child may have lost the right to read the library.
        self._json = _private("json")

    def write(self, text: str) -> None:
        """Add counts, in the JSON that the engine's LineCounter writes."""
        for file, lines in self._json.loads(text):
            for line, count in lines:
                self._counts[file, line] = self._counts.get((file, line), 0) + count

    def flush(self) -> None:
        """Do nothing: no text is buffered."""


def is_alone() -> bool:
    """Return whether no other thread or greenlet can run before the traced code returns."""
    return len(sys._current_frames()) == 1 and "greenlet" not in sys.modules


class Sources:
    """Gives the engine the lines of `linecache`, without changing the program's `linecache`."""

    def __init__(self) -> None:
        self.box = [b""]
        self._linecache: Any = load("linecache")

    def write(self, name: str) -> None:
        """Put a file's source into the box."""
        name = name.removesuffix("\n")
        known = getattr(sys.modules.get("linecache"), "cache", {}).get(name)
        if known is not None and len(known) == 4:
            lines = known[2]
        else:
            try:
                lines = self._linecache.getlines(name)
            except Exception:
                lines = []
        self.box[0] = "".join(lines).encode(errors="replace")

    def flush(self) -> None:
        """Do nothing: no text is buffered."""


class Output:
    """Writes the engine's text to the `sys.stdout` that is set when tracing starts.

    Unless that is a terminal, the text is buffered, and written before the program itself writes.
    """

    def __init__(self) -> None:
        self._stream: Any = sys.stdout
        self._write: Callable[[str], object] = getattr(sys.stdout, "write", str)
        self._is_lost = self._stream is None
        self._gathers = type(self._stream) is io.TextIOWrapper and not self._stream.line_buffering
        self.gathered = _GATHERED if self._gathers else 1

    def write(self, text: str) -> None:
        """Write text, until a write fails. A closed pipe does not end the program."""
        if self._is_lost:
            return
        try:
            self._write(text)
        except BrokenPipeError:
            self._is_lost = True
        except Exception as error:
            self._is_lost = True
            report(f"cannot write the trace: {error}")

    def flush(self) -> None:
        """Do nothing: the stream decides when it writes."""

    def go_ahead(self) -> None:
        """Make the program's own writes write the buffered text first.

        A closed pipe raises no error in the program: without the trace, it would have written
        less.
        """
        if not self._gathers:
            return
        flush = self._stream.flush

        def write_after(text: str, /) -> object:
            _swifttrace.flush()
            try:
                return self._write(text)
            except BrokenPipeError:
                return len(text)

        def flush_after() -> None:
            _swifttrace.flush()
            try:  # noqa: SIM105 - contextlib's functions would be traced.
                flush()
            except BrokenPipeError:
                pass

        self._stream.write, self._stream.flush = write_after, flush_after

    def done(self) -> None:
        """Restore the stream."""
        if self._gathers:
            vars(self._stream).pop("write", None)
            vars(self._stream).pop("flush", None)


def _leave(_: object, tracing: Tracing, *__: object) -> None:
    for number in tracing.numbers:
        _swifttrace.stop(number)
    tracing.output.done()


class PrintableStream:
    """Writes the lines of the standard library's `trace`, with escapes for the names in them."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> object:
        """Write text. Tabs, and the line end that `print()` writes separately, are not escaped."""
        return self._stream.write(text if text == "\n" else printable(text, keep="\t"))

    def flush(self) -> None:
        """Write out buffered text."""
        self._stream.flush()


class Tracing:
    """Traces all threads between `begin` and `end`. For the form, see `generators.Step`."""

    def __init__(self, strategies: list[EngineStrategy], output: Output) -> None:
        self._strategies = strategies
        self.output = output
        self.numbers: list[int] = []

    @guarded(_leave)
    def begin(self) -> None:
        """Start tracing."""
        if any(strategy["kind"] == "trace" for strategy in self._strategies):
            self.output.go_ahead()
        everything: Filter = {
            "all": True,
            "library_folders": [],
            "own": [],
            "hidden": [PACKAGE],
            "include": [],
            "exclude": [],
            "function": [],
        }
        request: StartRequest = {
            "strategies": self._strategies,
            "filter": everything,
            "depth": None,
            "all_threads": True,
            "may_be_running": False,
            "source": _SOURCE,
        }
        # The number is in the list before a signal handler can run.
        self.numbers.extend(map(_swifttrace.start, [request]))

    @guarded(_leave)
    def end(self) -> None:
        """Stop tracing, if `begin` started it and the program has not stopped it."""
        _leave(None, self)
