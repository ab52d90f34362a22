"""Types that only annotations use. `import swifttrace` does not import them."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import FrameType
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class TextFile(Protocol):
    """A file that a strategy can write to: anything with `write` and `flush`."""

    def write(self, text: str, /) -> object:
        """Write one or more whole lines."""

    def flush(self) -> object:
        """Write out buffered text."""


Target: TypeAlias = TextFile | str | os.PathLike[str] | None
EngineTarget: TypeAlias = TextFile | bytes | int

Source: TypeAlias = Literal["auto", "settrace", "monitoring"]
"""The source of events."""

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]
"""Takes a frame, the name of an event and its value; returns the function for further events."""

ProfileFunction: TypeAlias = Callable[[FrameType, str, Any], object]
"""Takes a frame, the name of an event and its value."""
