"""The strategies, as Python names them. What they do is written in Swift."""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import ClassVar, Protocol, runtime_checkable


@runtime_checkable
class TextFile(Protocol):
    """What a strategy can write to: anything with `write` and `flush`."""

    def write(self, text: str, /) -> object:
        """Take one or more whole lines."""

    def flush(self) -> object:
        """Write out what is held back."""


Target = TextFile | str | os.PathLike[str] | None


@dataclasses.dataclass(frozen=True)
class Strategy:
    """What all strategies have.

    Args:
        file: Where the text goes: the path of a file to create, a file object, or None for
            standard error.
    """

    file: Target = None
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        """Refuse a target that nothing can be written to."""
        if self.file is None or isinstance(self.file, (str, os.PathLike)):
            return
        if not callable(getattr(self.file, "write", None)):
            raise TypeError(
                f"file must be a path, a file object or None, not {type(self.file).__name__}"
            )

    def _engine_kind(self) -> str:
        """Return the name by which the engine knows the strategy."""
        return self.kind


class CallLogger(Strategy):
    """Prints one line for each call: `Call to NAME at line N`."""

    kind = "calls"


class LineLogger(Strategy):
    """Prints one line for each line that runs: `Executing line N in FILE`."""

    kind = "lines"


class ReturnLogger(Strategy):
    """Prints one line for each return: `Returning from NAME with value VALUE`."""

    kind = "returns"


class EventLogger(Strategy):
    """Prints calls, lines and returns, one line each.

    `Calling function: NAME`, `Executing line N in NAME:FILE`, `NAME returned VALUE`.
    """

    kind = "events"


@dataclasses.dataclass(frozen=True)
class TreeLogger(Strategy):
    """Prints calls and returns as an indented tree, with arguments, values and durations.

    Args:
        file: As for every strategy.
        calls: Whether calls are shown.
        lines: Whether lines are shown.
        returns: Whether returns are shown.
    """

    calls: bool = True
    lines: bool = False
    returns: bool = True
    kind: ClassVar[str] = "tree"

    def _engine_kind(self) -> str:
        shown = ("calls" * self.calls, "lines" * self.lines, "returns" * self.returns)
        return " ".join((self.kind, *filter(None, shown)))


@dataclasses.dataclass(frozen=True)
class JSONLogger(Strategy):
    """Prints one JSON object for each event, for tools; docs/json-lines.md describes it.

    Args:
        file: As for every strategy.
        calls: Whether calls are printed.
        lines: Whether lines are printed.
        returns: Whether returns are printed.
        exceptions: Whether exceptions are printed.
        opcodes: Whether opcodes are printed, for frames that have `f_trace_opcodes` set.
        c_calls: Whether calls, returns and exceptions of functions written in C are printed.
    """

    calls: bool = True
    lines: bool = True
    returns: bool = True
    exceptions: bool = True
    opcodes: bool = True
    c_calls: bool = False
    kind: ClassVar[str] = "json"

    def _engine_kind(self) -> str:
        shown = [
            name * getattr(self, name)
            for name in ("calls", "lines", "returns", "exceptions", "opcodes")
        ]
        return " ".join((self.kind, *filter(None, (*shown, "builtins" * self.c_calls))))


EngineTarget = TextFile | str | int


def engine_strategies(strategies: tuple[Strategy, ...]) -> list[tuple[str, EngineTarget]]:
    """Return the strategies as the engine takes them.

    Raises:
        TypeError: One of them is no strategy.
        ValueError: One writes to a file that is closed.
    """
    for strategy in strategies:
        if not isinstance(strategy, Strategy):
            hint = f"; write {strategy.__name__}()" if strategy in Strategy.__subclasses__() else ""
            raise TypeError(f"not a strategy: {strategy!r}{hint}")
        if not hasattr(strategy, "kind"):
            raise TypeError(f"not a strategy that the engine knows: {strategy!r}")
    return [(strategy._engine_kind(), _engine_target(strategy.file)) for strategy in strategies]


def _engine_target(file: Target) -> EngineTarget:
    if isinstance(file, (str, os.PathLike)):
        return os.path.abspath(os.fspath(file))
    if file is None:
        if _is_process_stderr(sys.stderr):
            sys.stderr.flush()
            return 2
        file = sys.stderr
    if getattr(file, "closed", False):
        raise ValueError(f"the file to write to is closed: {file!r}")
    return file


def _is_process_stderr(stream: object) -> bool:
    """Return whether the stream is the process's own standard error, or there is none."""
    return stream is None or (stream is sys.__stderr__ and not getattr(stream, "closed", True))
