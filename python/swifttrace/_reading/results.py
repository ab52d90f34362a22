"""Results of views: statistics, stacks and differences. Swift computes them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, overload

from .._event_kinds import EVENT_KINDS

# The name of the row for time that was not recorded.
NOT_RECORDED = "(not recorded)"


class LineStats(NamedTuple):
    """Statistics of a line. Times are in nanoseconds.

    Args:
        line: The number of the line.
        hits: How often the line was reached.
        total: Time at the line, with the calls that it made.
        own: Time at the line, without the calls that it made.
    """

    line: int
    hits: int
    total: int
    own: int


class FunctionStats(NamedTuple):
    """Statistics of the calls of a function. Times are in nanoseconds.

    Args:
        name: `co_qualname`, or the name of a function written in C.
        file: `co_filename`; empty for a function written in C.
        first_line: `co_firstlineno`.
        calls: Calls that began. Resumed generators do not count again.
        total: Time in the function, with the calls that it made; only the outermost of nested calls
            counts.
        own: Time in the function, without the calls that it made.
        raised: Exceptions that were raised in the function.
        passed: Exceptions that were raised in a callee and left this function too.
        lines: The lines of the function, if they were requested and recorded.
        process: The number of the process if processes are counted separately, else None.
        thread: The number of the thread if threads are counted separately, else None.
        without_start: Calls, or parts of calls, whose start is not in the recording. Their time
            counts from their first event; they are not among `calls`.
        without_end: Calls whose end is not in the recording. Their time counts up to the last event
            of the thread.
    """

    name: str
    file: str
    first_line: int
    calls: int
    total: int
    own: int
    raised: int
    passed: int
    lines: tuple[LineStats, ...]
    process: int | None = None
    thread: int | None = None
    without_start: int = 0
    without_end: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether the times are lower bounds, because a part of a call is not in the recording."""
        return self.without_start > 0 or self.without_end > 0

    @property
    def mean(self) -> int:
        """Mean time of a call, in nanoseconds; a lower bound if `is_partial`."""
        return self.total // max(1, self.calls + self.without_start)


class Frame(NamedTuple):
    """A function on a stack.

    Args:
        name: `co_qualname`, or the name of a function written in C.
        file: `co_filename`.
        line: The current line; the first line of the function for `callers`, `callees` and `paths`.
        arguments: `name=value` for each argument of the call, if values were kept.
        repeats: The largest number of nested calls that this frame stands for: recursion is folded.
    """

    name: str
    file: str
    line: int
    arguments: tuple[str, ...] = ()
    repeats: int = 1


class StackCount(NamedTuple):
    """A distinct stack, and how often it occurred. Times are in nanoseconds.

    Args:
        frames: The functions, outermost first.
        count: The number of occurrences.
        total: Time in the innermost function, with the calls that it made; only the outermost of
            nested calls counts.
        own: Time in the innermost function, without the calls that it made.
        is_partial: Whether the times are lower bounds, because a part of a call is not in the
            recording.
    """

    frames: tuple[Frame, ...]
    count: int  # type: ignore[assignment]  # A tuple has a method of that name.
    total: int
    own: int
    is_partial: bool = False


class Side(NamedTuple):
    """One of two runs at the point at which they differ.

    Args:
        process: The number of the process.
        thread: The number of the thread.
        events: The number of earlier events of the thread.
        stack: The running functions, outermost first; at most the 200 innermost.
        event: The event, such as `f, line 7`; None if the thread had ended.
    """

    process: int
    thread: int
    events: int
    stack: tuple[Frame, ...]
    event: str | None


class Divergence(NamedTuple):
    """The first point at which a thread differs between two runs.

    Args:
        difference: `path` if the event, function or line differs; `value` if only a value differs.
        first: The first run.
        second: The second run.
    """

    difference: str
    first: Side
    second: Side


class Change(NamedTuple):
    """A function in two runs: its statistics in each; None if it was not called."""

    first: FunctionStats | None
    second: FunctionStats | None


