"""The strategies as Python objects. Swift implements them."""

from __future__ import annotations

import os
import sys

from .._paths import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from .._swifttrace import EngineStrategy, Logger
    from .._types import EngineTarget, Target
    from .filters import Filters


class Strategy:
    """Base of all strategies.

    Args:
        file: The output: the path of a file to create, a file object, or None for standard error.

    Raises:
        TypeError: `file` has no `write`.
    """

    kind: str

    def __init__(self, file: Target = None) -> None:
        is_path = file is None or isinstance(file, (str, os.PathLike))
        if not is_path and not callable(getattr(file, "write", None)):
            raise TypeError(
                f"file must be a path, a file object or None, not {type(file).__name__}"
            )
        self.file = file

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({settings})"

    def with_file(self, file: Target) -> Self:
        """Return a copy of the strategy with another output."""
        other = type(self).__new__(type(self))
        vars(other).update(vars(self), file=file)
        return other

    def engine_logger(self) -> Logger:
        """Return the strategy in the engine's form, without a file."""
        return {"kind": self.kind}

    def begun(self, filters: Filters) -> None:
        """Hook that is called before a session starts."""

    def ended(self) -> None:
        """Hook that is called after the session has ended."""

    def engine_arguments(self) -> EngineStrategy:
        """Return the strategy in the engine's form.

        Raises:
            ValueError: The file is closed.
        """
        return {**self.engine_logger(), "target": _engine_target(self.file)}


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


class TreeLogger(Strategy):
    """Prints calls and returns as an indented tree, with arguments, values and durations.

    Args:
        file: The output, as for every strategy.
        calls: Whether calls are shown.
        lines: Whether lines are shown.
        returns: Whether returns are shown.
    """

    kind = "tree"

    def __init__(
        self, file: Target = None, *, calls: bool = True, lines: bool = False, returns: bool = True
    ) -> None:
        super().__init__(file)
        self.calls = calls
        self.lines = lines
        self.returns = returns

    def engine_logger(self) -> Logger:
        """Return the strategy in the engine's form, without a file."""
        shown = {"call": self.calls, "line": self.lines, "return": self.returns}
        return {"kind": self.kind, "events": _chosen(shown), "color": False, "source": False}


class JSONLogger(Strategy):
    """Prints one JSON object for each event, for tools; docs/json-lines.md describes it.

    Args:
        file: The output, as for every strategy.
        calls: Whether calls are printed.
        lines: Whether lines are printed.
        returns: Whether returns are printed.
        exceptions: Whether exceptions are printed.
        opcodes: Whether opcodes are printed, for frames that have `f_trace_opcodes` set. Only
            `PyEval_SetTrace` reports them.
        c_calls: Whether C calls, with their returns and exceptions, are printed.
    """

    kind = "json"

    def __init__(
        self,
        file: Target = None,
        *,
        calls: bool = True,
        lines: bool = True,
        returns: bool = True,
        exceptions: bool = True,
        opcodes: bool = False,
        c_calls: bool = False,
    ) -> None:
        super().__init__(file)
        self.calls = calls
        self.lines = lines
        self.returns = returns
        self.exceptions = exceptions
        self.opcodes = opcodes
        self.c_calls = c_calls

    def engine_logger(self) -> Logger:
        """Return the strategy in the engine's form, without a file."""
        shown = {
            "call": self.calls,
            "line": self.lines,
            "return": self.returns,
            "exception": self.exceptions,
            "opcode": self.opcodes,
            "c_call": self.c_calls,
        }
        return {"kind": self.kind, "events": _chosen(shown)}


def _chosen(events: dict[str, bool]) -> list[str]:
    return [name for name, is_shown in events.items() if is_shown]


def engine_strategies(strategies: tuple[Strategy, ...]) -> list[EngineStrategy]:
    """Return the strategies in the engine's form.

    Raises:
        TypeError: One of them is not a strategy.
        ValueError: One writes to a closed file.
    """
    check_strategies(strategies)
    return [strategy.engine_arguments() for strategy in strategies]


def check_strategies(strategies: tuple[Strategy, ...]) -> None:
    """Check that the strategies can be used together.

    Raises:
        TypeError: One of them is not a strategy.
        ValueError: There are two recorders.
    """
    for strategy in strategies:
        _check_strategy(strategy)
    if sum(strategy.kind == "record" for strategy in strategies) > 1:
        raise ValueError("only one Recorder can be used at a time")


def _check_strategy(strategy: object) -> None:
    if isinstance(strategy, Strategy) and hasattr(strategy, "kind"):
        return
    is_class = isinstance(strategy, type) and issubclass(strategy, Strategy)
    hint = f"; write {getattr(strategy, '__name__', '')}()" if is_class else ""
    raise TypeError(f"not a strategy: {strategy!r}{hint}")


def engine_path(file: str | os.PathLike[str]) -> bytes:
    """Return the path of an output file in the engine's form.

    Raises:
        ValueError: The path has a NUL character.
    """
    path = absolute(os.fsencode(file))
    if b"\0" in path:
        raise ValueError(f"a path cannot have a NUL character: {file!r}")
    return path


def _engine_target(file: Target) -> EngineTarget:
    if isinstance(file, (str, os.PathLike)):
        return engine_path(file)
    if file is None:
        file = sys.stderr
        if file is None:
            return 2
        if file is sys.__stderr__ and not sys.stderr.closed:
            sys.stderr.flush()
            return 2
    if getattr(file, "closed", False):
        raise ValueError(f"the file to write to is closed: {file!r}")
    return file
