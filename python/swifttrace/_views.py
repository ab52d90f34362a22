"""What one learns from a recording. What goes through it is Swift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class LineStats(NamedTuple):
    """What is known of one line. Times are nanoseconds.

    Args:
        line: Its number.
        hits: How often it was come to.
        total: Time at it, with the calls that it made.
        own: Time at it, without them.
    """

    line: int
    hits: int
    total: int
    own: int


class FunctionStats(NamedTuple):
    """What is known of one function's calls. Times are nanoseconds.

    Args:
        name: `co_qualname`; of a function written in C what it is called.
        file: `co_filename`; empty of a function written in C.
        first_line: `co_firstlineno`.
        calls: Calls that began. That a generator goes on is none.
        total: Time in it, with the calls that it made; of calls within each other the outermost's.
        own: Time in it, without the calls that it made.
        raised: Exceptions that were raised in it.
        passed: Exceptions that came out of a call of its and left it too.
        lines: Its lines, where they were asked for and recorded.
        process: The process's number, where each was asked for; else None.
        thread: The thread's number, where each was asked for; else None.
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

    @property
    def mean(self) -> int:
        """Nanoseconds of a call in the mean."""
        return self.total // self.calls if self.calls else self.total


class Frame(NamedTuple):
    """A function on a stack.

    Args:
        name: `co_qualname`; of a function written in C what it is called.
        file: `co_filename`.
        line: Where it stands; of `callers`, `callees` and `paths` where it begins.
        arguments: `name=value` of its call, where values were kept.
    """

    name: str
    file: str
    line: int
    arguments: tuple[str, ...] = ()


class StackCount(NamedTuple):
    """A distinct stack, and how often something happened on it. Times are nanoseconds.

    Args:
        frames: The functions, the outermost first.
        count: How often.
        total: Time in the innermost function, with the calls that it made.
        own: Time in it, without them.
    """

    frames: tuple[Frame, ...]
    count: int  # type: ignore[assignment]  # A tuple has a method of that name.
    total: int
    own: int


class Side(NamedTuple):
    """What one of two runs did where they differ.

    Args:
        process: The process's number.
        thread: The thread's number.
        events: Events of the thread before.
        stack: What was running, the outermost first, up to the 200 innermost.
        event: What happened: `line 7 of f (script.py)`; None where the thread was over.
    """

    process: int
    thread: int
    events: int
    stack: tuple[Frame, ...]
    event: str | None


class Divergence(NamedTuple):
    """The first place at which a thread did something else in one run than in another.

    Args:
        difference: `path` for another event, function or line; `value` for another value there.
        first: What the first run did.
        second: What the second run did.
    """

    difference: str
    first: Side
    second: Side


class Change(NamedTuple):
    """A function in two runs: what `stats` says of it in each; None where it was not called."""

    first: FunctionStats | None
    second: FunctionStats | None


class Difference(NamedTuple):
    """What two runs have in common, and what not.

    Args:
        same: Events that were compared and are the same.
        same_threads: Threads that did the same to the end.
        only_in_first: Threads that only the first run has: process and number.
        only_in_second: Threads that only the second run has.
        divergences: Where the others first differ.
        functions: All functions of both.
    """

    same: int
    same_threads: int
    only_in_first: tuple[tuple[int, int], ...]
    only_in_second: tuple[tuple[int, int], ...]
    divergences: tuple[Divergence, ...]
    functions: tuple[Change, ...]


def functions_of(data: tuple, split: str | None) -> tuple[FunctionStats, ...]:  # type: ignore[type-arg]
    """Return the functions of all groups, those of one function together, the slowest first."""
    known: dict[tuple[object, ...], FunctionStats] = {}
    for process, thread, _duration, _events, functions in data:
        owner = (process if split else None, thread if split == "thread" else None)
        for function in functions:
            lines = tuple(LineStats(*line) for line in function[-1])
            row = FunctionStats._make((*function[:-1], lines, *owner))
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
    )


def stacks_of(data: tuple) -> tuple[StackCount, ...]:  # type: ignore[type-arg]
    """Return the stacks that were counted, the most frequent first."""
    nodes, _beyond = data
    stacks: list[tuple[Frame, ...]] = []
    known: dict[tuple[Frame, ...], StackCount] = {}
    for caller, name, file, line, count, total, own in nodes:
        frame = Frame(name, file, line)
        frames = (*stacks[caller], frame) if caller >= 0 else (frame,)
        stacks.append(frames)
        if count or total:
            before = known.get(frames, StackCount(frames, 0, 0, 0))
            known[frames] = StackCount(
                frames, before.count + count, before.total + total, before.own + own
            )
    return tuple(sorted(known.values(), key=lambda stack: -stack.count))


def difference_of(data: tuple) -> Difference:  # type: ignore[type-arg]
    """Return what a comparison has found."""
    (same, same_threads, only_first, only_second, divergences), first, second = data
    one, two = functions_of(first, None), functions_of(second, None)
    keys: dict[tuple[str, str], list[FunctionStats | None]] = {}
    for place, functions in enumerate((one, two)):
        for row in functions:
            # Where the file lies, and the line, may have changed.
            key = (row.name, row.file.rpartition("/")[2])
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
    )


_VERBS = (
    "",
    "call to {} at line {}",
    "{} goes on at line {}",
    "{}, line {}",
    "return from {} at line {}",
    "yield from {} at line {}",
    "await in {} at line {}",
    "exception leaves {} at line {}",
    "exception in {} at line {}",
    "instruction of {} at line {}",
    "{} calls, at line {}, a function written in C",
    "{} has back, at line {}, from a function written in C",
    "{} has an exception, at line {}, from a function written in C",
)
_CALL = 1


def _side(side: tuple) -> Side:  # type: ignore[type-arg]
    process, thread, count, stack, event = side
    frames = tuple(
        Frame(name, file, line, _arguments(parameters, texts))
        for name, file, line, texts, parameters in stack
    )
    return Side(process, thread, count, frames, None if event is None else _sentence(event))


def _sentence(event: tuple) -> str:  # type: ignore[type-arg]
    kind, name, _file, line, _depth, texts, parameters, builtin = event
    sentence = _VERBS[kind].format(name, line)
    if kind == _CALL and texts:
        return f"{sentence} with {', '.join(_arguments(parameters, texts))}"
    if builtin:
        return f"{sentence}: {builtin}"
    return f"{sentence}: {': '.join(texts)}" if texts else sentence


def _arguments(parameters: Iterable[str], texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}={text}" for name, text in zip(parameters, texts, strict=False))