class Difference(NamedTuple):
    """Differences between two runs.

    Args:
        same: The number of equal events.
        same_threads: The number of threads that are equal to the end.
        only_in_first: Threads that only the first run has, as pairs of process and number.
        only_in_second: Threads that only the second run has.
        divergences: The first point of each of the first 1,000 threads that differ.
        functions: All functions of both runs.
        differing: The number of threads that differ.
    """

    same: int
    same_threads: int
    only_in_first: tuple[tuple[int, int], ...]
    only_in_second: tuple[tuple[int, int], ...]
    divergences: tuple[Divergence, ...]
    functions: tuple[Change, ...]
    differing: int = 0


def functions_of(data: tuple[Any, ...], split: str | None) -> tuple[FunctionStats, ...]:
    """Return the statistics of each function over all groups, in descending order of own time."""
    known: dict[tuple[object, ...], FunctionStats] = {}
    sources, groups = data
    for process, thread, _duration, _events, missing, file, functions in groups:
        owner = (process if split else None, thread if split == "thread" else None)
        for name, source, *numbers, start, end, cells in functions:
            lines = tuple(LineStats(*line) for line in cells)
            row = FunctionStats._make(
                (name, sources[file][source], *numbers, lines, *owner, start, end)
            )
            key = (row.name, row.file, row.first_line, owner)
            known[key] = _sum(known[key], row) if key in known else row
        if missing:
            row = FunctionStats(NOT_RECORDED, "", 0, 0, missing, missing, 0, 0, (), *owner)
            key = (row.name, row.file, row.first_line, owner)
            known[key] = _sum(known[key], row) if key in known else row
    return tuple(sorted(known.values(), key=lambda row: (-row.own, row.file, row.first_line)))


def _sum(one: FunctionStats, other: FunctionStats) -> FunctionStats:
    lines = {line.line: line for line in one.lines}
    for line in other.lines:
        known = lines.get(line.line, LineStats(line.line, 0, 0, 0))
        lines[line.line] = LineStats(
            line.line, known.hits + line.hits, known.total + line.total, known.own + line.own
        )
    return one._replace(
        calls=one.calls + other.calls,
        total=one.total + other.total,
        own=one.own + other.own,
        raised=one.raised + other.raised,
        passed=one.passed + other.passed,
        lines=tuple(lines[number] for number in sorted(lines)),
        without_start=one.without_start + other.without_start,
        without_end=one.without_end + other.without_end,
    )


class Stacks(Sequence[StackCount]):
    """Stacks with counts, the most frequent first. The class works like a tuple.

    Each stack is built on access. Stacks share most frames, so that building all of them would take
    memory with the square of their number.

    Args:
        data: The engine's tree of stacks.
    """

    def __init__(self, data: tuple) -> None:  # type: ignore[type-arg]
        sources, functions, packed, self.beyond = data
        numbers = array("q", packed)
        frames: dict[Frame, int] = {}
        places = array(
            "q",
            (
                frames.setdefault(Frame(name, sources[file][source], line), len(frames))
                for file, name, source, line in functions
            ),
        )
        self._frames = tuple(frames)
        # Columns: caller, function, count, total, own time, repeats, and whether it is partial.
        self._columns = tuple(array("q") for _ in range(7))
        # Functions that look equal, such as those of two processes, are merged.
        known: dict[tuple[int, int], int] = {}
        merged = array("q")
        for first in range(0, len(numbers), 7):
            caller, function, *counts, repeats, is_partial = numbers[first : first + 7]
            key = (merged[caller] if caller >= 0 else -1, places[function])
            place = known.setdefault(key, len(known))
            if place == len(self._columns[0]):
                for column, number in zip(self._columns, (*key, 0, 0, 0, 0, 0), strict=True):
                    column.append(number)
            for column, number in zip(self._columns[2:5], counts, strict=True):
                column[place] += number
            self._columns[5][place] = max(self._columns[5][place], repeats)
            self._columns[6][place] |= is_partial
            merged.append(place)
        count, total = self._columns[2], self._columns[3]
        shown = (place for place in range(len(count)) if count[place] or total[place])
        self._order = array("q", sorted(shown, key=lambda place: -count[place]))

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> StackCount: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[StackCount, ...]: ...
    def __getitem__(self, index: int | slice) -> StackCount | tuple[StackCount, ...]:
        if isinstance(index, slice):
            return tuple(self._stack(place) for place in self._order[index])
        return self._stack(self._order[index])

    def __iter__(self) -> Iterator[StackCount]:
        return (self._stack(place) for place in self._order)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} stacks>" if len(self) > 100 else repr(tuple(self))

    def _stack(self, place: int) -> StackCount:
        callers, functions, counts, totals, owns, repeats, partial = self._columns
        frames: list[Frame] = []
        caller = place
        while caller >= 0:
            frame = self._frames[functions[caller]]
            frames.append(frame._replace(repeats=repeats[caller]) if repeats[caller] > 1 else frame)
            caller = callers[caller]
        return StackCount(
            tuple(reversed(frames)), counts[place], totals[place], owns[place], bool(partial[place])
        )


