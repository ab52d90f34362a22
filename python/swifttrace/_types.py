"""Types that only annotations need: an import of swifttrace is not to pay for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import FrameType
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class TextFile(Protocol):
    """What a strategy can write to: anything with `write` and `flush`."""

    def write(self, text: str, /) -> object:
        """Take one or more whole lines."""

    def flush(self) -> object:
        """Write out what is held back."""


Target: TypeAlias = TextFile | str | os.PathLike[str] | None
EngineTarget: TypeAlias = TextFile | bytes | int

Source: TypeAlias = Literal["auto", "settrace", "monitoring"]
"""Where events come from."""

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]
"""Gets a frame, an event's name and its value; returns what gets the frame's other events."""

ProfileFunction: TypeAlias = Callable[[FrameType, str, Any], object]
"""Gets a frame, an event's name and its value."""
