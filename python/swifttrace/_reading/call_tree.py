"""The merged tree of a recording's calls."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, overload


class CalledFunction(NamedTuple):
    """A function of a tree.

    Args:
        name: `co_qualname`, or the name of a function written in C.
        file: `co_filename`; empty for a function written in C.
        line: The first line; 0 for a function written in C.
    """

    name: str
    file: str
    line: int


class CallNode(NamedTuple):
    """The calls of a function on one stack. Times are in nanoseconds.

    Args:
        function: The function.
        depth: The number of nodes above it.
        calls: The number of calls.
        total: Time of the calls, with those that they made. In a reversed tree, the part of the
            outermost function's time that was spent on the stacks that lead here.
        own: Time of the calls, without those that they made. In a reversed tree, the part of the
            outermost function's own time.
        share: `total` as a part of the tree's time, from 0 to 1.
        repeats: The most nested calls of the function at this place: recursion is folded.
        is_partial: Whether the times are lower bounds, because a part of a call is not in the
            recording.
        cut: The number of nodes right below this one that were left out.
        cut_time: The total time of these.
    """

    function: CalledFunction
    depth: int
    calls: int
    total: int
    own: int
    share: float
    repeats: int = 1
    is_partial: bool = False
    cut: int = 0
    cut_time: int = 0


class CallTree(Sequence[CallNode]):
    """The nodes of a tree of calls, each followed by those below it, the slowest first.

    Args:
        data: The engine's tree.

    Attributes:
        total: Sum of the times of the outermost nodes, in nanoseconds: a share of 1.
        cut: The number of outermost nodes that were left out.
        cut_time: The total time of these.
        beyond: The number of calls on stacks beyond the limit of a tree.
    """

    def __init__(self, data: tuple[Any, ...]) -> None:
        functions, packed, self.total, self.cut, self.cut_time, self.beyond = data
        self._functions = tuple(CalledFunction(*function) for function in functions)
        self._numbers = array("q", packed)

    def __len__(self) -> int:
        return len(self._numbers) // 9

    @overload
    def __getitem__(self, index: int) -> CallNode: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[CallNode, ...]: ...
    def __getitem__(self, index: int | slice) -> CallNode | tuple[CallNode, ...]:
        places = range(len(self))[index]
        return self._node(places) if isinstance(places, int) else tuple(map(self._node, places))

    def __iter__(self) -> Iterator[CallNode]:
        return map(self._node, range(len(self)))

    def __repr__(self) -> str:
        return f"<tree of {len(self):,} nodes>"

    def _node(self, place: int) -> CallNode:
        numbers = self._numbers[place * 9 : place * 9 + 9]
        function, depth, calls, total, own, repeats, is_partial, cut, cut_time = numbers
        share = total / self.total if self.total else 0.0
        return CallNode(
            self._functions[function],
            depth,
            calls,
            total,
            own,
            share,
            max(1, repeats),
            bool(is_partial),
            cut,
            cut_time,
        )