def difference_of(data: tuple) -> Difference:  # type: ignore[type-arg]
    """Return the result of a comparison."""
    (same, same_threads, only_first, only_second, divergences, differing), first, second = data
    one, two = functions_of(first, None), functions_of(second, None)
    keys: dict[tuple[str, str], list[FunctionStats | None]] = {}
    # One text for each file: many functions share a file, and its name may be long.
    names: dict[str, str] = {}
    for place, functions in enumerate((one, two)):
        for row in functions:
            # The folder and the line may have changed.
            if row.file not in names:
                names[row.file] = row.file.rpartition("/")[2]
            key = (row.name, names[row.file])
            pair = keys.setdefault(key, [None, None])
            known = pair[place]
            pair[place] = row if known is None else _sum(known, row)
    return Difference(
        same,
        same_threads,
        only_first,
        only_second,
        tuple(Divergence(kind, _side(a), _side(b)) for kind, a, b in divergences),
        tuple(Change(*pair) for pair in keys.values()),
        differing,
    )


# How an event of a kind reads. Other kinds have their name.
_SENTENCES = {
    "call": "call to {} at line {}",
    "resume": "{} goes on at line {}",
    "line": "{}, line {}",
    "return": "return from {} at line {}",
    "yield": "yield from {} at line {}",
    "await": "await in {} at line {}",
    "unwind": "exception leaves {} at line {}",
    "exception": "exception in {} at line {}",
    "opcode": "instruction of {} at line {}",
    "c_call": "{} calls, at line {}, a function written in C",
    "c_return": "{} has back, at line {}, from a function written in C",
    "c_exception": "{} has an exception, at line {}, from a function written in C",
}


def _side(side: tuple) -> Side:  # type: ignore[type-arg]
    process, thread, count, stack, event = side
    frames = tuple(
        Frame(name, file, line, _arguments(parameters, texts))
        for name, file, line, texts, parameters in stack
    )
    return Side(process, thread, count, frames, None if event is None else _sentence(event))


def _sentence(event: tuple) -> str:  # type: ignore[type-arg]
    number, name, _file, line, _depth, texts, parameters, c_function = event
    _, kind, _ = EVENT_KINDS[number]
    sentence = _SENTENCES.get(kind, f"{kind} in {{}} at line {{}}").format(name, line)
    if kind == "call" and texts:
        return f"{sentence} with {', '.join(_arguments(parameters, texts))}"
    if c_function:
        return f"{sentence}: {c_function}"
    return f"{sentence}: {': '.join(texts)}" if texts else sentence


def _arguments(parameters: Iterable[str], texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}={text}" for name, text in zip(parameters, texts, strict=False))
